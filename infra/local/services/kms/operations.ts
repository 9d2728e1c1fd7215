import { createHmac, timingSafeEqual } from 'node:crypto';
import * as z from 'zod';
import type { Clock } from '../../../../shared/platform/clock.ts';
import type { JsonObject } from '../../../../shared/platform/json-value.ts';
import type { Result } from '../../../../shared/platform/result.ts';
import { ok } from '../../../../shared/platform/result.ts';
import { account } from '../service.ts';
import type { Fault, Operations } from '../wire/aws-json.ts';
import { fault } from '../wire/aws-json.ts';
import type { Key } from './model.ts';
import {
  createAliasInput,
  createKeyInput,
  keyInput,
  macInput,
  signInput,
  specs,
  verifyInput,
  verifyMacInput,
} from './model.ts';
import { checkSignature, makeSignature, publicKeyOf } from './signing.ts';
import type { KeyStore } from './store.ts';

type Answer = Result<JsonObject, Fault>;

/** What there is. Not here, and refused by name: encryption, data keys, grants, key policies, rotation, deletion. */
export function operations(store: KeyStore, clock: Clock): Operations {
  const withKey =
    <T extends { KeyId: string }>(shape: z.ZodType<T>, work: (key: Key, asked: T) => Answer) =>
    (input: JsonObject): Answer =>
      checked(shape, input, (asked) => onKey(store, asked.KeyId, (key) => work(key, asked)));
  return {
    CreateKey: (input) => checked(createKeyInput, input, (asked) => createKey(store, asked, clock())),
    CreateAlias: (input) => checked(createAliasInput, input, (asked) => createAlias(store, asked)),
    ListAliases: () =>
      ok({
        Aliases: store.aliases().map((one) => ({ AliasName: one.name, AliasArn: one.arn, TargetKeyId: one.keyId })),
        Truncated: false,
      }),
    DescribeKey: withKey(keyInput, (key) => ok({ KeyMetadata: metadata(key) })),
    GetPublicKey: withKey(keyInput, getPublicKey),
    Sign: withKey(signInput, signMessage),
    Verify: withKey(verifyInput, verifyMessage),
    GenerateMac: withKey(macInput, (key, asked) =>
      onAlgorithm(key, 'GENERATE_VERIFY_MAC', asked.MacAlgorithm, () =>
        ok({ ...mac(key, asked.MacAlgorithm), Mac: macOf(key, asked.Message).toString('base64') }),
      ),
    ),
    VerifyMac: withKey(verifyMacInput, verifyMac),
  };
}

function checked<T>(shape: z.ZodType<T>, input: JsonObject, work: (asked: T) => Answer): Answer {
  const parsed = shape.safeParse(input);
  return parsed.success ? work(parsed.data) : fault('ValidationException', z.prettifyError(parsed.error));
}

function onKey(store: KeyStore, keyId: string, work: (key: Key) => Answer): Answer {
  const key = store.find(keyId);
  return key === undefined ? fault('NotFoundException', `Key '${keyId}' does not exist`) : work(key);
}

function onAlgorithm(key: Key, usage: string, algorithm: string, work: () => Answer): Answer {
  const spec = specs[key.spec];
  if (spec.usage !== usage)
    return fault('InvalidKeyUsageException', `${key.arn} key usage is ${spec.usage} which is not valid here.`);
  const known: readonly string[] = spec.algorithms;
  if (known.includes(algorithm)) return work();
  return fault(
    'InvalidKeyUsageException',
    `Algorithm ${algorithm} is incompatible with key spec ${key.spec}; it has ${known.join(', ')}`,
  );
}

function createKey(store: KeyStore, asked: z.output<typeof createKeyInput>, now: Date): Answer {
  const { usage } = specs[asked.KeySpec];
  if (usage !== asked.KeyUsage)
    return fault(
      'ValidationException',
      `KeyUsage ${asked.KeyUsage} is not compatible with KeySpec ${asked.KeySpec}; use ${usage}`,
    );
  return ok({ KeyMetadata: metadata(store.create(asked.KeySpec, asked.Description, now.getTime() / 1000)) });
}

function createAlias(store: KeyStore, asked: z.output<typeof createAliasInput>): Answer {
  return onKey(store, asked.TargetKeyId, (key) =>
    store.createAlias(asked.AliasName, key)
      ? ok({})
      : fault('AlreadyExistsException', `An alias with the name ${asked.AliasName} already exists`),
  );
}

function getPublicKey(key: Key): Answer {
  const { usage, algorithms } = specs[key.spec];
  if (usage !== 'SIGN_VERIFY') return fault('UnsupportedOperationException', `${key.arn} has no public key`);
  const facts = { KeyId: key.arn, KeySpec: key.spec, KeyUsage: usage, SigningAlgorithms: [...algorithms] };
  return ok({ ...facts, PublicKey: publicKeyOf(key).toString('base64') });
}

function signMessage(key: Key, asked: z.output<typeof signInput>): Answer {
  const { Message: message, MessageType: messageType, SigningAlgorithm: algorithm } = asked;
  return onAlgorithm(key, 'SIGN_VERIFY', algorithm, () => {
    const signature = makeSignature({ key, algorithm, message, messageType });
    if (!signature.ok) return fault('ValidationException', signature.error);
    return ok({ KeyId: key.arn, SigningAlgorithm: algorithm, Signature: signature.value.toString('base64') });
  });
}

function verifyMessage(key: Key, asked: z.output<typeof verifyInput>): Answer {
  const { Message: message, MessageType: messageType, SigningAlgorithm: algorithm, Signature } = asked;
  return onAlgorithm(key, 'SIGN_VERIFY', algorithm, () => {
    const valid = checkSignature({ key, algorithm, message, messageType }, Signature);
    if (!valid.ok) return fault('ValidationException', valid.error);
    // KMS never answers SignatureValid: false; an invalid signature is an error, so that nobody can overlook it.
    return valid.value
      ? ok({ KeyId: key.arn, SigningAlgorithm: algorithm, SignatureValid: true })
      : fault('KMSInvalidSignatureException', 'The signature is not valid for this message, key and algorithm');
  });
}

function verifyMac(key: Key, asked: z.output<typeof verifyMacInput>): Answer {
  return onAlgorithm(key, 'GENERATE_VERIFY_MAC', asked.MacAlgorithm, () => {
    const expected = macOf(key, asked.Message);
    const valid = expected.length === asked.Mac.length && timingSafeEqual(expected, asked.Mac);
    return valid
      ? ok({ ...mac(key, asked.MacAlgorithm), MacValid: true })
      : fault('KMSInvalidMacException', 'The MAC is not valid for this message and key');
  });
}

const macOf = (key: Key, message: Buffer): Buffer =>
  createHmac('sha256', Buffer.from(key.material, 'base64')).update(message).digest();

const mac = (key: Key, algorithm: string): JsonObject => ({ KeyId: key.arn, MacAlgorithm: algorithm });

function metadata(key: Key): JsonObject {
  const { usage, algorithms } = specs[key.spec];
  return {
    AWSAccountId: account,
    KeyId: key.id,
    Arn: key.arn,
    CreationDate: key.created,
    Enabled: true,
    Description: key.description,
    KeyUsage: usage,
    KeyState: 'Enabled',
    Origin: 'AWS_KMS',
    KeyManager: 'CUSTOMER',
    KeySpec: key.spec,
    CustomerMasterKeySpec: key.spec,
    MultiRegion: false,
    [usage === 'SIGN_VERIFY' ? 'SigningAlgorithms' : 'MacAlgorithms']: [...algorithms],
  };
}
