/** Bundles the engine into one file that needs nothing but Node: `node installer/build-engine.ts [FILE]`. */

import { renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

const PROJECT = resolve(import.meta.dirname, '..');
const output = resolve(process.argv[2] ?? join(PROJECT, 'dist/engine.js'));
// Another build may run at the same time: a reader of the file sees a whole one.
const unfinished = `${output}.${process.pid}.new`;

try {
  await build({
    entryPoints: [join(PROJECT, 'engine/main.ts')],
    outfile: unfinished,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    // Error positions stay readable, and the start is as fast (docs/field-notes.md).
    minify: false,
    // CommonJS packages inside an ECMAScript module still call require for Node's own modules.
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module';\nconst require = __createRequire(import.meta.url);",
    },
    // Native accelerators that ws uses when they are there; it works without.
    external: ['bufferutil', 'utf-8-validate'],
    logLevel: 'warning',
  });
  renameSync(unfinished, output);
} catch (error) {
  // esbuild has said already what is wrong in the source.
  if (!(error instanceof Error && 'errors' in error)) throw error;
  process.exitCode = 1;
} finally {
  rmSync(unfinished, { force: true });
}
