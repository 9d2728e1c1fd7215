/**
 * Words that say what a number beside them is: in the name of the column or member, or in the text around. They are
 * needed where digits alone tell nothing; an agent that renames a column can only take a hint away, never add a hole
 * to what is found without one.
 */
const WORDS = {
  card: /card|credit|debit|\bpan\b|\bcc[_\s-]?(?:n|\b)|ccnum|visa|master|amex|maestro|diners|discover|payment/,
  phone:
    /phone|\btel\b|tel[:.]|telef|t[eé]l[eé]ph|mobil|\bcell|handy|\bfax|\bcall|dial|hotline|whatsapp|\bsms\b|msisdn|\bdesk\b|\boffice\b|ring me|messages? (?:to|on)|answering|reach (?:me|us|him|her|them)|\bcontact[_\s-]?n/,
  ssn: /\bssn\b|ssn[_\s-]|[_-]ssn|social.{0,3}sec|\bitin\b|tax.{0,3}id|taxpayer|\btin\b/,
  steuer: /steuer|tax.{0,3}id|\btin\b|\bidnr|identifikationsnummer/,
  pesel: /pesel/,
  bsn: /\bbsn\b|bsn[_\s-]|[_-]bsn|burgerservice|sofi/,
  aadhaar: /aadha?ar|uidai|\buid\b/,
  cpf: /\bcpf\b|cpf[_\s-]|[_-]cpf|contribuinte/,
  nino: /\bnino\b|\bni[_\s-]?(?:number|no\b)|national.{0,3}insurance/,
  personal:
    /person|national.{0,3}(?:id|no|num)|identity|\bnin\b|\bcpr\b|\bsin\b|\btfn\b|social.{0,3}ins|kimlik|\bnif\b|\bdni\b/,
  ip: /\bip\b|ip[_\s-]?addr|client|remote|host/,
} as const satisfies Record<string, RegExp>;

export type Topic = keyof typeof WORDS;

/** Characters before and after that count as beside. */
const BEFORE = 48;
const AFTER = 16;

/** Does what stands beside `start`–`end` speak of the topic? Looks at a bounded piece of text. */
export function speaksOf(topic: Topic, near: string, text: string, start: number, end: number): boolean {
  const words = WORDS[topic];
  return (
    words.test(near) ||
    words.test(text.slice(Math.max(0, start - BEFORE), start).toLowerCase()) ||
    words.test(text.slice(end, end + AFTER).toLowerCase())
  );
}

/** A name as words: `homePhone`, `HOME_PHONE` and `home-phone` all become `home phone`, with the name itself before it. */
export function wordsOf(name: string): string {
  const spaced = name
    .slice(0, 200)
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/[_.\-/:]+/g, ' ')
    .toLowerCase();
  return ` ${name.slice(0, 200).toLowerCase()} ${spaced} `;
}
