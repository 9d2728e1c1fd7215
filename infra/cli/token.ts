import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { decodeJwt } from 'jose';
import * as z from 'zod';
import { OIDC_FOLDER } from '../local/oidc/addresses.ts';
import { requestToken } from '../local/oidc/request-token.ts';
import { runningStack, type StackAddress } from './running-stack.ts';
import { UsageError } from './usage-error.ts';

const listSchema = z.object({
  identities: z.array(z.object({ name: z.string(), issuer: z.string(), issuerUrl: z.url() })),
});
const optionsSchema = z.object({
  ttl: z.int().optional(),
  json: z.boolean().default(false),
  state: z.string().optional(),
});

/** Longest life that a development token can be asked for, and how long ago it may have ended: a day. */
const LONGEST_SECONDS = 86_400;

/** `countersign token NAME`: prints a token of a development identity of the running stack, and nothing else. */
export function tokenCommand(): Command {
  return new Command('token')
    .description('print an OIDC token of a development identity (local stack only)')
    .argument('<name>', 'an identity of local/identities.yaml, e.g. ci-agent')
    .option('--ttl <seconds>', 'how long it lives; below zero: it ended that long ago', toSeconds)
    .option('--json', 'print {token, issuer, subject, expiresAt} instead')
    .option('--state <dir>', 'state folder of the stack (default: $COUNTERSIGN_STATE or .countersign)')
    .action(async (name: string, given: unknown) => {
      const options = optionsSchema.parse(given);
      const token = await fetchToken(runningStack(options.state), name, options.ttl);
      process.stdout.write(`${options.json ? JSON.stringify(describe(token)) : token}\n`);
    });
}

function toSeconds(text: string): number {
  const seconds = Number(text);
  if (Number.isSafeInteger(seconds) && Math.abs(seconds) <= LONGEST_SECONDS) return seconds;
  throw new InvalidArgumentError(`Give whole seconds from -${LONGEST_SECONDS} to ${LONGEST_SECONDS}.`);
}

/** A token of a development identity of a running stack. @throws UsageError when there is no such identity. */
export async function fetchToken(stack: StackAddress, name: string, ttlSeconds?: number): Promise<string> {
  const identities = await knownIdentities(stack);
  const identity = identities.find((candidate) => candidate.name === name);
  if (!identity) {
    const names = identities.map((known) => known.name).join(', ') || 'none';
    throw new UsageError(`No development identity is called "${name}". Known: ${names}.`);
  }
  const secret = readFileSync(join(stack.state, OIDC_FOLDER, 'client-secret'), 'utf8').trim();
  const { issuerUrl } = identity;
  return requestToken({ issuerUrl, name, secret, ...(ttlSeconds === undefined ? {} : { ttlSeconds }) });
}

async function knownIdentities({ url }: StackAddress) {
  const response = await fetch(new URL('/oidc', url), { redirect: 'error', signal: AbortSignal.timeout(10_000) });
  const body: unknown = await response.json();
  return listSchema.parse(body).identities;
}

function describe(token: string) {
  const { iss, sub, exp } = decodeJwt(token);
  return { token, issuer: iss, subject: sub, expiresAt: new Date((exp ?? 0) * 1_000).toISOString() };
}
