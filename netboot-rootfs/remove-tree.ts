/** Removing a directory for good, and never what is mounted below it: that could be the server's own /sys. */

import { readFile, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { OperatorError } from '../lib/errors.ts';

/** Removes `directory` and all in it; none is no error. Throws `not-allowed`, untouched, when something is mounted there. */
export async function removeTree(directory: string): Promise<void> {
  const path = resolve(directory);
  const mounts = parseMountPoints(await readFile('/proc/self/mountinfo', 'utf8'));
  const below = mounts.filter((mount) => mount === path || mount.startsWith(`${path}/`));
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

/** proc_pid_mountinfo(5), field 5; blanks and the like are octal there. */
export function parseMountPoints(mountinfo: string): string[] {
  return mountinfo.split('\n').flatMap((line) => {
    const path = line.split(' ')[4];
    if (path === undefined) return [];
    return [
      path.replace(/\\([0-7]{3})/g, (_, octal: string) =>
        String.fromCharCode(Number.parseInt(octal, 8)),
      ),
    ];
  });
}
