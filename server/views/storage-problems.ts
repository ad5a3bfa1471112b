/** What is wrong, or soon will be, with where the server keeps things: told before work is lost by it. */

import { access, constants, stat } from 'node:fs/promises';
import { describeError, toReport } from '../../lib/errors.ts';
import { formatBytes } from '../../lib/format.ts';
import type { Problem } from '../../lib/model/status.ts';
import type { ImageStore } from '../image-store/image-store.ts';
import { reserveBytesOf } from '../image-store/reserve.ts';
import { spaceOf } from '../image-store/write-error.ts';
import { MAX_STORE_BYTES } from '../store/durable-file.ts';
import { systemCodeOf } from '../store/durable-write.ts';
import type { Store } from '../store/store.ts';

type Places = {
  readonly store: Pick<Store, 'directory' | 'sizeBytes' | 'writeError'>;
  readonly images: Pick<ImageStore, 'space'>;
};

/** Of a file system that holds both, data and images, each thing is said once. */
export async function storageProblems({ store, images }: Places): Promise<Problem[]> {
  const { path: imagePath } = await images.space();
  const isOne = (await stat(imagePath)).dev === (await stat(store.directory)).dev;
  const directories = isOne ? [imagePath] : [imagePath, store.directory];
  const found = await Promise.all(directories.map(fileSystemProblem));
  return [...found.filter((each) => each !== null), ...storeProblems(store)];
}

async function fileSystemProblem(directory: string): Promise<Problem | null> {
  if (await isReadOnly(directory)) {
    return {
      what: `nothing can be stored in ${directory}: its file system is read-only`,
      hint: 'See what the kernel says of the disk (dmesg), repair it, and mount it writable again.',
    };
  }
  const { sizeBytes, freeBytes } = await spaceOf(directory);
  const reserveBytes = reserveBytesOf(sizeBytes);
  if (freeBytes >= reserveBytes) return null;
  return {
    what: `the file system of ${directory} has ${formatBytes(freeBytes)} of ${formatBytes(sizeBytes)} free, less than the reserve of ${formatBytes(reserveBytes)}`,
    hint: 'Delete images that are not needed any more (openclone image delete NAME), or give it more room.',
  };
}

async function isReadOnly(directory: string): Promise<boolean> {
  try {
    await access(directory, constants.W_OK);
    return false;
  } catch (error) {
    return systemCodeOf(error) === 'EROFS';
  }
}

function storeProblems({ directory, sizeBytes, writeError }: Places['store']): Problem[] {
  const problems: Problem[] = [];
  if (writeError !== null) {
    const report = toReport(writeError);
    problems.push({
      what: `the last change was not stored: ${describeError(report)}`.slice(0, 4000),
      hint: report.hint,
    });
  }
  if (sizeBytes > (MAX_STORE_BYTES * 3) / 4) {
    problems.push({
      what: `the store in ${directory} has ${formatBytes(sizeBytes)} of at most ${formatBytes(MAX_STORE_BYTES)}`,
      hint: 'Cancel tasks that nobody needs any more (openclone task list, openclone task cancel): the oldest ended ones go when the next one is made. Delete hosts that nobody knows (openclone host list, openclone host delete).',
    });
  }
  return problems;
}
