/** What is wrong, or soon will be, with where the server keeps things: told before work is lost by it. */

import { access, constants, stat } from 'node:fs/promises';
import { describeError, toReport } from '../../lib/errors.ts';
import type { Problem } from '../../lib/model/status.ts';
import type { ImageStore } from '../image-store/image-store.ts';
import { reserveBytesOf } from '../image-store/reserve.ts';
import { spaceOf } from '../image-store/write-error.ts';
import { MAX_STORE_BYTES } from '../store/durable-file.ts';
import { systemCodeOf } from '../store/durable-write.ts';
import type { Store } from '../store/store.ts';
import { message } from '../../lib/model/messages/table.ts';

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
      what: message('server.read-only', { directory }),
      hint: message('hint.read-only'),
    };
  }
  const { sizeBytes, freeBytes } = await spaceOf(directory);
  const reserveBytes = reserveBytesOf(sizeBytes);
  if (freeBytes >= reserveBytes) return null;
  return {
    what: message('server.low-space', { directory, freeBytes, sizeBytes, reserveBytes }),
    hint: message('hint.low-space'),
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
      what: message('server.change-not-stored', { said: describeError(report) }),
      hint: message('hint.change-not-stored', { hint: report.hint }),
    });
  }
  if (sizeBytes > (MAX_STORE_BYTES * 3) / 4) {
    problems.push({
      what: message('server.store-large', { directory, sizeBytes, mostBytes: MAX_STORE_BYTES }),
      hint: message('hint.store-large'),
    });
  }
  return problems;
}
