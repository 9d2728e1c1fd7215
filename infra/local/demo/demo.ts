import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startStack } from '../stack.ts';
import { story } from './story.ts';

/** `npm run demo`: the story by itself, on a stack of its own, so that it starts from the same rows every time. */
async function main(): Promise<boolean> {
  const state = mkdtempSync(join(tmpdir(), 'countersign-demo-'));
  console.log('Starting the embedded stack …');
  const stack = await startStack({ port: 0, state: join(state, 'state') });
  try {
    for (const [index, { title, run }] of (await story(stack)).entries()) {
      console.log(`\n${index + 1}. ${title}`);
      console.log(`   ✓ ${await run()}`);
    }
    console.log('\nEvery step came out right.');
    return true;
  } catch (error) {
    console.error(`   ✗ ${error instanceof Error ? error.message : String(error)}`);
    return false;
  } finally {
    await stack.close();
    rmSync(state, { recursive: true, force: true });
  }
}

process.exitCode = (await main()) ? 0 : 1;
