import type { DetectedClass } from '../../../../../shared/contracts/config/detected-classes.ts';
import { pick, type Random } from '../../../guard/names.ts';
import { filled, withIbanCheck, withLuhn } from './templates.ts';

/** What a value is, its class, and how it is made. */
export type OfPeople = readonly [what: string, kind: DetectedClass, make: (random: Random) => string];

const card = (begins: string, length: number) => (random: Random) =>
  withLuhn(filled(`${begins}{${String(length - 1 - begins.length)}:d}`, random));
const fours = (digits: string, sign: string): string => (digits.match(/.{1,4}/g) ?? []).join(sign);
const iban = (country: string, account: string) => (random: Random) => withIbanCheck(country, filled(account, random));

export const OF_PEOPLE: readonly OfPeople[] = [
  ['Visa', 'pci.card', card('4', 16)],
  ['Visa in fours', 'pci.card', (random) => fours(card('4', 16)(random), ' ')],
  ['Visa with hyphens', 'pci.card', (random) => fours(card('4', 16)(random), '-')],
  ['Mastercard', 'pci.card', card('53', 16)],
  ['Mastercard, new range', 'pci.card', card('2345', 16)],
  ['American Express', 'pci.card', card('37', 15)],
  ['Discover', 'pci.card', card('6011', 16)],
  ['JCB', 'pci.card', card('3530', 16)],
  ['Diners', 'pci.card', card('36', 14)],
  ['UnionPay', 'pci.card', card('62', 19)],
  ['German account', 'pii.iban', iban('DE', '{18:d}')],
  ['British account', 'pii.iban', iban('GB', 'WEST{14:d}')],
  ['French account', 'pii.iban', iban('FR', '{10:d}{11:up}{2:d}')],
  ['Spanish account in fours', 'pii.iban', (random) => fours(iban('ES', '{20:d}')(random), ' ')],
  ['Dutch account', 'pii.iban', iban('NL', 'ABNA{10:d}')],
  ['Polish account', 'pii.iban', iban('PL', '{24:d}')],
  ['Swiss account in fours', 'pii.iban', (random) => fours(iban('CH', '{5:d}{10:d}{2:up}')(random), ' ')],
  ['Norwegian account', 'pii.iban', iban('NO', '{11:d}')],
  ['Brazilian account', 'pii.iban', iban('BR', '{23:d}C1')],
  ['address', 'pii.email', (random) => filled('{3-9:az}.{3-9:az}@{4-9:az}.example', random)],
  ['address with a tag', 'pii.email', (random) => filled('{3-9:az}+{4:an}@mail.{4-9:az}.co.uk', random)],
  [
    'telephone of Europe',
    'pii.phone',
    (random) => filled(pick(random, ['+49 30 {7:d}', '+44 20 7{3:d} {4:d}', '+33 6 {2:d} {2:d} {2:d} {2:d}']), random),
  ],
  ['telephone, unbroken', 'pii.phone', (random) => filled('+4917{9:d}', random)],
  [
    'telephone of North America',
    'pii.phone',
    (random) => filled(pick(random, ['(415) 5{2:d}-{4:d}', '415-5{2:d}-{4:d}', '+1 212 5{2:d} {4:d}']), random),
  ],
  ['social security number', 'pii.national_id', (random) => filled('4{2:d}-4{1:d}-3{3:d}', random)],
];
