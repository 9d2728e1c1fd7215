import { searchInput } from '../../contracts/mcp.ts';
import { searchObjects, type FoundObject } from '../../gateway/search-objects.ts';
import { refused } from '../refused.ts';
import { tool } from '../tool.ts';

export const searchObjectsTool = tool(
  {
    name: 'search_objects',
    description:
      'Find tables, views and columns, or Kubernetes kinds, of a connection that you may read; classified columns come masked.',
    class: 'looks',
    because: 'Names from the catalogue, as far as policy would let this agent read what they name.',
    annotations: {
      title: 'Search names',
      readOnlyHint: true,
      destructiveHint: false,
      idempotentHint: true,
      openWorldHint: false,
    },
    input: searchInput,
  },
  async (desk, input) => {
    const found = await searchObjects(desk.deps, desk.runtime, desk.agent, input);
    if (!found.ok) return refused(desk, { refusal: found.error });
    const { objects, more } = found.value;
    const rest = more ? ' There are more: use other words to narrow it.' : '';
    return {
      kind: 'told',
      words:
        objects.length === 0
          ? 'Nothing that you may read has these words in its name.'
          : `${String(objects.length)} found.${rest}`,
      facts: { count: objects.length, more },
      untrusted: objects.map(line),
    };
  },
);

/** The database's own types go without their schema, as everybody writes them. */
const plain = (type: string): string => type.replace(/^pg_catalog\./, '');

/** `public.customers (table): id int8, email text [pii.email]`: a line costs a third of the tokens of JSON. */
const line = ({ kind, name, columns }: FoundObject): string =>
  `${name} (${kind})${columns.length === 0 ? '' : ': '}${columns.map((column) => `${column.name} ${plain(column.type)}${column.class === undefined ? '' : ` [${column.class}]`}`).join(', ')}`;
