/** Removing a directory for good, and never what is mounted below it: that could be the server's own /sys. */

import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { OperatorError } from '../lib/errors.ts';
import { mountPointsIn } from '../lib/mount-points.ts';

/** Removes `directory` and all in it; none is no error. Throws `not-allowed`, untouched, when something is mounted there. */
export async function removeTree(directory: string): Promise<void> {
  const path = resolve(directory);
  const below = await mountPointsIn(path);
  if (below.length > 0) {
    throw new OperatorError({
      code: 'not-allowed',
      message: `removing ${path}: ${below.join(', ')} is mounted`,
      hint: `Unmount it (\`umount --recursive\`), then run this again.`,
    });
  }
  // The tools of a killed run may take a moment to end.
  await rm(path, { recursive: true, force: true, maxRetries: 3, retryDelay: 200 });
}
