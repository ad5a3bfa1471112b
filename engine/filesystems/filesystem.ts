/** What the engine must know of a kind of file system to image it. */

import type { Run } from '../../lib/exec/run.ts';

export type FilesystemKind = {
  /** As blkid(8) names it in TYPE. */
  readonly types: readonly string[];
  /** The partclone program that reads it; restoring needs no kind. */
  readonly program: string;
  /** Options of that program beyond the usual ones. */
  readonly captureOptions: readonly string[];
  /**
   * Finds what the program takes without a word though the image would lack data: why the file system on a
   * write-protected device cannot be imaged now, or null.
   */
  readonly findFault?: (run: Run, device: string) => Promise<string | null>;
  /** Said with every capture of this kind. */
  readonly warning?: string;
  /** What to do when the program refuses, for the operator. */
  readonly refusalHint: string;
};
