import { relative } from 'node:path';
import type { RunningStack } from './stack.ts';

/** The demo's identities and database. Another configuration gets its own first agent and connection in the same lines. */
const DEMO = { agent: 'ci-agent', connection: 'orders' };

/** What is where, and the story to try, with a working token. */
export async function banner(stack: RunningStack, seconds: number): Promise<string> {
  const rows = [
    ['Gateway', stack.url],
    ['Gateway over TLS', `${stack.secureUrl} (CA ${shown(stack.caFile)})`],
    ['Local Slack', `${stack.url}/slack`],
    ...stack.configuration.bundle.gateway.issuers.map((issuer) => [
      `Issuer ${issuer.name}`,
      played(stack, issuer.name) ?? issuer.url,
    ]),
    ...stack.services.all.map((service) => [service.name, service.url]),
    ...stack.databases.map((database) => [
      `Database ${database.connection}`,
      `PostgreSQL on ${database.host}:${database.port}${note(database.seed)}`,
    ]),
    ...stack.clusters.map((cluster) => [
      `Cluster ${cluster.connection}`,
      `embedded Kubernetes API on ${cluster.url.replace('https://', '')}${note(cluster.seed)}`,
    ]),
    ['State', `${shown(stack.state)} (logs in ${shown(stack.state)}/log)`],
    ['Configuration', shown(stack.configuration.folder)],
  ];
  const table = rows.map(([name = '', place = '']) => `  ${name.padEnd(20)} ${place}`).join('\n');
  const onlyOnAws = [...stack.plan.notEmulated.keys()].map((type) => type.replace('AWS::', '')).join(', ');
  return `\nCountersign is ready after ${seconds.toFixed(1)} s.\n\n${table}\n\n  Not emulated: ${onlyOnAws}\n\n${await story(stack)}\n`;
}

function played(stack: RunningStack, issuer: string): string | undefined {
  return stack.configuration.identities.some((identity) => identity.issuer === issuer)
    ? `${stack.url}/oidc/${issuer}`
    : undefined;
}

function note(seed: 'seeded' | 'kept' | 'outdated'): string {
  return seed === 'outdated' ? ' (its seed has changed since: npm start -- --fresh)' : '';
}

const shown = (path: string): string => relative(process.cwd(), path) || '.';

/** Four lines to paste. They use variables of the shell only between each other, so each can be read by itself. */
async function story(stack: RunningStack): Promise<string> {
  const { identities, bundle } = stack.configuration;
  const agents = new Set(bundle.gateway.issuers.filter((issuer) => issuer.for === 'agents').map(({ name }) => name));
  const agent =
    identities.find(({ name }) => name === DEMO.agent) ?? identities.find(({ issuer }) => agents.has(issuer));
  if (agent === undefined)
    return '  No development identity is configured (local/identities.yaml), so bring a token of your own.';
  const token = await stack.tokenFor(agent.name);
  const connection =
    bundle.gateway.connections.find(({ name }) => name === DEMO.connection) ?? bundle.gateway.connections[0];
  const call = (statement: string, more = ''): string =>
    `curl -s ${stack.url}/v1/execute -H 'Authorization: Bearer ${token}' -H 'Content-Type: application/json' -d '${JSON.stringify({ connection: connection?.name ?? '', statement }).slice(0, -1)}${more}}'`;
  const poll = `curl -s '${stack.url}/v1/sessions/SESSION?wait=20' -H 'Authorization: Bearer ${token}'`;
  const lines = shown(stack.configuration.folder) === 'config' ? demoLines(stack, call) : ownLines(stack, call);
  const title = `The story, as ${agent.name} (a fresh token: npx countersign token ${agent.name}):`;
  const last = '# 4. The session of it: put the id of answer 3 in place of SESSION; waits up to 20 s for the end.';
  return [title, '', ...lines, '', last, poll].join('\n');
}

type Call = (statement: string, more?: string) => string;

function demoLines(stack: RunningStack, call: Call): readonly string[] {
  return [
    '# 1. A read: answered, with e-mail and card number masked.',
    call(
      'SELECT c.name, c.email, p.card_number FROM customers c JOIN orders o ON o.customer_id = c.id JOIN payments p ON p.order_id = o.id ORDER BY p.id LIMIT 3',
    ),
    '',
    '# 2. A DROP: blocked, and the database never sees it.',
    call('DROP TABLE customers'),
    '',
    `# 3. A DELETE: 202, it waits for a person. Press Approve at ${stack.url}/slack`,
    call('DELETE FROM payments WHERE id = 42', ',"reason":"Duplicate charge, ticket PAY-7"'),
  ];
}

/** What can be said of any schema: the policies of this folder decide what comes of it. */
function ownLines(stack: RunningStack, call: Call): readonly string[] {
  return [
    '# 1. A read that needs no table.',
    call('SELECT 1 AS one'),
    '',
    '# 2. The tables there are, as far as policy lets this agent read the catalogue.',
    call(
      "SELECT table_schema, table_name FROM information_schema.tables WHERE table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2",
    ),
    '',
    `# 3. Put a change of your own in place of this one; where policy asks a person, answer at ${stack.url}/slack`,
    call('UPDATE your_table SET your_column = your_column WHERE id = 1', ',"reason":"A first try"'),
  ];
}
