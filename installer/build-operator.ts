/** Bundles what operators start (operator-bundle.ts) into dist: `node installer/build-operator.ts`. */

import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { bundleOperatorPrograms, COMPILE_CACHE } from './bundle/operator-bundle.ts';

const PROJECT = resolve(import.meta.dirname, '..');

try {
  await bundleOperatorPrograms(PROJECT);
  // Nobody looks for what was compiled of the one before any more.
  await rm(join(PROJECT, COMPILE_CACHE), { recursive: true, force: true });
} catch (error) {
  // esbuild has said already what is wrong in the source.
  if (!(error instanceof Error && 'errors' in error)) throw error;
  process.exitCode = 1;
}
