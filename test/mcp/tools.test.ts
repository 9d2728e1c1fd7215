import { encode } from 'gpt-tokenizer';
import { describe, expect, test } from 'vitest';
import { listedTools } from '../../shared/mcp/listed.ts';
import { TOOLS } from '../../shared/mcp/tools/index.ts';

/** What tools of other gateways let an agent do to its own request, and ours do not. */
const WORDS_OF_POWER =
  /approve|deny|vote|resume|stop|lease|revoke|grant|policy|policies_|token|secret|credential|key|group|break.?glass/i;

describe('the tools', () => {
  test('are few, and each says what it does to the gate and why', () => {
    expect(TOOLS.map(({ name }) => name)).toEqual([
      'execute',
      'check',
      'search_objects',
      'list_connections',
      'get_session',
      'cancel',
    ]);
    for (const tool of TOOLS) {
      expect(['looks', 'proposes', 'withdraws'], tool.name).toContain(tool.class);
      expect(tool.because.length, tool.name).toBeGreaterThan(30);
    }
  });

  test('have one way to propose a statement, and none that moves it through the gate', () => {
    expect(TOOLS.filter((tool) => tool.class === 'proposes').map(({ name }) => name)).toEqual(['execute']);
    for (const { name, inputSchema } of listedTools()) {
      expect(name).not.toMatch(WORDS_OF_POWER);
      expect(Object.keys(inputSchema.properties ?? {}).filter((member) => WORDS_OF_POWER.test(member))).toEqual([]);
    }
  });

  test.each(TOOLS.map((tool) => [tool.name, tool] as const))('hint honestly: %s', (_, tool) => {
    expect(tool.annotations.readOnlyHint).toBe(tool.class === 'looks');
    expect(tool.annotations.destructiveHint).toBe(tool.class === 'proposes');
    expect(tool.annotations.openWorldHint).toBe(tool.class === 'proposes');
  });

  test('take under 1,500 tokens together, schemas and hints included', () => {
    const tokens = encode(JSON.stringify(listedTools())).length;
    console.log(`tools/list: ${String(tokens)} tokens (o200k_base)`);
    expect(tokens).toBeLessThan(1_500);
  });
});
