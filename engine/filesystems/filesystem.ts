/** What the engine must know of a kind of file system to image it. */

export type FilesystemKind = {
  /** As blkid(8) names it in TYPE. */
  readonly types: readonly string[];
  /** The partclone program that reads it; restoring needs no kind. */
  readonly program: string;
  /** Options of that program beyond the usual ones. */
  readonly captureOptions: readonly string[];
  /** What to do when the program refuses, for the operator. */
  readonly refusalHint: string;
};
