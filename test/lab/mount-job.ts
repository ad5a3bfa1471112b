/** The process behind mount.ts: reads a job on standard input, does it, prints the result as JSON. */

import { mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { describeError, toReport } from '../../lib/errors.ts';
import { run, type RunResult } from '../../lib/exec/run.ts';
import { startService } from '../../lib/exec/service.ts';
import { KERNEL_SECTOR_BYTES } from '../../lib/units.ts';
import { unreachable } from '../../lib/unreachable.ts';
import { MountJob, type MountJobResult, type MountableFilesystem } from './mount.ts';
import { fillTree } from './source-disks/content.ts';
import { describeTree } from './tree.ts';

/**
 * Mount options for looking: through a write-protected loop device, so that nothing is changed, and without telling the
 * driver to pass over a journal or log that holds changes: it then refuses, and does not show files as they never were.
 */
const READ_ONLY_OPTIONS: Record<MountableFilesystem, string> = {
  ext2: 'ro,loop',
  ext3: 'ro,loop',
  ext4: 'ro,loop',
  xfs: 'ro,loop,nouuid',
  btrfs: 'ro,loop,subvolid=5',
  ntfs: 'ro',
  vfat: 'ro',
};

try {
  const job = MountJob.parse(JSON.parse(await text(process.stdin)));
  process.stdout.write(JSON.stringify(await perform(job)));
} catch (error) {
  process.stderr.write(`${describeError(toReport(error))}\n`);
  process.exitCode = 1;
}

async function perform(job: MountJob): Promise<MountJobResult> {
  if (job.filesystem === 'vfat') return withMtools(job);
  const unmount = await mount(job);
  try {
    return await act(job);
  } finally {
    await unmount();
  }
}

async function act(job: MountJob): Promise<MountJobResult> {
  const { action, directory } = job;
  switch (action.type) {
    case 'describe': {
      const ownersKept = job.filesystem !== 'vfat';
      const tree = describeTree(directory, { owners: ownersKept, blocks: ownersKept });
      // FAT's root directory has no times: what is there are those of the directory it was copied to.
      if (!ownersKept) delete tree['/'];
      return { tree, extendedAttributes: ownersKept ? await readAttributes(directory) : '' };
    }
    case 'fill': {
      await fillTree(run, directory, action.recipe);
      for (const [inside, here] of Object.entries(action.extraFiles)) {
        mkdirSync(dirname(join(directory, inside)), { recursive: true });
        await cp(here, join(directory, inside), { recursive: true, preserveTimestamps: true });
      }
      return { tree: {}, extendedAttributes: '' };
    }
    default:
      return unreachable(action);
  }
}

/**
 * FAT without a kernel driver: its files go through a directory (mtools(1)). mtools 4.0.32 cannot use a block device
 * that tells no geometry, so it gets the file behind the loop device and the place of the partition in it.
 */
async function withMtools(job: MountJob): Promise<MountJobResult> {
  // Whatever was written through the device must be in the file, and the other way round.
  await run('blockdev', ['--flushbufs', job.device]);
  const volume = volumeOf(job);
  const mtools = (tool: string, ...args: string[]): Promise<RunResult> =>
    run(tool, ['-i', volume, ...args], {
      // MTOOLS_SKIP_CHECK: a size that is no multiple of a track is no fault.
      env: { LC_ALL: 'C.UTF-8', MTOOLS_SKIP_CHECK: '1', TZ: 'UTC' },
    });
  if (job.action.type === 'describe') {
    const { stdout } = await mtools('mdir', '-a', '-b', '::/');
    if (stdout.trim() !== '') await mtools('mcopy', '-s', '-m', '-n', '::/*', job.directory);
    return act(job);
  }
  const result = await act(job);
  const files = readdirSync(job.directory).map((name) => join(job.directory, name));
  await mtools('mcopy', '-s', '-m', '-n', ...files, '::/');
  return result;
}

/** "FILE@@OFFSET", as mtools names a volume inside a file. */
function volumeOf({ device, imageFile }: MountJob): string {
  const partition = basename(device);
  const disk = partition.replace(/p\d+$/, '');
  const start = readFileSync(`/sys/block/${disk}/${partition}/start`, 'utf8');
  return `${imageFile}@@${Number(start) * KERNEL_SECTOR_BYTES}`;
}

/** Returns the function that unmounts and waits until the device is free. */
async function mount(job: MountJob): Promise<() => Promise<void>> {
  const readOnly = job.action.type === 'describe';
  if (job.filesystem === 'ntfs') return mountNtfs(job, readOnly);
  const options = readOnly ? READ_ONLY_OPTIONS[job.filesystem] : 'rw';
  const kind = job.filesystem === 'vfat' ? 'vfat' : kernelDriver(job.filesystem);
  await run('mount', ['-t', kind, '-o', options, job.device, job.directory]);
  return async () => {
    await run('umount', [job.directory]);
  };
}

/** ext4's driver reads ext2 and ext3 too, and some kernels have no other. */
function kernelDriver(filesystem: MountableFilesystem): string {
  return filesystem === 'ext2' || filesystem === 'ext3' ? 'ext4' : filesystem;
}

/** ntfs-3g stays in the foreground, so that its end, when everything is written, can be awaited. */
async function mountNtfs(job: MountJob, readOnly: boolean): Promise<() => Promise<void>> {
  let said = '';
  const daemon = startService(
    'ntfs-3g',
    ['-o', `no_detach${readOnly ? ',ro' : ''}`, job.device, job.directory],
    {
      deathSignal: 'KILL',
      input: 'none',
      output: 'none',
      onText: (text) => {
        said += text;
      },
    },
  );
  while (!isMountpoint(job.directory)) {
    const state = await Promise.race([daemon.ended, delay(10, 'running' as const)]);
    if (state !== 'running') throw new Error(`mounting ${job.device} by ntfs-3g: ${said.trim()}`);
  }
  return async () => {
    await run('umount', [job.directory]);
    const { status } = await daemon.ended;
    if (status !== 0)
      throw new Error(`ntfs-3g on ${job.device} ended with ${status}: ${said.trim()}`);
  };
}

function isMountpoint(directory: string): boolean {
  return readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .some((line) => line.split(' ')[4] === directory);
}

/** One paragraph a file that has extended attributes, sorted. */
async function readAttributes(directory: string): Promise<string> {
  // system.* other than ACLs are views of what else is compared, on NTFS with times that reading changes.
  const { stdout } = await run('getfattr', [
    '--recursive',
    '--physical',
    '--no-dereference',
    '--dump',
    '--encoding=hex',
    '--absolute-names',
    '--match=^(user|trusted|security|system\\.posix_acl)',
    '--',
    directory,
  ]);
  const paragraphs = stdout.replaceAll(`# file: ${directory}`, '# file: ').split('\n\n');
  return paragraphs
    .filter((text) => text.trim() !== '')
    .sort()
    .join('\n\n');
}
