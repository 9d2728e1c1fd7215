import { eachMatch } from './each-match.ts';
import { entropyOf } from './entropy.ts';
import type { DetectedClass } from '../../contracts/config/detected-classes.ts';
import type { Detector, Finding } from './finding.ts';
import { PASSWORD_NAME, SECRET_NAME, VENDOR_NAME } from './telling-names.ts';

/**
 * What stands under a name that says secret: `DB_PASSWORD=…`, `"apiKey": "…"`, `<add key="token" value="…"/>`,
 * `Authorization: Bearer …`. A name is followed by what may separate it from its value, and then the value, once: no
 * part of a text belongs to two of them, so each character is read a bounded number of times.
 */
const TELLING = /passw|pwd|passphrase|secret|token|key|auth|credential|bearer|cookie|jwt|sid\b/gi;
const VENDORS = new RegExp(VENDOR_NAME.source, 'gi');

/** The rest of the name, quotes and brackets, then a sign of assignment: `=`, `:`, `:=`, `=>`, `>`, or an attribute's value. */
const BETWEEN =
  /[\w.-]{0,60}\\?["'`\]]{0,2}[ \t]{0,8}(?:,?[ \t]{0,4}\\?["']?(?:value|Value)\\?["']?[ \t]{0,4}[=:]|:{0,3}\??=>?|:|>)[ \t\r\n]{0,8}/y;
const SCHEME = /(?:bearer|basic|token|apikey|digest)[ ]{1,4}/iy;
const VALUE = /(?:\\?"([^"\\\n]{1,4096})|\\?'([^'\\\n]{1,4096})|`([^`\n]{1,4096})|([^\s"'`<>,;&)}\]\\]{1,4096}))/y;

/** The shortest that looks random; `looksRandom` and UUIDs are of these characters alone. */
const SHORTEST_KEY = 14;

export const findAssignments: Detector = ({ text, traits }) => {
  const told = findAfter(TELLING, text, judgeTold);
  return traits.key < SHORTEST_KEY ? told : [...told, ...findAfter(VENDORS, text, judgeVendor)];
};

type Judge = (name: string, value: string) => { class: DetectedClass; rule: string } | undefined;

function findAfter(names: RegExp, text: string, judge: Judge): Finding[] {
  const found: Finding[] = [];
  let told = 0;
  eachMatch(names, text, (name) => {
    if (name.index < told) return;
    const value = valueAfter(text, name.index + name[0].length);
    if (value === undefined) return;
    told = value.start;
    const verdict = judge(nameAround(text, name.index, value.start), text.slice(value.start, value.end));
    if (verdict === undefined || isProse(text, value)) return;
    found.push({ start: value.start, end: value.end, ...verdict });
    told = value.end;
  });
  return found;
}

function valueAfter(text: string, from: number): { start: number; end: number } | undefined {
  const between = stick(BETWEEN, text, from);
  if (between === undefined) return undefined;
  let at = from + between[0].length;
  at += stick(SCHEME, text, at)?.[0].length ?? 0;
  const value = stick(VALUE, text, at);
  if (value === undefined) return undefined;
  const quoted = value[1] ?? value[2] ?? value[3];
  const start = at + value[0].length - (quoted ?? value[4] ?? '').length;
  const scheme = quoted === undefined ? 0 : (stick(SCHEME, text, start)?.[0].length ?? 0);
  return { start: Math.min(start + scheme, at + value[0].length), end: at + value[0].length };
}

/** `Password: required`, and what follows `</password>`: a word that a space goes before is a sentence's. */
const isProse = (text: string, { start, end }: { start: number; end: number }): boolean =>
  /[\s]$/.test(text.slice(start - 1, start)) && /^[A-Za-z]+[.,!?]?$/.test(text.slice(start, end));

function stick(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}

/** The name that the telling word is part of, and what separates it: 40 characters before are enough for any. */
const nameAround = (text: string, at: number, valueAt: number): string =>
  `${/[\w.-]{0,40}$/.exec(text.slice(Math.max(0, at - 40), at))?.[0] ?? ''}${/^[\w.-]*/.exec(text.slice(at, valueAt))?.[0] ?? ''}`;

/** Judges a whole value by the name that stands over it, e.g. a member of a JSON object or a column. */
export const judgeTold: Judge = (name, value) => {
  const says = saidBy(name);
  if (!(says.password || says.secret || says.vendor) || isReference(value)) return undefined;
  if (says.password && value.length >= 4 && !/^(?:[0-9]{1,3}|true|false|yes|no)$/i.test(value))
    return { class: 'secret.password', rule: 'password-named' };
  if (says.secret && looksRandom(value)) return { class: 'secret.generic', rule: 'random-named' };
  return says.vendor ? judgeVendor(name, value) : undefined;
};

/** What a name says of its value. */
interface Said {
  readonly password: boolean;
  readonly secret: boolean;
  readonly vendor: boolean;
}

/** Names that were read lately: the same few stand over all values of an answer. */
const MAX_READ = 1_000;
const read = new Map<string, Said>();

function saidBy(name: string): Said {
  const known = read.get(name);
  if (known !== undefined) return known;
  if (read.size >= MAX_READ) read.clear();
  const says = { password: PASSWORD_NAME.test(name), secret: SECRET_NAME.test(name), vendor: VENDOR_NAME.test(name) };
  read.set(name, says);
  return says;
}

const judgeVendor: Judge = (_name, value) =>
  !isReference(value) && (looksRandom(value) || isUuid(value))
    ? { class: 'secret.token', rule: 'vendor-named' }
    : undefined;

const isUuid = (value: string): boolean => /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value);

/** Points to a value and is none: variables, templates, placeholders, stars; and our own placeholders. */
const isReference = (value: string): boolean =>
  /^(?:\$[{(A-Za-z_]|\$[0-9]+$|%\(|%[A-Za-z_]+%$|\{\{|<|\[masked:|\*+$|[xX._#*-]{3,}$|null$|none$|undefined$|os\.|process\.|env[.[]|var\.|vars\.|local\.|secrets\.|config\.)/.test(
    value,
  ) ||
  /^(.)\1*$/.test(value) ||
  /(?:your|example|placeholder|changeme|insert|redacted|my)[_-]?(?:key|token|secret|api|pass|here)|_here\b|xxxx|####|\*\*\*\*/i.test(
    value,
  );

/**
 * 16 characters at least of an alphabet of keys, with a digit among letters, and more surprise than words have: 3.4 bits
 * a character for long ones, and close to all different for short ones.
 */
function looksRandom(value: string): boolean {
  if (value.length < 10 || !/^[\w.=+/:~|$!@#%^&*-]+$/.test(value) || isUuid(value)) return false;
  if (!/[0-9]/.test(value) || !/[A-Za-z]/.test(value) || /^[\w-]+\.(?:[a-z]{1,5}|example\.com)$/.test(value))
    return false;
  if (/^(?:https?|arn|urn|s3|file):|^\/|^[0-9]{4}-[0-9]{2}-[0-9]{2}/.test(value)) return false;
  const bits = entropyOf(value);
  return value.length < 20 ? bits >= 3.2 && value.length >= 14 : bits >= 3.3;
}
