/** What mtools and dosfstools say of a FAT in a file. This kernel has no driver for it. */

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { run } from '../../../lib/exec/run.ts';
import { describeTree, type Tree } from '../../lab/tree.ts';
import { scratchDirectory } from '../scratch-disk.ts';
import type { ByteRange } from './copy-proof.ts';

/** A size that is no multiple of a track is no fault. */
const ENVIRONMENT = { MTOOLS_SKIP_CHECK: '1', TZ: 'UTC' };

export async function mtools(file: string, tool: string, ...args: string[]): Promise<string> {
  return (await run(tool, ['-i', file, ...args], { env: ENVIRONMENT })).stdout;
}

/** Everything before the first cluster (minfo), and the clusters of every file and directory (mshowfat). */
export async function usedByFat(file: string): Promise<ByteRange[]> {
  const information = await mtools(file, 'minfo', '::');
  const numberOf = (name: string): number =>
    Number(new RegExp(`^${name}[:=] ?(\\d+)`, 'm').exec(information)?.[1] ?? NaN);
  const sectorBytes = numberOf('sector size');
  const tableSectors = numberOf('sectors per fat') || numberOf('Big fatlen');
  const rootBytes = numberOf('max available root directory slots') * 32;
  const start =
    (numberOf('reserved \\(boot\\) sectors') + numberOf('fats') * tableSectors) * sectorBytes +
    Math.ceil(rootBytes / sectorBytes) * sectorBytes;
  const clusterBytes = numberOf('cluster size') * sectorBytes;
  const used: ByteRange[] = [{ startBytes: 0, endBytes: start }];
  const clusters = (first: number, last: number): ByteRange => ({
    startBytes: start + (first - 2) * clusterBytes,
    endBytes: start + (last - 1) * clusterBytes,
  });
  const root = numberOf('rootCluster');
  if (!Number.isNaN(root)) used.push(clusters(root, root));
  const paths = await listPaths(file);
  // A command line has an end.
  for (let from = 0; from < paths.length; from += 500) {
    const shown = await mtools(file, 'mshowfat', ...paths.slice(from, from + 500));
    for (const [, first = '', last = first] of shown.matchAll(/<(\d+)(?:-(\d+))?>/g)) {
      used.push(clusters(Number(first), Number(last)));
    }
  }
  return used;
}

/** Files and directories, as mtools names them; a directory without the stroke at its end. */
export async function listPaths(file: string): Promise<string[]> {
  const text = await mtools(file, 'mdir', '-b', '-s', '-a', '::/');
  return text
    .split('\n')
    .map((line) => line.trim().replace(/\/$/, ''))
    .filter((path) => path !== '' && path !== '::');
}

/** Every file with its content. */
export async function filesOfFat(t: TestContext, file: string): Promise<Tree> {
  const directory = join(await scratchDirectory(t), 'files');
  await mkdir(directory);
  if ((await listPaths(file)).length > 0) {
    await mtools(file, 'mcopy', '-s', '-m', '-n', '::/*', directory);
  }
  const tree = describeTree(directory, { owners: false, blocks: false });
  // The root directory has no times.
  delete tree['/'];
  return tree;
}

/** What fsck.fat finds, without the name of the file. */
export async function checkFat(file: string): Promise<string> {
  const { stdout } = await run('fsck.fat', ['-n', file], { allowedStatuses: [0, 1] });
  return stdout.replaceAll(file, 'FILE');
}
