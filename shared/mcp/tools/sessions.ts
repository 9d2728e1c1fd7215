import { cancelInput, getSessionInput } from '../../contracts/mcp.ts';
import { cancel } from '../../gateway/approval/cancel.ts';
import { readSession } from '../../gateway/read-sessions.ts';
import { refused } from '../refused.ts';
import { tool } from '../tool.ts';
import { wait } from '../waiting.ts';

export const getSessionTool = tool(
  {
    name: 'get_session',
    description: 'What became of a session of yours: its result, refusal, or who is still asked. Waits for it to end.',
    class: 'looks',
    because: 'Reads a session that this agent made.',
    annotations: {
      title: 'Look at a session',
      readOnlyHint: true,
      destructiveHint: false,
      idempotentHint: true,
      openWorldHint: false,
    },
    input: getSessionInput,
  },
  async (desk, { session: id, waitSeconds }) => {
    const read = await readSession(desk.deps, desk.runtime.bundle.gateway, desk.agent, id, 0);
    if (!read.ok) return refused(desk, { refusal: read.error });
    return wait(desk, read.value, waitSeconds, false);
  },
);

export const cancelTool = tool(
  {
    name: 'cancel',
    description: 'Take back a statement of yours that still waits for people.',
    class: 'withdraws',
    because: 'Ends the wait of a statement of this agent; nothing runs by it.',
    annotations: {
      title: 'Take a statement back',
      readOnlyHint: false,
      destructiveHint: false,
      idempotentHint: true,
      openWorldHint: false,
    },
    input: cancelInput,
  },
  async (desk, { session: id, comment }) => {
    const cancelled = await cancel(desk.deps, desk.agent, id, comment);
    if (!cancelled.ok) return refused(desk, { refusal: cancelled.error, session: id });
    return {
      kind: 'told',
      words: `Session ${id} is cancelled. Nothing has run.`,
      facts: { session: id, status: 'cancelled' },
    };
  },
);
