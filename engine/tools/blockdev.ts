/** blockdev(8): the kernel's read-only flag of a block device. */

import type { Run } from '../../lib/exec/run.ts';

/**
 * Makes the kernel refuse writes to `address`. On a whole disk this covers its partitions since Linux 5.11; older
 * kernels want each partition told. Throws `tool-missing`, `tool-failed`.
 */
export async function setReadOnly(run: Run, address: string): Promise<void> {
  await run('blockdev', ['--setro', address]);
}

/** Takes setReadOnly back; a disk that is write-protected in hardware stays so. Throws as setReadOnly. */
export async function setWritable(run: Run, address: string): Promise<void> {
  await run('blockdev', ['--setrw', address]);
}

/** Writes out what is cached of `address` and forgets it, so that the next read comes from the disk. */
export async function flushBuffers(run: Run, address: string, signal?: AbortSignal): Promise<void> {
  await run('blockdev', ['--flushbufs', address], signal === undefined ? {} : { signal });
}
