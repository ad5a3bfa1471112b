/** Faults of tools that were met, and what they mean to people who use OpenClone. */

export type KnownFault = {
  /** Debian's name. */
  readonly package: string;
  /** The first version without it; null when there is none yet. */
  readonly before: string | null;
  readonly fault: string;
  /** null where OpenClone works around it. */
  readonly remedy: string | null;
};

const NEWER_PARTCLONE =
  'Use a newer distribution for the root file system of the hosts, or restore such images with Clonezilla.';

export const KNOWN_FAULTS: readonly KnownFault[] = [
  {
    package: 'partclone',
    before: '0.3.20',
    fault: 'older than every version that OpenClone was tried with',
    remedy: NEWER_PARTCLONE,
  },
  {
    package: 'partclone',
    before: '0.3.24',
    fault:
      'ext4 with bigalloc is copied whole, and a log that cannot be written goes unnoticed (#241)',
    remedy: null,
  },
  {
    package: 'partclone',
    before: '0.3.37',
    fault: 'exFAT on standard output gets spoiled (#272): it is written elsewhere',
    remedy: null,
  },
  {
    package: 'partclone',
    before: '0.3.46',
    fault: "cannot read the newest images of Clonezilla (their checksums' kind)",
    remedy: null,
  },
  {
    package: 'udpcast',
    before: null,
    fault: 'a receiver that dies stops everybody for some seconds, until it is dropped',
    remedy: null,
  },
];
