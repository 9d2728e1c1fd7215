import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';
import { SLACK_METHODS, SLACK_SCOPES } from '../../shared/slack/scopes.ts';
import { PROJECT, sourcesIn } from '../docs/documents.ts';

const manifest = z
  .object({
    oauth_config: z.object({ scopes: z.object({ bot: z.array(z.string()), user: z.undefined().optional() }) }),
    settings: z.object({ interactivity: z.object({ is_enabled: z.literal(true), request_url: z.string() }) }).loose(),
  })
  .parse(parse(readFileSync(join(PROJECT, 'docs', 'slack-app.yaml'), 'utf8')));

describe('docs/slack-app.yaml', () => {
  it('asks for the scopes that the methods in use want, and for no other', () => {
    expect(manifest.oauth_config.scopes.bot).toEqual([...SLACK_SCOPES]);
  });

  it('the methods in use are those that the code calls', () => {
    const called = sourcesIn('shared/slack').flatMap(({ text }) =>
      [...text.matchAll(/\bclient\.((?:chat|views|conversations|users|auth|reactions)\.\w+)/g)].map(
        ([, method = '']) => method,
      ),
    );
    expect([...new Set(called)].sort()).toEqual(Object.keys(SLACK_METHODS).sort());
  });

  it('sends clicks to the route that takes them', () => {
    expect(manifest.settings.interactivity.request_url).toBe('https://GATEWAY/slack/interactions');
  });
});
