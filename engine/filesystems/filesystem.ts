/** What the engine does with a kind of file system: the same functions for each, in a file of its own. */

import type { Run } from '../../lib/exec/run.ts';
import type { Bytes } from '../../lib/units.ts';
import type { SectorReader } from '../../lib/disk/sector-reader.ts';
import type { PartcloneProgram } from '../tools/partclone.ts';
import type { ContentPlan } from './content-plan.ts';
import type { Inspection } from './inspection.ts';

/** A partition that may have a file system in it, write-protected while it is inspected. */
export type Volume = {
  readonly run: Run;
  /** As blkid(8) names what is in it; null when it names nothing. */
  readonly type: string | null;
  /** Its address, for tools. */
  readonly device: string;
  readonly sizeBytes: Bytes;
  /** The whole volume in sectors of 512 bytes, whatever the disk's are. */
  readonly reader: SectorReader;
};

/**
 * By which names blkid calls it stands in lib/filesystems/kinds.ts. Restoring needs no kind: the content of a stream says
 * which program writes it, so that an image of a kind that is not known any more is restored too. What no stream brings is
 * `afterRestore` of that row.
 */
export type Filesystem = {
  /** The partclone program that reads its used blocks; null where all sectors are copied, or the engine reads by its own map. */
  readonly program: PartcloneProgram | null;
  /**
   * What is known before the disk is write-protected, when that decides; null when it does not. Absent: `inspect` decides.
   * Throws `disk-read-failed`.
   */
  readonly plan?: (device: string) => Promise<ContentPlan | null>;
  /**
   * Whether an image of its used blocks has all that the file system needs: which blocks these are, why all sectors are
   * copied instead, or the fault for which it must not be captured. Throws `disk-read-failed`, and `tool-missing` and
   * `tool-failed` of the tools that it asks.
   */
  readonly inspect: (volume: Volume) => Promise<Inspection>;
  /** The name of the operating system that starts from it, or null; read without mounting. Throws as `inspect` does. */
  readonly operatingSystem?: (run: Run, device: string) => Promise<string | null>;

  // Places for what no kind can do yet; absent is "not possible".

  /** The smallest that it can be made, by what is used in it now. */
  readonly minimumBytes?: (volume: Volume) => Promise<Bytes>;
  /** Makes it fill `device`, which has become larger. It is not mounted. */
  readonly grow?: (run: Run, device: string) => Promise<void>;
  /** Makes it end before `sizeBytes`, at least `minimumBytes`; the device is cut afterwards. It is not mounted. */
  readonly shrink?: (run: Run, device: string, sizeBytes: Bytes) => Promise<void>;
  /** Calls `work` with a directory in which its files can be read and written, and unmounts it whatever happens. */
  readonly mount?: <T>(
    run: Run,
    device: string,
    work: (directory: string) => Promise<T>,
  ) => Promise<T>;
};
