import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startStack, type RunningStack } from '../stack.ts';
import { MANIFESTS, STORY } from './kubectl-story.ts';
import { createSlackPerson } from './slack-person.ts';

/**
 * `npm run demo:kubectl`: the real kubectl through the gateway, on a stack of its own, with a person simulated at the local
 * Slack. Prints what a terminal would show; exit code 0 only if every command came out as the story says.
 */
async function main(): Promise<boolean> {
  if (spawnSync('kubectl', ['version', '--client'], { stdio: 'ignore' }).error !== undefined) {
    console.error(
      'kubectl is not installed here (Debian: apt install kubernetes-client), so there is nothing to show.',
    );
    return false;
  }
  const folder = mkdtempSync(join(tmpdir(), 'countersign-kubectl-'));
  console.log('Starting the embedded stack …\n');
  const stack = await startStack({ port: 0, state: join(folder, 'state') });
  try {
    for (const [name, text] of Object.entries(MANIFESTS)) writeFileSync(join(folder, name), text);
    const kubeconfig = join(folder, 'kubeconfig');
    await countersign(['kubeconfig', 'shop', '--namespace', 'prod', '--output', kubeconfig], stack.state);
    console.log(
      '$ npx countersign kubeconfig shop --namespace prod --output kubeconfig\n$ export KUBECONFIG=kubeconfig',
    );
    return await tell(stack, { HOME: folder, KUBECONFIG: kubeconfig, PATH: process.env['PATH'] ?? '' });
  } finally {
    await stack.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function tell(stack: RunningStack, env: NodeJS.ProcessEnv): Promise<boolean> {
  let session = '';
  for (const line of STORY) {
    if ('approvesAs' in line) {
      await createSlackPerson(stack.url, line.approvesAs).press(session, 'approve');
      const waited = await countersign(['sessions', 'wait', session, '--as', 'ci-agent'], stack.state);
      console.log(
        `\n# Devi, of the platform team, presses Approve in Slack.\n\n$ npx countersign sessions wait ${session} --as ci-agent\n${waited.trim()}`,
      );
      continue;
    }
    const { code, text } = await ran('kubectl', line.kubectl, env);
    console.log(`\n$ kubectl ${line.kubectl.join(' ')}\n${text.trimEnd()}`);
    if (code !== line.code || !line.says.test(text)) {
      console.error(`✗ came out otherwise: exit code ${code} instead of ${line.code}, or not ${line.says.source}`);
      return false;
    }
    session = /ses_[a-z0-9]{26}/.exec(text)?.[0] ?? session;
  }
  console.log('\n# Every command came out right.');
  return true;
}

async function countersign(words: readonly string[], state: string): Promise<string> {
  const program = join(import.meta.dirname, '..', '..', 'cli', 'main.ts');
  const { code, text } = await ran(process.execPath, [program, ...words, '--state', state], process.env);
  if (code !== 0) throw new Error(`countersign ${words.join(' ')}: ${text}`);
  return text;
}

type Ran = { readonly code: number; readonly text: string };

/** What it prints on both streams, in the order it comes: what a person sees. In the folder of the manifests, where there is one. */
function ran(program: string, words: readonly string[], env: NodeJS.ProcessEnv): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const place = program === 'kubectl' && env['HOME'] !== undefined ? { cwd: env['HOME'] } : {};
    const child = spawn(program, words, { env, ...place });
    let text = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        text += chunk.toString('utf8');
      });
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({ code: code ?? 1, text });
    });
    child.stdin.end();
  });
}

process.exitCode = (await main()) ? 0 : 1;
