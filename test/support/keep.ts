/** Keeping what tests leave for people who look for a failure's cause (test/ci/main.ts names the directory). */

import { cpSync, existsSync } from 'node:fs';
import { basename, join } from 'node:path';

/** Copies a directory of logs and serial lines to where continuous integration keeps them; nowhere without it. */
export function keepLogs(directory: string): void {
  const kept = process.env['OPENCLONE_KEEP'];
  if (kept === undefined || !existsSync(directory)) return;
  const [, testFile = 'unknown'] = process.argv;
  const name = basename(testFile).replace(/\.ts$/, '');
  cpSync(directory, join(kept, `${name}-${process.pid}-${Date.now()}`), { recursive: true });
}
