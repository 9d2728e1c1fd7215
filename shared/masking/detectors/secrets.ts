import { RE2JS } from 're2js';
import { sha256Hex } from '../../platform/canonical.ts';
import { entropyOf } from './entropy.ts';
import type { Detector, Finding } from './finding.ts';
import { indexOf } from './keywords.ts';
import { CLOUD_RULES } from './rules/clouds.ts';
import { COMMERCE_RULES } from './rules/commerce.ts';
import { CREDENTIAL_RULES } from './rules/credentials.ts';
import { FORGE_RULES } from './rules/forges.ts';
import { HOSTING_RULES } from './rules/hosting.ts';
import { MESSAGING_RULES } from './rules/messaging.ts';
import { MODEL_RULES } from './rules/models.ts';
import { PASSWORD_RULES } from './rules/passwords.ts';
import { PLATFORM_RULES } from './rules/platforms.ts';
import type { Rule } from './rules/rule.ts';
import { SERVICE_RULES } from './rules/services.ts';
import { TOOL_RULES } from './rules/tools.ts';
import type { Traits } from './traits.ts';

export const SECRET_RULES: readonly Rule[] = [
  ...CLOUD_RULES,
  ...FORGE_RULES,
  ...TOOL_RULES,
  ...MESSAGING_RULES,
  ...COMMERCE_RULES,
  ...PLATFORM_RULES,
  ...HOSTING_RULES,
  ...MODEL_RULES,
  ...SERVICE_RULES,
  ...CREDENTIAL_RULES,
  ...PASSWORD_RULES,
];

/** A find starts and ends where a word does. The sign before it is taken in by the match, and looked at again for the next. */
function compile({ pattern, lead = 'A-Za-z0-9', tail = 'A-Za-z0-9' }: Rule): RE2JS {
  const before = lead === '' ? '' : `(?:^|[^${lead}])`;
  const after = tail === '' ? '' : `(?:$|[^${tail}])`;
  return RE2JS.compile(`${before}(${pattern})${after}`);
}

/** Compiled when its keyword is first met: most are never met, and a cold start pays for none. */
const compiled = new Map<Rule, RE2JS>();
function engineOf(rule: Rule): RE2JS {
  const known = compiled.get(rule);
  if (known !== undefined) return known;
  const made = compile(rule);
  compiled.set(rule, made);
  return made;
}

/** What every rule has in its text: a word of 13 characters at least, or one of a few signs and words, beside signs that go with them. */
const SHORTEST_WORD = 13;
const BESIDE_COLON = /:\/\/|key/i;
const BESIDE_HYPHEN = / -|key/i;

const isWorthALook = (text: string, { word, colon, hyphen }: Traits): boolean =>
  word >= SHORTEST_WORD ||
  text.includes('assw') ||
  text.includes('ASSW') ||
  (colon && BESIDE_COLON.test(text)) ||
  (hyphen && BESIDE_HYPHEN.test(text)) ||
  (text.includes("'") && /identified/i.test(text));

const KEYWORDS = indexOf(SECRET_RULES);

export const findSecrets: Detector = ({ text, traits }) => {
  if (!isWorthALook(text, traits)) return NONE;
  const rules = KEYWORDS.rulesFor(text);
  if (rules.size === 0) return NONE;
  return [...rules].flatMap((rule) => ((rule.word ?? 0) > traits.word ? NONE : findOf(rule, text)));
};

const NONE: readonly Finding[] = [];

function findOf(rule: Rule, text: string): readonly Finding[] {
  const engine = engineOf(rule);
  if (!engine.test(text)) return [];
  const found: Finding[] = [];
  const matcher = engine.matcher(text);
  for (let from = 0; from < text.length && matcher.find(from);) {
    const group = matcher.groupCount() > 1 && matcher.start(2) >= 0 ? 2 : 1;
    const [start, end] = [matcher.start(group), matcher.end(group)];
    if (isOne(rule, text.slice(start, end))) found.push({ start, end, class: rule.class, rule: rule.id });
    from = Math.max(matcher.end(1), from + 1);
  }
  return found;
}

/** What people write where a secret is to come: `AKIAXXXXXXXXXXXXXXXX`. */
const FILLER = /x{8}/i;

function isOne({ entropy, published }: Rule, value: string): boolean {
  if (entropy === undefined ? FILLER.test(value) : entropyOf(value) < entropy) return false;
  return !published?.includes(sha256Hex(value).slice(0, 16));
}
