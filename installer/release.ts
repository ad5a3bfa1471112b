/** Packs a release into dist: `npm run release`. */

import { join, resolve } from 'node:path';
import { run } from '../lib/exec/run.ts';
import { packRelease } from './bundle/pack-release.ts';

const PROJECT = resolve(import.meta.dirname, '..');

const { file, sha256 } = await packRelease(run, PROJECT, join(PROJECT, 'dist'));
process.stdout.write(`${sha256}  ${file}\n`);
