/**
 * Characters of an IBAN by country, as registered (ISO 13616, SWIFT's registry) and as banks of other countries print them
 * by the same rule. Two letters that are no country begin identifiers of other kinds: creditor references, hashes.
 */
const BY_LENGTH: Readonly<Record<number, string>> = {
  15: 'NO',
  16: 'BE',
  18: 'DK FI FK FO GL NL SD',
  19: 'MK SI',
  20: 'AT BA EE KZ LT LU MN XK',
  21: 'CH CR HR LI LV',
  22: 'BG BH DE GB GE IE ME RS',
  23: 'AE GI IL IQ OM SO TL',
  24: 'AD CZ DJ ES MD PK RO SA SE SK TN VG',
  25: 'AO CV GW LY MZ PT ST',
  26: 'DZ IR IS TR',
  27: 'BI CF CG CM FR GA GR IT KM MC MR SM TD GQ',
  28: 'AL AZ BF BJ BY CI CY DO GT HN HU LB MA ML NE NI PL SN SV TG',
  29: 'BR EG MG PS QA UA YE',
  30: 'JO KW MU',
  31: 'MT SC',
  32: 'LC',
  33: 'RU',
};

export const IBAN_LENGTHS: ReadonlyMap<string, number> = new Map(
  Object.entries(BY_LENGTH).flatMap(([length, countries]) =>
    countries.split(' ').map((country): [string, number] => [country, Number(length)]),
  ),
);
