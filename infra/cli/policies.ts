import { Command } from 'commander';
import { loadBundle } from '../../shared/config/load-bundle.ts';
import { loadSuite } from '../../shared/config/load-suite.ts';
import { VOCABULARIES } from '../../shared/connectors/vocabularies.ts';
import type { Bundle } from '../../shared/contracts/config/bundle.ts';
import { formatFault } from '../../shared/contracts/config/fault.ts';
import type { ConfigFault } from '../../shared/contracts/config/fault.ts';
import { INFERENCE_WAYS } from '../../shared/domain/inference.ts';
import type { SourceColumn } from '../../shared/domain/lineage.ts';
import { createClassifier } from '../../shared/masking/classify.ts';
import type { Result } from '../../shared/platform/result.ts';
import { err, ok } from '../../shared/platform/result.ts';
import { createPolicyEngine } from '../../shared/policy/create-engine.ts';
import type { LoadedEngine } from '../../shared/policy/create-engine.ts';
import { reportLines } from '../../shared/policy/suite/report.ts';
import { runSuite } from '../../shared/policy/suite/run.ts';
import type { SuiteReport } from '../../shared/policy/suite/run.ts';
import { createSuiteAnalyser } from './suite-analyser.ts';

/** `countersign policies test|validate|words`: what continuous integration runs before a policy is deployed. */
export function policiesCommand(): Command {
  const command = new Command('policies').description('check the policies of a configuration folder');
  command
    .command('test')
    .description('run policies.test.yaml; exit code 1 when a test fails')
    .argument('[dir]', 'configuration folder', 'config')
    .option('--json', 'print the report as JSON')
    .action(test);
  command
    .command('validate')
    .description('check gateway.yaml and every policy')
    .argument('[dir]', 'configuration folder', 'config')
    .action(validate);
  command
    .command('words')
    .description('list the actions, resource kinds and context that policies can speak of')
    .action(words);
  return command;
}

async function test(dir: string, options: { readonly json?: boolean }): Promise<void> {
  const report = orThrow(await testPolicies(dir));
  const lines = reportLines(report);
  console.log(options.json === true ? JSON.stringify(report, null, 2) : lines.join('\n'));
  if (report.cases.some(({ differences }) => differences.length > 0))
    throw new Error(`policies test: ${lines.at(-1) ?? ''}`);
}

async function validate(dir: string): Promise<void> {
  const { bundle, engine } = orThrow(await loadConfiguration(dir));
  console.log(
    `${dir}: ${String(engine.policyIds.length)} policies for ${String(bundle.gateway.connections.length)} connections are valid; policy version ${engine.version}`,
  );
}

function words(): void {
  for (const { kind, actions, resourceKinds, attributes } of VOCABULARIES) {
    console.log(`connections of kind ${kind}`);
    for (const [action, group] of Object.entries(actions)) console.log(`  ${action.padEnd(20)} in ${group}`);
    console.log(`  resource.kind: ${resourceKinds.join(', ')}`);
    for (const [name, spec] of Object.entries(attributes)) console.log(`  context.${name.padEnd(18)} ${spec.type}`);
  }
  console.log(
    `on columns\n  context.inference          one of ${INFERENCE_WAYS.join(', ')} (infer)\n  context.equalityByParameter boolean (infer)\n  context.into               string (declassify)`,
  );
  console.log(
    'everywhere\n  connect (on Connection), reveal, infer and declassify (on Column)\n  context.approvals, breakGlass, reason, ticket, pipeline, connection.{name, kind, environment}',
  );
}

/** A folder with everything checked: the files, the references and the policies. */
export async function loadConfiguration(
  dir: string,
): Promise<Result<{ readonly bundle: Bundle; readonly engine: LoadedEngine }, readonly ConfigFault[]>> {
  const bundle = await loadBundle(dir);
  if (!bundle.ok) return bundle;
  const engine = createPolicyEngine(bundle.value, VOCABULARIES);
  return engine.ok ? ok({ bundle: bundle.value, engine: engine.value }) : err(engine.error);
}

/** Runs the suite of a folder over the real analysis of statements. */
export async function testPolicies(dir: string): Promise<Result<SuiteReport, readonly ConfigFault[]>> {
  const loaded = await loadConfiguration(dir);
  if (!loaded.ok) return loaded;
  const { gateway } = loaded.value.bundle;
  const suite = await loadSuite(dir, gateway);
  if (!suite.ok) return suite;
  const classify = createClassifier(gateway.masking);
  const world = {
    config: gateway,
    engine: loaded.value.engine,
    vocabularies: VOCABULARIES,
    analyze: createSuiteAnalyser(suite.value, gateway),
    classOf: (connection: string, column: SourceColumn) => classify(connection, column)?.class,
  };
  return ok(await runSuite(suite.value, world, loaded.value.engine.statementPolicyIds));
}

function orThrow<T>(result: Result<T, readonly ConfigFault[]>): T {
  if (result.ok) return result.value;
  throw new Error(result.error.map(formatFault).join('\n'));
}
