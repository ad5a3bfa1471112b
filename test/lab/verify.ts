/**
 * Whether a disk is a true copy of another: both are described by tools that have nothing to do with the engine
 * (sfdisk, sgdisk, blkid, mount, the file systems' own checkers), then the descriptions are compared.
 */

import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { OperatorError } from '../../lib/errors.ts';
import type { Run } from '../../lib/exec/run.ts';
import { sectorsToBytes, type Bytes } from '../../lib/units.ts';
import { readBootAreas } from './boot-areas.ts';
import { partitionDevice } from './loop-device.ts';
import { describeMounted, isMountable, type MountJob } from './mount.ts';
import { isExtended, numberOf, readTable, type SfdiskTable } from './sfdisk.ts';
import { hashFile } from './tree.ts';

/** What is known of a disk: "partition 5: file home/x" → "file, mode 0644, …". Equal disks have equal facts. */
export type DiskFacts = {
  readonly facts: ReadonlyMap<string, string>;
  /** What should have been readable and was not; whatever the other disk has, such a disk equals none. */
  readonly unreadable: readonly string[];
  /** What was not looked at, for people: the files of a file system that the lab cannot mount. */
  readonly notes: readonly string[];
};

export type Difference = {
  readonly what: string;
  readonly expected: string | null;
  readonly found: string | null;
};

/**
 * Describes the disk on the loop device `device` of `file`, whose partitions have device files already and are not mounted. Reads only.
 * `directory` is for mount points; it is removed again.
 */
export async function describeDisk(
  run: Run,
  disk: { readonly device: string; readonly file: string; readonly directory: string },
  signal?: AbortSignal,
): Promise<DiskFacts> {
  const { device, file, directory } = disk;
  const facts = new Map<string, string>();
  const table = await findTable(run, device);
  if (table === null) {
    facts.set('partition table', 'none');
    return { facts, unreadable: [], notes: [] };
  }
  addTableFacts(facts, table);
  if (table.label === 'gpt') facts.set('GPT check', await checkGpt(run, device));
  for (const [name, digest] of readBootAreas(device, table)) facts.set(name, digest);
  const partitions = table.partitions.filter(({ type }) => !isExtended(table, type));
  const described = await Promise.all(
    partitions.map(async ({ node, size }) => {
      const number = numberOf(node, device);
      const place = {
        device: partitionDevice(device, number),
        imageFile: file,
        lengthBytes: sectorsToBytes(size, table.sectorsize),
        sectorSizeBytes: table.sectorsize,
        directory: join(directory, `p${number}`),
      };
      return { prefix: `partition ${number}: `, ...(await describePartition(run, place, signal)) };
    }),
  );
  for (const { prefix, facts: found } of described) {
    for (const [name, value] of found) facts.set(`${prefix}${name}`, value);
  }
  rmSync(directory, { recursive: true, force: true });
  return {
    facts,
    unreadable: described.flatMap(({ prefix, unreadable }) => unreadable.map((s) => prefix + s)),
    notes: described.flatMap(({ prefix, notes }) => notes.map((note) => prefix + note)),
  };
}

/** What of `expected` is missing in `found` or otherwise there, and what `found` has besides. */
export function compareDisks(expected: DiskFacts, found: DiskFacts): Difference[] {
  const names = new Set([...expected.facts.keys(), ...found.facts.keys()]);
  const unreadable = [
    ...expected.unreadable.map((what) => ({ what, expected: 'unreadable', found: null })),
    ...found.unreadable.map((what) => ({ what, expected: 'readable', found: 'unreadable' })),
  ];
  const differences = [...names].flatMap((what) => {
    const difference = {
      what,
      expected: expected.facts.get(what) ?? null,
      found: found.facts.get(what) ?? null,
    };
    return difference.expected === difference.found ? [] : [difference];
  });
  return [...unreadable, ...differences];
}

/** "partition 5: etc/hostname: expected …, found …". */
export function formatDifference({ what, expected, found }: Difference): string {
  const short = (text: string | null): string =>
    text === null ? 'nothing' : text.length > 300 ? `${text.slice(0, 300)}…` : text;
  return `${what}: expected ${short(expected)}, found ${short(found)}`;
}

/** null when sfdisk finds none: a disk that was cleared after a failed deploy. */
async function findTable(run: Run, device: string): Promise<SfdiskTable | null> {
  try {
    return await readTable(run, device);
  } catch (error) {
    if (error instanceof OperatorError && error.code === 'tool-failed') return null;
    throw error;
  }
}

function addTableFacts(facts: Map<string, string>, table: SfdiskTable): void {
  facts.set('partition table: kind', table.label);
  facts.set('partition table: identifier', table.id);
  facts.set('partition table: sector size', String(table.sectorsize));
  for (const { node, ...entry } of table.partitions) {
    const number = /\d+$/.exec(node)?.[0] ?? '';
    facts.set(`partition table: entry ${number}`, JSON.stringify(entry));
  }
}

/** Both copies of the header and the entries, their checksums and places (sgdisk(8) --verify). */
async function checkGpt(run: Run, device: string): Promise<string> {
  const { stdout, stderr } = await run('sgdisk', ['--verify', device], {
    allowedStatuses: [0, 1, 2, 3, 4, 5, 6, 7, 8],
  });
  return /No problems found/.test(stdout) && stderr.trim() === ''
    ? 'no problems'
    : `${stderr.trim()} ${stdout.trim()}`.trim();
}

async function describePartition(
  run: Run,
  partition: {
    readonly device: string;
    readonly imageFile: string;
    readonly lengthBytes: Bytes;
    readonly sectorSizeBytes: Bytes;
    readonly directory: string;
  },
  signal?: AbortSignal,
): Promise<DiskFacts> {
  const { device, imageFile, lengthBytes, directory } = partition;
  const facts = new Map<string, string>();
  const notes: string[] = [];
  const unreadable: string[] = [];
  const identity = await readIdentity(run, device);
  for (const [name, value] of identity) facts.set(`blkid ${name}`, value);
  const type = identity.get('USAGE') === 'filesystem' ? (identity.get('TYPE') ?? '') : '';
  const check = FILESYSTEM_CHECKS[type];
  if (check !== undefined)
    facts.set('file-system check', await checkFilesystem(run, check, device));
  if (isMountable(type)) {
    const problem = await addFileFacts(
      run,
      facts,
      { device, imageFile, filesystem: type, directory },
      signal,
    );
    if (problem !== null) unreadable.push(`files of the ${type} (${problem})`);
  } else if (check !== undefined) {
    notes.push(`the files in this ${type} were not compared, only its check, UUID and label`);
  } else if (identity.get('TYPE') !== 'swap') {
    facts.set('all bytes, sha256', hashFile(device));
  }
  if (type === 'ntfs') {
    const { sectorSizeBytes } = partition;
    const backup = { offset: lengthBytes - sectorSizeBytes, length: sectorSizeBytes };
    facts.set('backup boot sector, sha256', hashFile(device, backup));
    facts.set('boot sector, sha256', hashFile(device, { offset: 0, length: sectorSizeBytes }));
  }
  return { facts, unreadable, notes };
}

/** Returns null, or why the files cannot be read. */
async function addFileFacts(
  run: Run,
  facts: Map<string, string>,
  job: Omit<MountJob, 'action'>,
  signal?: AbortSignal,
): Promise<string | null> {
  mkdirSync(job.directory, { recursive: true });
  try {
    const { tree, extendedAttributes } = await describeMounted(run, job, signal);
    for (const [path, entry] of Object.entries(tree)) facts.set(`file ${path}`, entry);
    facts.set('extended attributes', extendedAttributes);
    return null;
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof OperatorError && error.code === 'tool-failed') {
      return error.cause instanceof Error ? error.cause.message : error.message;
    }
    throw error;
  } finally {
    rmSync(job.directory, { recursive: true, force: true });
  }
}

/** What `blkid --probe` finds, without what depends on the device file. */
async function readIdentity(run: Run, device: string): Promise<Map<string, string>> {
  // 2: nothing was found.
  const { stdout } = await run('blkid', ['--probe', '--output', 'export', device], {
    allowedStatuses: [0, 2],
  });
  const pairs = stdout.split('\n').flatMap((line): [string, string][] => {
    const [name = '', ...value] = line.split('=');
    return name === '' || name === 'DEVNAME' || name === 'PART_ENTRY_DISK'
      ? []
      : [[name, value.join('=')]];
  });
  return new Map(pairs);
}

type Check = { readonly tool: string; readonly args: readonly string[] };

/** Checkers that only look. */
const EXT_CHECK: Check = { tool: 'e2fsck', args: ['-f', '-n'] };
const FILESYSTEM_CHECKS: Partial<Record<string, Check>> = {
  ext2: EXT_CHECK,
  ext3: EXT_CHECK,
  ext4: EXT_CHECK,
  xfs: { tool: 'xfs_repair', args: ['-n'] },
  btrfs: { tool: 'btrfs', args: ['check', '--readonly'] },
  ntfs: { tool: 'ntfsfix', args: ['--no-action'] },
  vfat: { tool: 'fsck.fat', args: ['-n'] },
  exfat: { tool: 'fsck.exfat', args: ['-n'] },
  f2fs: { tool: 'fsck.f2fs', args: ['--dry-run'] },
};

/** "clean", or what the checker found: a source that is not clean may have a copy that is not clean in the same way. */
async function checkFilesystem(run: Run, check: Check, device: string): Promise<string> {
  const anyStatus = Array.from({ length: 256 }, (_, status) => status);
  const { stdout, stderr, exitStatus } = await run(check.tool, [...check.args, device], {
    allowedStatuses: anyStatus,
  });
  if (exitStatus === 0) return 'clean';
  const said = `${stdout}\n${stderr}`.replaceAll(device, 'the device').trim();
  return `status ${exitStatus}: ${said.slice(-2000)}`;
}
