import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { defineConfig } from 'vitest/config';

/** Files that hold processes, ports, the environment or hooks of a shared world: each gets a process of its own. */
const ALONE = ['test/{e2e,local}/**/*.test.ts'];
/** They wait more than they compute: begun first, they are done when the rest is. Without a hint, the largest file goes first. */
const FIRST = ['test/e2e/gateway.test.ts', 'test/local/npm-start.test.ts'];

class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => FIRST.findIndex((name) => moduleId.endsWith(name));
    const place = (file: TestSpecification): number => (rank(file) === -1 ? FIRST.length : rank(file));
    return (await super.sort(files)).sort((a, b) => place(a) - place(b));
  }
}

export default defineConfig({
  test: {
    // Two cores: the embedded stack of the end-to-end tests is shared by one file, the rest is pure.
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 60_000,
    sequence: { sequencer: SlowestFirst },
    projects: [
      { extends: true, test: { name: 'alone', include: ALONE } },
      // Pure tests share their modules: loading the SDK, Cedar and the grammar for every file was a third of the time.
      { extends: true, test: { name: 'shared', include: ['test/**/*.test.ts'], exclude: ALONE, isolate: false } },
    ],
  },
});
