/** The machine that is installed on: its tools and its files, which a test keeps in a directory of its own. */

import { join } from 'node:path';
import type { Run } from '../../lib/exec/run.ts';

export type System = {
  readonly run: Run;
  /** "/", or the directory that a test takes for it. */
  readonly root: string;
  /** Where the daemon listens for operators. */
  readonly operatorSocket: string;
};

/** Where the file that the system calls `path` (absolute) really lies. */
export function realPath(system: System, path: string): string {
  return system.root === '/' ? path : join(system.root, path);
}
