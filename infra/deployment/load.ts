import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { explainIssues } from '../../shared/config/explain-issue.ts';
import { readSource } from '../../shared/config/read-folder.ts';
import { parseYaml } from '../../shared/config/yaml-source.ts';
import { formatPath, type ConfigFault } from '../../shared/contracts/config/fault.ts';
import { err, ok, type Result } from '../../shared/platform/result.ts';
import { DEFAULT_DEPLOYMENT, deploymentSchema, type Deployment } from './settings.ts';

const FILE = 'deployment.yaml';

/** `deployment.yaml` of a folder, or its defaults where there is none. Every fault with its line. */
export async function loadDeployment(folder: string): Promise<Result<Deployment, ConfigFault[]>> {
  if (!existsSync(join(folder, FILE))) return ok(DEFAULT_DEPLOYMENT);
  const file = await readSource(folder, FILE);
  if (!file.ok) return err([file.error]);
  const source = parseYaml(file.value);
  if (!source.ok) return source;
  const parsed = deploymentSchema.safeParse(source.value.value);
  if (parsed.success) return ok(parsed.data);
  return err(
    explainIssues(parsed.error, deploymentSchema).map(({ path, at, message, remedy }) => ({
      file: FILE,
      ...source.value.locate(path, at),
      path: formatPath(path),
      message,
      remedy,
    })),
  );
}
