import * as z from 'zod';

/** The key specs there are, with what each is for and the algorithms it has (AWS KMS Developer Guide, "Key spec reference"). */
export const specs = {
  ECC_NIST_P256: { usage: 'SIGN_VERIFY', algorithms: ['ECDSA_SHA_256'] },
  RSA_2048: {
    usage: 'SIGN_VERIFY',
    algorithms: [
      'RSASSA_PKCS1_V1_5_SHA_256',
      'RSASSA_PKCS1_V1_5_SHA_384',
      'RSASSA_PKCS1_V1_5_SHA_512',
      'RSASSA_PSS_SHA_256',
      'RSASSA_PSS_SHA_384',
      'RSASSA_PSS_SHA_512',
    ],
  },
  HMAC_256: { usage: 'GENERATE_VERIFY_MAC', algorithms: ['HMAC_SHA_256'] },
} as const;
export type KeySpec = keyof typeof specs;
export const keySpec = z.enum(['ECC_NIST_P256', 'RSA_2048', 'HMAC_256']);

const key = z.object({
  /** A UUID, or the id that a template gave it. */
  id: z.string().min(1),
  arn: z.string(),
  spec: keySpec,
  description: z.string(),
  /** Seconds since 1970. */
  created: z.number(),
  /** PKCS #8 in PEM, or base64 of the MAC key. */
  material: z.string(),
});
export type Key = z.infer<typeof key>;

export const keysFile = z.object({ keys: z.array(key), aliases: z.record(z.string(), z.string()) });
export type Keys = z.infer<typeof keysFile>;

const keyId = z.string().min(1).max(2_048);
/** KMS signs and MACs up to 4,096 bytes; more is hashed first and sent as a digest. */
const message = z.base64().transform((text, context) => {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length < 1 || bytes.length > 4_096)
    context.addIssue('a message has 1 to 4,096 bytes; hash larger ones and send the digest');
  return bytes;
});
const blob = z.base64().transform((text) => Buffer.from(text, 'base64'));

export const createKeyInput = z.strictObject({
  KeySpec: keySpec,
  KeyUsage: z.enum(['SIGN_VERIFY', 'GENERATE_VERIFY_MAC']),
  Description: z.string().max(8_192).default(''),
});
export const keyInput = z.strictObject({ KeyId: keyId });
export const signInput = z.strictObject({
  KeyId: keyId,
  Message: message,
  MessageType: z.enum(['RAW', 'DIGEST']).default('RAW'),
  SigningAlgorithm: z.string(),
});
export const verifyInput = signInput.extend({ Signature: blob });
export const macInput = z.strictObject({ KeyId: keyId, Message: message, MacAlgorithm: z.string() });
export const verifyMacInput = macInput.extend({ Mac: blob });
export const aliasName = z
  .string()
  .regex(/^alias\/(?!aws\/)[\w/-]{1,250}$/, 'alias/ and letters, digits, /_-; alias/aws/ is reserved');
export const createAliasInput = z.strictObject({ AliasName: aliasName, TargetKeyId: keyId });
