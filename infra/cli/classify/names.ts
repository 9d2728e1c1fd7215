/** What a column's name says about its values, as words in lower case. The first that fits counts. */
const NAMES: readonly (readonly [RegExp, string])[] = [
  [/\be[\s-]?mail|\bmail\b/, 'pii.email'],
  [/\bphone|\bmobile|\bcell\b|\bfax\b|\btel\b|msisdn|whatsapp/, 'pii.phone'],
  [/\bcard (?:number|no|num)\b|\bcardnumber|\bpan\b|\bcc (?:number|no|num)\b|\bccnum/, 'pci.card'],
  [/\bcvv\b|\bcvc\b|\bcvv2\b/, 'pci.cvv'],
  [/\biban\b|\bbank account\b|\baccount number\b|\bsort code\b|\brouting number\b/, 'pii.iban'],
  [
    /\bssn\b|social security|national id|\btax id\b|\bpassport\b|\bpesel\b|\bbsn\b|\bnino\b|\bcpf\b|aadhaar|personnummer|driver.{0,3}licen/,
    'pii.national_id',
  ],
  [/password|passwd|\bpwd\b|passphrase/, 'secret.password'],
  [/\btoken\b|\bapi key\b|\bapikey\b|\bsecret\b|private key|access key|\bcredential/, 'secret.token'],
  [/\bbirth|\bdob\b|date of birth/, 'pii.birth_date'],
  [/\b(?:first|last|full|middle|given|family|sur|maiden) ?name\b|\bsurname\b/, 'pii.name'],
  [/\bstreet\b|\baddress\b|\bpost ?code\b|\bzip\b|\bpostal\b/, 'pii.address'],
  [/\bip\b|\bip addr|\bremote addr|\bclient ip\b/, 'pii.ip'],
  [/\bsalary\b|\bincome\b|\bwage\b/, 'pii.income'],
  [/\bgender\b|\bethnic|\breligion\b|\bdiagnos|\bdisability\b|\bblood type\b/, 'pii.sensitive'],
  [/\blatitude\b|\blongitude\b|\bgeo ?location\b/, 'pii.location'],
];

/** Names that begin like one of these and speak of something about the value, not of the value. */
const ABOUT = /\b(?:count|verified|confirmed|enabled|opt(?:ed)? (?:in|out)|type|status|sent|expires?|expiry|at|id)$/;

export function classByName(column: string): string | undefined {
  const words = column
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/[_.\-/]+/g, ' ')
    .toLowerCase();
  const found = NAMES.find(([pattern]) => pattern.test(words))?.[1];
  return found !== undefined && ABOUT.test(words) && !/\b(?:national|tax) id$/.test(words) ? undefined : found;
}
