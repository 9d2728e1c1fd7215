import { eachMatch } from './each-match.ts';
import type { Detector, Finding } from './finding.ts';
import { judgeTold, judgeVendor, type Judge } from './judge-named.ts';
import { VENDORS } from './telling-names.ts';

/**
 * What stands under a name that says secret: `DB_PASSWORD=…`, `"apiKey": "…"`, `<add key="token" value="…"/>`,
 * `Authorization: Bearer …`. A name is followed by what may separate it from its value, and then the value, once: no
 * part of a text belongs to two of them, so each character is read a bounded number of times.
 */
const TELLING =
  /p(?:ass|wd|w\b|arola)|s(?:ecret|e(?:ed|nha)|alasana|id\b)|token|k(?:ey|ennwort)|a(?:uth|nswer|dgangskode)|c(?:redential|ookie|ontrase|v[vc])|bearer|jwt|wachtwoord|losenord|h[ae]slo|mnemonic|recovery/gi;
/** Names in other letters: looked for only where there are any. */
const TELLING_ELSEWHERE = /lösenord|hasło|пароль|密[码碼]|パスワード|비밀번호/gi;

/** The rest of the name, quotes and brackets, then a sign of assignment: `=`, `:`, `:=`, `=>`, `>`, or an attribute's value. */
const BETWEEN =
  /[\w\u00c0-\u024f.-]{0,60}\\?["'`\]]{0,2}[ \t]{0,8}(?:,?[ \t\r\n]{0,24}\\?["']?(?:value|Value)\\?["']?[ \t]{0,4}[=:]|:{0,3}\??=>?|:|>)(?:[ \t]?[|>][-+]?(?=[ \t]{0,4}\r?\n))?[ \t\r\n]{0,16}/y;
const SCHEME = /(?:bearer|basic|token|apikey|digest)[ ]{1,4}/iy;
const VALUE = /(?:\\?"([^"\\\n]{1,4096})|\\?'([^'\\\n]{1,4096})|`([^`\n]{1,4096})|([^\s"'`<>,;&)}\]\\]{1,4096}))/y;

/** What stands in an element, up to its end. */
const CONTENT = /[^<>]{1,4096}(?=<|$)/y;

/** The shortest that looks random; `looksRandom` and UUIDs are of these characters alone. */
const SHORTEST_KEY = 14;

export const findAssignments: Detector = ({ text, traits }) => {
  const told = findAfter(TELLING, text, judgeTold);
  if (traits.escape) told.push(...findAfter(TELLING_ELSEWHERE, text, judgeTold));
  return traits.key < SHORTEST_KEY ? told : [...told, ...findAfter(VENDORS, text, judgeVendor)];
};

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

interface Span {
  readonly start: number;
  readonly end: number;
}

function valueAfter(text: string, from: number): Span | undefined {
  const between = stick(BETWEEN, text, from);
  if (between === undefined) return undefined;
  let at = from + between[0].length;
  at += stick(SCHEME, text, at)?.[0].length ?? 0;
  return /[^=-]>\s*$/.test(text.slice(Math.max(from - 1, at - 12), at)) ? contentAt(text, at) : valueAt(text, at);
}

function contentAt(text: string, at: number): Span | undefined {
  const content = stick(CONTENT, text, at);
  return content && { start: at, end: at + content[0].length };
}

function valueAt(text: string, at: number): Span | undefined {
  const value = stick(VALUE, text, at);
  if (value === undefined) return undefined;
  const quoted = value[1] ?? value[2] ?? value[3];
  const end = at + value[0].length;
  const start = end - (quoted ?? value[4] ?? '').length;
  const scheme = quoted === undefined ? 0 : (stick(SCHEME, text, start)?.[0].length ?? 0);
  return { start: Math.min(start + scheme, end), end };
}

/** `Password: required`: a word that a space goes before is a sentence's, but for a line of a file of settings. */
function isProse(text: string, { start, end }: Span): boolean {
  const value = text.slice(start, end);
  if (!/[\s]$/.test(text.slice(start - 1, start)) || !/^(?:[A-Z]?[a-z]+|[A-Z]+)[.,!?]?$/.test(value)) return false;
  const isLine = text.includes('\n') && /^\r?(?:\n|$)/.test(text.slice(end, end + 2));
  return !isLine || /^(?:required|optional|string|text|invalid|missing|incorrect|wrong|unchanged)$/i.test(value);
}

function stick(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}

/** The name that the telling word is part of, and what separates it: 40 characters before are enough for any. */
const nameAround = (text: string, at: number, valueAt: number): string =>
  `${/[\p{L}\p{N}_.-]{0,40}$/u.exec(text.slice(Math.max(0, at - 40), at))?.[0] ?? ''}${/^[\p{L}\p{N}_.-]*/u.exec(text.slice(at, valueAt))?.[0] ?? ''}`;
