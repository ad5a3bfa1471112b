/** What is mounted where (proc_pid_mountinfo(5)). */

import { readFile } from 'node:fs/promises';

/** The mount points at `directory` (absolute) and below it. */
export async function mountPointsIn(directory: string): Promise<string[]> {
  const mounts = parseMountPoints(await readFile('/proc/self/mountinfo', 'utf8'));
  return mounts.filter((mount) => mount === directory || mount.startsWith(`${directory}/`));
}

/** Field 5 of each line; blanks and the like are octal there. */
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
