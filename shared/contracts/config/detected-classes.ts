/** Classes that value detectors know. What each takes in stands in README.md. */
export const DETECTED_CLASSES = [
  'pci.card',
  'pii.email',
  'pii.iban',
  'pii.phone',
  'pii.national_id',
  'pii.ip',
  'secret.private_key',
  'secret.jwt',
  'secret.cloud_key',
  'secret.token',
  'secret.password',
  'secret.generic',
] as const;

export type DetectedClass = (typeof DETECTED_CLASSES)[number];

/** Off unless asked for: in logs and tables of requests the address is what an agent was sent to look at. */
export const OFF_BY_DEFAULT: ReadonlySet<DetectedClass> = new Set<DetectedClass>(['pii.ip']);
