/**
 * Work on a mounted file system, in a process of its own with its own mount and process namespaces: when that process
 * ends, however it ends, the mount and the FUSE daemon behind it are gone. `mount-job.ts` is that process.
 */

import { join } from 'node:path';
import { z } from 'zod';
import type { Run } from '../../lib/exec/run.ts';

/** What fills a file system with files (source-disks/content.ts). */
export const ContentRecipe = z.object({
  /** Chooses the files and generates the random ones; equal seeds give equal content. */
  seed: z.number().int().nonnegative(),
  /** Bytes to take from this machine's /usr, about. */
  copiedBytes: z.number().int().nonnegative(),
  /** Bytes that no compression makes smaller. */
  randomBytes: z.number().int().nonnegative(),
  /** What the file system can hold: everything, no owners and special files (NTFS), or plain files only (FAT). */
  kind: z.enum(['posix', 'ntfs', 'fat']),
});
export type ContentRecipe = z.infer<typeof ContentRecipe>;

export const MountJob = z.object({
  /** A partition of a loop device. */
  device: z.string(),
  /** The image file behind the loop device. */
  imageFile: z.string(),
  /** As blkid names it. */
  filesystem: z.enum(['ext2', 'ext3', 'ext4', 'xfs', 'btrfs', 'ntfs', 'vfat']),
  /** A directory that exists and is empty; for FAT the files are copied out to it or in from it (mtools). */
  directory: z.string(),
  action: z.discriminatedUnion('type', [
    z.object({ type: z.literal('describe') }),
    z.object({
      type: z.literal('fill'),
      recipe: ContentRecipe,
      /** Files and directories to put in besides: path inside → path here. */
      extraFiles: z.record(z.string(), z.string()),
    }),
  ]),
});
export type MountJob = z.infer<typeof MountJob>;
export type MountableFilesystem = MountJob['filesystem'];

export const MountJobResult = z.object({
  /** Path → description (tree.ts); empty after filling. */
  tree: z.record(z.string(), z.string()),
  /** What `getfattr` printed, the same for equal trees. */
  extendedAttributes: z.string(),
});
export type MountJobResult = z.infer<typeof MountJobResult>;

export function isMountable(filesystem: string): filesystem is MountableFilesystem {
  return MountJob.shape.filesystem.safeParse(filesystem).success;
}

/** Mounts read-only, describes every file and unmounts. */
export function describeMounted(
  run: Run,
  job: Omit<MountJob, 'action'>,
  signal?: AbortSignal,
): Promise<MountJobResult> {
  return startJob(run, { ...job, action: { type: 'describe' } }, signal);
}

/** Mounts, fills with files by `recipe` and unmounts. */
export async function fillMounted(
  run: Run,
  job: Omit<MountJob, 'action'>,
  content: { readonly recipe: ContentRecipe; readonly extraFiles?: Record<string, string> },
  signal?: AbortSignal,
): Promise<void> {
  const { recipe, extraFiles = {} } = content;
  await startJob(run, { ...job, action: { type: 'fill', recipe, extraFiles } }, signal);
}

async function startJob(run: Run, job: MountJob, signal?: AbortSignal): Promise<MountJobResult> {
  // Two btrfs with one file-system id cannot be mounted at the same time, not even in two namespaces.
  const lock = job.filesystem === 'btrfs' ? ['flock', '/run/lock/openclone-lab-btrfs'] : [];
  const { stdout } = await run(
    'setpriv',
    [
      '--pdeathsig',
      'KILL',
      '--',
      ...lock,
      'unshare',
      '--mount',
      '--propagation',
      'slave',
      '--pid',
      '--mount-proc',
      '--fork',
      '--kill-child=KILL',
      process.execPath,
      join(import.meta.dirname, 'mount-job.ts'),
    ],
    { input: JSON.stringify(job), ...(signal === undefined ? {} : { signal }) },
  );
  return MountJobResult.parse(JSON.parse(stdout));
}
