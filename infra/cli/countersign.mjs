#!/usr/bin/env node
// `npx countersign …`: the same start as `npm start`, in the folder where it was typed, so that relative paths mean what they say.
import { join } from 'node:path';
import { PROJECT, run } from '../local/bootstrap.mjs';

run(join(PROJECT, 'infra', 'cli', 'main.ts'), process.argv.slice(2));
