/**
 * Write protection by the kernel for a disk that is being captured, undone afterwards, also when the engine that set
 * it was killed.
 */

import { mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { OperatorError } from '../../lib/errors.ts';
import type { Run } from '../../lib/exec/run.ts';
import { findBlockDevice, listPartitions } from '../system-info/block-device.ts';
import { readSysfs } from '../system-info/sysfs.ts';
import { setReadOnly, setWritable } from '../tools/blockdev.ts';
import { processStartTicks } from './processes.ts';

/**
 * Makes the disk at `address` and its partitions read-only in the kernel, as far as they are not, and returns the
 * function that takes this back (twice is no error). What was done is written to a file in `recordDirectory` first,
 * which is made if missing. Partitions made later are only protected by the disk's own flag (Linux 5.11 and later).
 * Who has a device open for writing already is not stopped: checkNotBusy comes before.
 * Throws `disk-not-found`, `disk-read-only` when the record cannot be written, `tool-missing`, `tool-failed`.
 */
export async function protectDisk(
  run: Run,
  address: string,
  recordDirectory: string,
): Promise<() => Promise<void>> {
  const disk = await findBlockDevice(address);
  const devices = [...(await listPartitions(disk)), disk];
  // All flags are read before the first is set: the disk's own shows on its partitions too.
  const flags = await Promise.all(
    devices.map((device) => readSysfs(join(device.sysfsDirectory, 'ro'))),
  );
  const changed = devices
    .filter((_, index) => flags[index] === '0')
    .map((device) => device.address);
  if (changed.length === 0) return () => Promise.resolve();

  const file = await writeRecord(recordDirectory, {
    version: RECORD_VERSION,
    bootId: await readBootId(),
    owner: { pid: process.pid, startTicks: (await processStartTicks(process.pid)) ?? 0 },
    disk: {
      address: disk.address,
      sequence: await readSysfs(join(disk.sysfsDirectory, 'diskseq')),
    },
    devices: changed,
  });
  let protecting = true;
  const release = async (): Promise<void> => {
    if (!protecting) return;
    await makeWritable(run, changed);
    await rm(file, { force: true });
    protecting = false;
  };
  try {
    for (const device of changed) await setReadOnly(run, device);
  } catch (error) {
    await release();
    throw error;
  }
  return release;
}

/**
 * Undoes what engines that are gone left in `recordDirectory` and returns the disks that are writable again. Records
 * of engines that still run, and so of this one, are left alone. Throws `disk-read-only` for a record that cannot be
 * read, `tool-missing`, `tool-failed`.
 */
export async function releaseLeftProtection(run: Run, recordDirectory: string): Promise<string[]> {
  const released: string[] = [];
  for (const name of await listRecords(recordDirectory)) {
    const file = join(recordDirectory, name);
    const record = await readRecord(file);
    if (record === null || (await isRunning(record))) continue;
    if (await isStillSet(record)) {
      await makeWritable(run, record.devices);
      released.push(record.disk.address);
    }
    await rm(file, { force: true });
  }
  return released;
}

const RECORD_VERSION = 1;

const ProtectionRecord = z.object({
  version: z.literal(RECORD_VERSION),
  /** The kernel's flags end with the boot they were set in. */
  bootId: z.string(),
  owner: z.object({ pid: z.number().int().positive(), startTicks: z.number().int() }),
  /** `sequence` is never given twice in a boot (diskseq); null before Linux 5.15. */
  disk: z.object({ address: z.string(), sequence: z.string().nullable() }),
  /** What was made read-only, in this order: partitions first, then the disk. */
  devices: z.array(z.string()).min(1),
});
type ProtectionRecord = z.infer<typeof ProtectionRecord>;

const RECORD_NAME = /^write-protection-.*\.json$/;

/** Whole or not at all: a temporary file is renamed. Surviving a power cut is not needed, the flags do not either. */
async function writeRecord(directory: string, record: ProtectionRecord): Promise<string> {
  const kernelName = basename(record.disk.address);
  const file = join(directory, `write-protection-${kernelName}-${record.owner.pid}.json`);
  try {
    await mkdir(directory, { recursive: true });
    await writeFile(`${file}.new`, `${JSON.stringify(record)}\n`, { mode: 0o600 });
    await rename(`${file}.new`, file);
  } catch (cause) {
    throw new OperatorError({
      code: 'disk-read-only',
      message: `recording in ${directory} that ${record.disk.address} becomes write-protected`,
      hint: 'See that the directory can be written and has space left.',
      cause,
    });
  }
  return file;
}

async function listRecords(directory: string): Promise<string[]> {
  try {
    return (await readdir(directory)).filter((name) => RECORD_NAME.test(name));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

/** Null when another engine has removed it meanwhile. */
async function readRecord(file: string): Promise<ProtectionRecord | null> {
  try {
    return ProtectionRecord.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return null;
    throw new OperatorError({
      code: 'disk-read-only',
      message: `reading the record of a write protection, ${file}`,
      hint: 'An older or newer engine may have left it. Make the disk it names writable (blockdev --setrw), then remove the file.',
      cause,
    });
  }
}

async function isRunning({ owner, bootId }: ProtectionRecord): Promise<boolean> {
  if (bootId !== (await readBootId())) return false;
  return (await processStartTicks(owner.pid)) === owner.startTicks;
}

/**
 * Whether the flags may still be there: same boot, same disk. A loop device gets a new sequence number each time it is
 * attached but keeps its flag (measured on Linux 6.18), so it counts as the same.
 */
async function isStillSet(record: ProtectionRecord): Promise<boolean> {
  if (record.bootId !== (await readBootId())) return false;
  const kernelName = record.disk.address.slice('/dev/'.length).replaceAll('/', '!');
  const sequence = await readSysfs(join('/sys/class/block', kernelName, 'diskseq'));
  return sequence === record.disk.sequence || /^loop\d+$/.test(kernelName);
}

async function readBootId(): Promise<string> {
  return (await readSysfs('/proc/sys/kernel/random/boot_id')) ?? '';
}

/** In reverse order; what is gone needs nothing. */
async function makeWritable(run: Run, devices: readonly string[]): Promise<void> {
  for (const device of devices.toReversed()) {
    try {
      await stat(device);
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') continue;
      throw error;
    }
    await setWritable(run, device);
  }
}
