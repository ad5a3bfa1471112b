/** What OpenClone adds to a base: its first process, the engine and its Node, and the certificate it accepts. */

import { createHash } from 'node:crypto';
import { chmod, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OperatorError } from '../lib/errors.ts';
import type { Run } from '../lib/exec/run.ts';
import type { BuildFile } from '../lib/model/build-file.ts';
import { replaceBy, replaceByCopy, replaceFile } from './replace-file.ts';

export type Overlay = {
  /** The server's certificate (PEM). */
  readonly certificateFile: string;
  /** The engine's bundle. */
  readonly engineFile: string;
  /** The Node program that the hosts run. */
  readonly nodeFile: string;
  /** data/system and data/initrd. */
  readonly dataDirectory: string;
};

/** Files of ours in the root file system and where they come from, executable ones marked. */
const PROGRAM_DIRECTORY = 'usr/lib/openclone';
const NODE = 'usr/local/bin/node';

/** Four digits that change with anything the overlay and `base` consist of. Throws `bad-argument` for a missing file. */
export async function digestOverlay(overlay: Overlay, base: string): Promise<string> {
  const hash = createHash('sha256').update(base);
  const data = [
    'system/init',
    'system/lease',
    'system/watchdog',
    'initrd/openclone',
    'initrd/lease',
  ];
  const files = data.map((path) => join(overlay.dataDirectory, path));
  const given = [overlay.certificateFile, overlay.engineFile, overlay.nodeFile];
  for (const file of [...files, ...given]) {
    const content = await readGiven(file);
    hash.update(createHash('sha256').update(content).digest());
  }
  return hash.digest('hex').slice(0, 4);
}

/**
 * Writes the overlay into `root`, whose files may be shared with a base: each is a new file. Returns warnings.
 * Throws `tool-failed` when Node does not start in there.
 */
export async function writeOverlay(
  run: Run,
  root: string,
  overlay: Overlay,
  build: BuildFile,
): Promise<string[]> {
  const system = join(overlay.dataDirectory, 'system');
  const program = join(root, PROGRAM_DIRECTORY);
  await mkdir(program, { recursive: true, mode: 0o755 });
  await replaceByCopy(join(program, 'init'), join(system, 'init'), 0o755);
  await replaceByCopy(join(program, 'lease'), join(system, 'lease'), 0o755);
  await replaceByCopy(join(program, 'watchdog'), join(system, 'watchdog'), 0o755);
  await replaceByCopy(join(program, 'engine.js'), overlay.engineFile, 0o644);
  const warnings = await placeNode(run, overlay.nodeFile, join(root, NODE));
  const settings = join(root, 'etc/openclone');
  await mkdir(settings, { recursive: true });
  await chmod(settings, 0o755);
  await replaceByCopy(join(settings, 'server.crt'), overlay.certificateFile, 0o644);
  await replaceFile(join(settings, 'build.json'), `${JSON.stringify(build, null, 2)}\n`, 0o644);
  await run('chroot', [root, `/${NODE}`, '--version']);
  return warnings;
}

/** Without its symbols Node is a third smaller: memory, when hosts keep the whole system in it. */
async function placeNode(run: Run, from: string, to: string): Promise<string[]> {
  try {
    await replaceBy(to, 0o755, async (unfinished) => {
      await run('strip', ['-o', unfinished, from]);
    });
    return [];
  } catch (error) {
    if (!(error instanceof OperatorError && error.code === 'tool-missing')) throw error;
    await replaceByCopy(to, from, 0o755);
    return ['strip (package binutils) is not installed: Node keeps its symbols, some 30 MB'];
  }
}

async function readGiven(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    throw new OperatorError({
      code: 'bad-argument',
      message: `reading ${file} for the root file system`,
      hint: 'Name a file that exists; `npm run build` makes the engine, the server its certificate at its first start.',
      cause: error,
    });
  }
}
