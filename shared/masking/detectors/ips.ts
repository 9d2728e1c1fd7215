import { isIP } from 'node:net';
import type { Detector, Finding } from './finding.ts';

/** What could be an address, between signs that are none of its own. */
const FOUR = /(?<![0-9A-Za-z.])[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?![0-9A-Za-z]|\.[0-9])/g;
const SIX = /(?<![0-9A-Za-z:.])[0-9a-fA-F:]{3,39}(?![0-9A-Za-z:])/g;

/** Not on the public net (RFC 6890): these name no one. */
const PRIVATE =
  /^(?:0|10|127|169\.254|172\.(?:1[6-9]|2[0-9]|3[01])|192\.168|192\.0\.[02]|198\.51\.100|203\.0\.113|198\.1[89]|2(?:2[4-9]|[345][0-9])|100\.(?:6[4-9]|[789][0-9]|1[01][0-9]|12[0-7]))\.|^(?:::1?$|f[cd]|fe[89ab]|ff|2001:0?db8)/i;

export const findIps: Detector = ({ text }) => {
  const found: Finding[] = [];
  for (const pattern of [FOUR, SIX]) {
    for (const { 0: address, index } of text.matchAll(pattern)) {
      if (isIP(address) === 0 || PRIVATE.test(address)) continue;
      found.push({ start: index, end: index + address.length, class: 'pii.ip', rule: 'ip' });
    }
  }
  return found;
};
