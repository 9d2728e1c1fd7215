import { join } from 'node:path';
import type { Bundle, PolicyFile } from '../contracts/config/bundle.ts';
import { formatPath } from '../contracts/config/fault.ts';
import type { ConfigFault } from '../contracts/config/fault.ts';
import { gatewaySchema } from '../contracts/config/gateway.ts';
import type { GatewayConfig } from '../contracts/config/gateway.ts';
import { err, ok } from '../platform/result.ts';
import type { Result } from '../platform/result.ts';
import { checkReferences } from './check-references.ts';
import { explainIssues } from './explain-issue.ts';
import { listPolicies, readSource } from './read-folder.ts';
import type { SourceFile } from './read-folder.ts';
import { parseYaml } from './yaml-source.ts';

/**
 * Reads a configuration folder: `gateway.yaml` and `policies/*.cedar`. Every fault found is told, with file and line.
 * The policies are judged by `createPolicyEngine`; here they are only text.
 */
export async function loadBundle(dir: string): Promise<Result<Bundle, ConfigFault[]>> {
  const [gateway, policies] = await Promise.all([loadGateway(dir), loadPolicies(dir)]);
  if (!gateway.ok || !policies.ok)
    return err([...(gateway.ok ? [] : gateway.error), ...(policies.ok ? [] : policies.error)]);
  return ok({ gateway: gateway.value, policies: policies.value });
}

async function loadGateway(dir: string): Promise<Result<GatewayConfig, ConfigFault[]>> {
  const file = await readSource(dir, 'gateway.yaml');
  return file.ok ? readGateway(file.value) : err([file.error]);
}

/** `gateway.yaml` as text → validated configuration, or every fault with its line. */
export function readGateway(file: SourceFile): Result<GatewayConfig, ConfigFault[]> {
  const substitutions = refuseSubstitution(file);
  if (substitutions.length > 0) return err(substitutions);
  const source = parseYaml(file);
  if (!source.ok) return source;
  const parsed = gatewaySchema.safeParse(source.value.value);
  const findings = parsed.success
    ? checkReferences(parsed.data).map((fault) => ({ ...fault, at: 'value' as const }))
    : explainIssues(parsed.error, gatewaySchema);
  const faults = findings.map(({ path, at, message, remedy }): ConfigFault => ({
    file: file.name,
    ...source.value.locate(path, at),
    path: formatPath(path),
    message,
    remedy,
  }));
  return parsed.success && faults.length === 0 ? ok(parsed.data) : err(faults);
}

async function loadPolicies(dir: string): Promise<Result<PolicyFile[], ConfigFault[]>> {
  const names = await listPolicies(dir);
  if (!names.ok) return names;
  const files = await Promise.all(names.value.map((name) => readSource(dir, join('policies', name))));
  const faults = files.flatMap((file) => (file.ok ? refuseSubstitution(file.value) : [file.error]));
  if (faults.length > 0) return err(faults);
  return ok(files.flatMap((file, at) => (file.ok ? [{ name: names.value[at] ?? '', text: file.value.text }] : [])));
}

/** Nothing is ever filled in from the surroundings: what is reviewed is what runs, and secrets are references. */
function refuseSubstitution(file: SourceFile): ConfigFault[] {
  return file.text.split('\n').flatMap((text, at) => {
    const column = text.indexOf('${');
    return column < 0
      ? []
      : [
          {
            file: file.name,
            line: at + 1,
            column: column + 1,
            path: '',
            message: '"${" stands here, but nothing is ever substituted',
            remedy: 'write the value, or for a secret its ARN',
          },
        ];
  });
}
