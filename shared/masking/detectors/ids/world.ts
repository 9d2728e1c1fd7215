import { luhn, verhoeff } from '../checksums.ts';
import { chinese, cpf, isDated, singapore, ssn } from './checks.ts';
import type { IdRule } from './id-rule.ts';

/** Numbers of other states. */
export const WORLD: readonly IdRule[] = [
  {
    id: 'us-ssn',
    shape: /(?<![0-9A-Za-z.-])[0-9]{3}([- ])[0-9]{2}\1[0-9]{4}(?![0-9A-Za-z]|-[0-9])/g,
    check: ssn,
    finds: ['460-89-9847', '912 50 1234'],
    leaves: ['000-12-3456', '666-12-3456', '460-89-98471', '2270-66-1551'],
  },
  {
    id: 'us-ssn-bare',
    shape: /(?<![0-9A-Za-z.-])[0-9]{9}(?![0-9A-Za-z])/g,
    check: ssn,
    topic: 'ssn',
    finds: ['460899847'],
    leaves: ['000123456'],
  },
  {
    id: 'in-aadhaar',
    shape: /(?<![0-9A-Za-z])[2-9][0-9]{3}([- ])[0-9]{4}\1[0-9]{4}(?![0-9A-Za-z]|[- ][0-9])/g,
    check: verhoeff,
    finds: ['2341 2341 2346'],
    leaves: ['2341 2341 2347', '1341 2341 2346'],
  },
  {
    id: 'in-aadhaar-bare',
    shape: /(?<![0-9A-Za-z.-])[2-9][0-9]{11}(?![0-9A-Za-z])/g,
    check: verhoeff,
    topic: 'aadhaar',
    finds: ['234123412346'],
    leaves: ['234123412347'],
  },
  {
    id: 'in-pan',
    shape: /(?<![0-9A-Za-z])[A-Z]{3}[ABCFGHJLPT][A-Z][0-9]{4}[A-Z](?![0-9A-Za-z])/g,
    finds: ['ABCPE1234F'],
    leaves: ['ABCXE1234F', 'ABCPE12345'],
  },
  {
    id: 'br-cpf',
    shape: /(?<![0-9A-Za-z])[0-9]{3}\.[0-9]{3}\.[0-9]{3}-[0-9]{2}(?![0-9A-Za-z])/g,
    check: cpf,
    finds: ['529.982.247-25'],
    leaves: ['529.982.247-26', '111.111.111-11'],
  },
  {
    id: 'br-cpf-bare',
    shape: /(?<![0-9A-Za-z.-])[0-9]{9}-?[0-9]{2}(?![0-9A-Za-z])/g,
    check: cpf,
    topic: 'cpf',
    finds: ['52998224725'],
    leaves: ['52998224726'],
  },
  {
    id: 'cn-resident-id',
    shape: /(?<![0-9A-Za-z])[1-9][0-9]{5}(?:18|19|20)[0-9]{9}[0-9Xx](?![0-9A-Za-z])/g,
    check: chinese,
    finds: ['11010519491231002X'],
    leaves: ['110105194912310021'],
  },
  {
    id: 'mx-curp',
    shape: /(?<![0-9A-Za-z])[A-Z]{4}[0-9]{6}[HMX][A-Z]{5}[0-9A-Z][0-9](?![0-9A-Za-z])/g,
    finds: ['HEGG560427MVZRRL04'],
    leaves: ['HEGG560427QVZRRL04'],
  },
  {
    id: 'sg-nric',
    shape: /(?<![0-9A-Za-z])[STFG][0-9]{7}[A-Z](?![0-9A-Za-z])/g,
    check: singapore,
    finds: ['S1234567D'],
    leaves: ['S1234567A'],
  },
  {
    id: 'kr-rrn',
    shape: /(?<![0-9A-Za-z])[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])-[1-8][0-9]{6}(?![0-9A-Za-z])/g,
    finds: ['820701-2409184'],
    leaves: ['821301-2409184'],
  },
  {
    id: 'za-id',
    shape: /(?<![0-9A-Za-z.-])[0-9]{6} ?[0-9]{4} ?[01][89][0-9](?![0-9A-Za-z])/g,
    check: (bare) => isDated(bare, 2, 4) && luhn(bare),
    finds: ['8001015009087'],
    leaves: ['8001015009088', '8013015009087'],
  },
  {
    id: 'ca-sin',
    shape: /(?<![0-9A-Za-z.-])[1-9][0-9]{2}[- ]?[0-9]{3}[- ]?[0-9]{3}(?![0-9A-Za-z])/g,
    check: luhn,
    topic: 'personal',
    finds: ['130 692 544'],
    leaves: ['130 692 545'],
  },
];
