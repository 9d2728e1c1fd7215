import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

/**
 * `npm run deploy -- --config DIR [anything that cdk deploy takes]`. The CDK CLI does the work and says so itself;
 * this only names the configuration folder in its terms.
 */
const { values, tokens } = parseArgs({
  options: { config: { type: 'string', default: 'config' } },
  strict: false,
  allowPositionals: true,
  tokens: true,
});

// Everything but our own option goes on as it came, in its place.
const ours = new Set(
  tokens.flatMap((token) =>
    token.kind === 'option' && token.name === 'config'
      ? [token.index, ...(token.inlineValue === true ? [] : [token.index + 1])]
      : [],
  ),
);
const theirs = process.argv.slice(2).filter((_, at) => !ours.has(at));
const { status, error } = spawnSync('cdk', ['deploy', '-c', `config=${String(values.config)}`, ...theirs], {
  stdio: 'inherit',
});
if (error !== undefined)
  process.stderr.write(`cdk could not be started (${error.message}); run "npm ci" and use "npm run deploy"\n`);
process.exitCode = status ?? 1;
