/** Below 2048 bits a modulus can be factored (NIST SP 800-131A); above 8192 verifying is a way to keep us busy. */
const BITS = { min: 2_048, max: 8_192 } as const;

/**
 * Whether an RSA public key (base64url members of a JWK, RFC 7518 section 6.3.1) is one that signatures can rest on:
 * size, an exponent as FIPS 186-5 section A.1.1 has it (odd, above 2^16), and not the product of a broken generator.
 */
export function isSoundRsa(n: string, e: string): boolean {
  const modulus = toInteger(n);
  const exponent = toInteger(e);
  const bits = modulus.toString(2).length;
  if (bits < BITS.min || bits > BITS.max || modulus % 2n === 0n) return false;
  if (exponent <= 65_536n || exponent >= 2n ** 256n || exponent % 2n === 0n) return false;
  return !hasRocaFingerprint(modulus);
}

function toInteger(base64url: string): bigint {
  const hex = Buffer.from(base64url, 'base64url').toString('hex');
  return hex === '' ? 0n : BigInt(`0x${hex}`);
}

const SMALL_PRIMES = [
  3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107, 109, 113,
  127, 131, 137, 139, 149, 151, 157, 163, 167,
];

/** For each small prime, the residues that are powers of 65537: all that a broken generator's modulus can leave. */
const RESIDUES = SMALL_PRIMES.map((prime) => {
  const powers = new Set<number>();
  for (let power = 1; !powers.has(power); power = (power * 65_537) % prime) powers.add(power);
  return { prime: BigInt(prime), powers };
});

/**
 * Infineon's RSALib (CVE-2017-15361, "ROCA") made primes of the form k*M + 65537^a mod M, so the modulus is a power of
 * 65537 modulo every small prime. A sound modulus is so by chance about once in 2^27.
 */
function hasRocaFingerprint(modulus: bigint): boolean {
  return RESIDUES.every(({ prime, powers }) => powers.has(Number(modulus % prime)));
}
