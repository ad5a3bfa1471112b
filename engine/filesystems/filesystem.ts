/** What the engine must know of a kind of file system to image it. */

import type { Run } from '../../lib/exec/run.ts';
import type { Bytes } from '../../lib/units.ts';
import type { SectorReader } from '../../lib/disk/sector-reader.ts';
import type { Examination } from './examination.ts';

/** A partition that may have a file system in it, write-protected while it is examined. */
export type Volume = {
  readonly run: Run;
  /** Its address, for tools. */
  readonly device: string;
  readonly sizeBytes: Bytes;
  /** The whole volume in sectors of 512 bytes, whatever the disk's are. */
  readonly reader: SectorReader;
};

export type FilesystemKind = {
  /** As blkid(8) names it in TYPE. */
  readonly types: readonly string[];
  /** The partclone program that reads it; restoring needs no kind. */
  readonly program: string;
  /** Options of that program beyond the usual ones. */
  readonly captureOptions: readonly string[];
  /**
   * Whether an image of its used blocks has all that the file system needs. Throws `disk-read-failed`, and
   * `tool-missing` and `tool-failed` of the tools that it asks.
   */
  readonly examine: (volume: Volume) => Promise<Examination>;
};
