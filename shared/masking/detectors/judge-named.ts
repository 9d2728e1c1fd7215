import type { DetectedClass } from '../../contracts/config/detected-classes.ts';
import { isMadeOfWords, looksRandom } from './looks-random.ts';
import { saidBy, type Said } from './telling-names.ts';

export type Judge = (name: string, value: string) => { class: DetectedClass; rule: string } | undefined;

/** Judges a whole value by the name that stands over it, e.g. a member of a JSON object or a column. */
export const judgeTold: Judge = (name, value) => {
  const says = saidBy(name);
  if (says.cardCode && isCardCode(value)) return { class: 'pci.card', rule: 'card-code-named' };
  if (!(says.password || says.secret || says.vendor) || isReference(value)) return undefined;
  if (says.password && isPassword(value)) return { class: 'secret.password', rule: 'password-named' };
  return says.secret && looksRandom(value) ? RANDOM : byVendorOrId(says, value);
};

export const judgeVendor: Judge = (name, value) => {
  const says = saidBy(name);
  return says.vendor && !isReference(value) ? byVendorOrId(says, value) : undefined;
};

const RANDOM: ReturnType<Judge> = { class: 'secret.generic', rule: 'random-named' };

function byVendorOrId({ vendor, certain }: Said, value: string): ReturnType<Judge> {
  const isId = isUuid(value);
  if (vendor && (isId || looksRandom(value))) return { class: 'secret.token', rule: 'vendor-named' };
  return certain && (isId || isWeakSecret(value)) ? RANDOM : undefined;
}

/** Of a name that stands over secrets alone: letters with a digit that are no words. */
const isWeakSecret = (value: string): boolean =>
  value.length >= 8 && !/\s/.test(value) && /[0-9]/.test(value) && /[A-Za-z]/.test(value) && !isMadeOfWords(value);

const isUuid = (value: string): boolean => /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value);

/** Of a card; as a number it may have lost its zeros. */
const isCardCode = (value: string): boolean => /^[0-9]{1,4}$/.test(value);
export const judgeNumber: Judge = (name, value) => (saidBy(name).cardCode ? judgeTold(name, value) : undefined);

const isPassword = (value: string): boolean => value.length >= 4 && !isPlain(value);

/** Counts, switches, moments and addresses: nobody's password, whatever stands over them. */
const isPlain = (value: string): boolean =>
  /^(?:[0-9]{1,3}|true|false|yes|no)$|^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:|^[a-z][a-z0-9+]{1,9}:\/\//i.test(value);

/** Points to a value and is none: variables, calls, templates, placeholders, stars; and our own placeholders, in base64 too. */
const isReference = (value: string): boolean =>
  VARIABLE.test(value) || POINTS.test(value) || FILLER.test(value) || STANDS_IN.test(value);

/** Of one case: `$Tr0ngPass` is a password. */
const VARIABLE = /^\$(?:[A-Z][A-Z0-9_]*|[a-z_][a-z0-9_]*|[0-9]+)$/;
const POINTS =
  /^(?:\$[{(]|%\(|%[A-Za-z_]+%$|\{\{|<|\[masked:|W21hc2tlZD|[a-z]\w*(?:\.\w+)*\($|\[?redacted|\(?(?:null|none|nil|undefined|unset|empty|todo|tbd|n\/a|hidden|masked|removed)\)?$|os\.|process\.|env[.[]|var\.|vars\.|local\.|secrets\.|config\.|(?:vault|op|ssm|awssm|gcpsm|akv|secret|secretsmanager|ref|env|file|arn|projects)[:/]|\/(?:run|var|etc|mnt|secrets)\/)/i;
const FILLER = /^(.)\1*$|^[xX._#*-]{3,}$/;
/** Words that people write where a secret is to come: in any case, alone or joined. */
const STANDS_IN =
  /(?:your|example|placeholder|insert|redacted|my)[_-]?(?:key|token|secret|api|pass|here)|^(?:please[_-]?)?(?:change|replace|fill|set)[_-]?(?:me|it|this|in)[^A-Za-z0-9]*$|_here\b|xxxx|####|\*\*\*\*/i;
