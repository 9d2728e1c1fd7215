import { nothing } from '../../contracts/mcp.ts';
import { reachable } from '../../gateway/reachable.ts';
import { toJson } from '../../platform/json-value.ts';
import { tool } from '../tool.ts';

export const listConnectionsTool = tool(
  {
    name: 'list_connections',
    description: 'List the connections you may reach, with kind and environment.',
    class: 'looks',
    because: 'Names what policy lets this agent know of.',
    annotations: {
      title: 'List connections',
      readOnlyHint: true,
      destructiveHint: false,
      idempotentHint: true,
      openWorldHint: false,
    },
    input: nothing,
  },
  (desk) => {
    const connections = reachable(desk.runtime, desk.agent);
    const lines = connections.map(({ name, kind, environment, description }) =>
      [`${name} (${kind}, ${environment})`, description].filter(Boolean).join(': '),
    );
    const words = lines.length === 0 ? 'You may reach no connection.' : lines.join('\n');
    return Promise.resolve({ kind: 'told', words, facts: { connections: toJson(connections) } });
  },
);
