const UNITS = [
  ['y', 31_536_000],
  ['d', 86_400],
  ['h', 3_600],
  ['m', 60],
  ['s', 1],
] as const;

/** `42s`, `5m12s`, `3h`, `12d`: as kubectl's AGE is written (apimachinery, pkg/util/duration), at most two units. */
export function age(since: string, now: Date): string {
  const seconds = Math.floor((now.getTime() - Date.parse(since)) / 1000);
  if (Number.isNaN(seconds)) return '<unknown>';
  if (seconds < 120) return `${Math.max(seconds, 0)}s`;
  const index = UNITS.findIndex(([, length]) => seconds >= length);
  const [unit, length] = UNITS[index] ?? ['s', 1];
  const [lower, lowerLength] = UNITS[index + 1] ?? ['', 1];
  const whole = Math.floor(seconds / length);
  const rest = Math.floor((seconds % length) / lowerLength);
  return whole >= 10 || rest === 0 ? `${whole}${unit}` : `${whole}${unit}${rest}${lower}`;
}
