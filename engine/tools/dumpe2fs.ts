/** dumpe2fs(8): features of an ext file system that decide how it can be imaged. */

import type { Run } from '../../lib/exec/run.ts';

/** Whether blocks are allocated in clusters, which partclone 0.3.23 cannot read (FIELD-NOTES). */
export async function hasBigalloc(run: Run, device: string): Promise<boolean> {
  const { stdout } = await run('dumpe2fs', ['-h', device]);
  return parseFeatures(stdout).includes('bigalloc');
}

/** The words behind "Filesystem features:". */
export function parseFeatures(text: string): string[] {
  const features = /^Filesystem features:\s+(.*)$/m.exec(text)?.[1];
  return features === undefined ? [] : features.trim().split(/\s+/);
}
