import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createDevelopmentIssuers } from '../../infra/local/oidc/development-issuers.ts';
import { parseIdentities } from '../../infra/local/oidc/identities.ts';

describe('identities.yaml', () => {
  it.each([
    ['an unknown member', '{version: 1, identities: [{name: a, issuer: ci, subject: s, colour: red}]}', 'colour'],
    [
      'a claim that the issuer sets',
      '{version: 1, identities: [{name: a, issuer: ci, subject: s, claims: {iss: x}}]}',
      'iss',
    ],
    [
      'a name given twice',
      '{version: 1, identities: [{name: a, issuer: ci, subject: s}, {name: a, issuer: ci, subject: t}]}',
      'a name of its own',
    ],
    ['a member given twice', 'version: 1\nversion: 1\nidentities: []', 'unique'],
    ['text that is not YAML', '{', 'there.yaml'],
  ])('is refused for %s, saying so', (_what, text, message) => {
    expect(() => parseIdentities(text, 'there.yaml')).toThrow(message);
  });

  it('is refused when it names an issuer that the configuration does not have', async () => {
    const identity = parseIdentities('{version: 1, identities: [{name: a, issuer: gone, subject: s}]}', 'x');
    const options = { publicUrl: 'http://127.0.0.1:1', issuers: [], identities: identity };
    const stateDir = mkdtempSync(join(tmpdir(), 'countersign-oidc-'));
    await expect(createDevelopmentIssuers({ ...options, stateDir })).rejects.toThrow('"gone"');
    rmSync(stateDir, { recursive: true });
  });
});
