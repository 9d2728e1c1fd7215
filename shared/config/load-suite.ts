import { formatPath } from '../contracts/config/fault.ts';
import type { ConfigFault } from '../contracts/config/fault.ts';
import type { GatewayConfig } from '../contracts/config/gateway.ts';
import { policySuiteSchema } from '../contracts/config/policy-suite.ts';
import type { PolicySuite } from '../contracts/config/policy-suite.ts';
import { err, ok } from '../platform/result.ts';
import type { Result } from '../platform/result.ts';
import { explainIssues } from './explain-issue.ts';
import { nearest } from './nearest.ts';
import { readSource } from './read-folder.ts';
import { parseYaml } from './yaml-source.ts';

export const SUITE_FILE = 'policies.test.yaml';

/** Reads `policies.test.yaml` of a configuration folder, checked against the configuration it tests. */
export async function loadSuite(dir: string, config: GatewayConfig): Promise<Result<PolicySuite, ConfigFault[]>> {
  const file = await readSource(dir, SUITE_FILE);
  if (!file.ok) return err([file.error]);
  const source = parseYaml(file.value);
  if (!source.ok) return source;
  const parsed = policySuiteSchema.safeParse(source.value.value);
  const findings = parsed.success ? strangers(parsed.data, config) : explainIssues(parsed.error, policySuiteSchema);
  if (parsed.success && findings.length === 0) return ok(parsed.data);
  return err(
    findings.map(({ path, at = 'value', message, remedy }) => ({
      file: SUITE_FILE,
      ...source.value.locate(path, at),
      path: formatPath(path),
      message,
      remedy,
    })),
  );
}

interface Stranger {
  readonly path: readonly (string | number)[];
  readonly at?: 'key' | 'value';
  readonly message: string;
  readonly remedy: string;
}

/** Names that the suite uses and nothing gives. */
function strangers(suite: PolicySuite, config: GatewayConfig): Stranger[] {
  const rules = config.issuers.flatMap((issuer) =>
    issuer.for === 'agents' ? issuer.rules.map((rule) => `${issuer.name}/${rule.name}`) : [],
  );
  const connections = config.connections.map(({ name }) => name);
  const agents = Object.keys(suite.agents);
  return [
    ...Object.entries(suite.agents).flatMap(([name, agent]) =>
      unknown(['agents', name, 'rule'], 'rule', `${agent.issuer}/${agent.rule}`, rules),
    ),
    ...Object.keys(suite.catalogue).flatMap((name) => unknown(['catalogue', name], 'connection', name, connections)),
    ...suite.tests.flatMap((test, at) => [
      ...unknown(['tests', at, 'agent'], 'agent', test.agent, agents),
      ...unknown(['tests', at, 'connection'], 'connection', test.connection, connections),
    ]),
  ];
}

function unknown(path: Stranger['path'], what: string, name: string, known: readonly string[]): Stranger[] {
  if (known.includes(name)) return [];
  const close = nearest(name, known);
  return [
    {
      path,
      message: `no ${what} is named "${name}"`,
      remedy:
        close === undefined ? `use one of: ${known.slice(0, 20).join(', ') || '(none)'}` : `did you mean "${close}"?`,
    },
  ];
}
