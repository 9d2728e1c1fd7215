import { checkInput } from '../../contracts/mcp.ts';
import { check as foresee } from '../../gateway/check.ts';
import { toJson } from '../../platform/json-value.ts';
import { claimedWith } from '../desk.ts';
import { objectOf } from '../objects.ts';
import { refused } from '../refused.ts';
import { tool } from '../tool.ts';

export const checkTool = tool(
  {
    name: 'check',
    description:
      'Say what execute would do with a statement (effects, decision, who would be asked, masked columns) and run nothing.',
    class: 'looks',
    because: 'Reads and judges the statement; no target runs it and no session is made.',
    annotations: {
      title: 'Foresee a statement',
      readOnlyHint: true,
      destructiveHint: false,
      idempotentHint: true,
      openWorldHint: false,
    },
    input: checkInput,
  },
  async (desk, { ticket, ...said }) => {
    const context = claimedWith(desk, ticket);
    const checked = await foresee(desk.deps, desk.runtime, desk.agent, { ...said, context });
    if (!checked.ok) return refused(desk, { refusal: checked.error });
    const { verdict, policies } = checked.value.decision;
    const why = policies.map(({ id, message }) => `${id}: ${message}`).join(' ');
    return {
      kind: 'told',
      words: `${WORDS[verdict]} ${why} Nothing has run.`.replaceAll('  ', ' '),
      facts: objectOf(toJson(checked.value)),
    };
  },
);

const WORDS = {
  allow: 'It would run at once.',
  approval: 'People would be asked first.',
  block: 'It would be blocked.',
} as const;
