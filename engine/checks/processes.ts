/** The processes of this machine as /proc shows them (proc(5)): which files they have open, where they see mounts. */

import { readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { blockDeviceNumber } from '../system-info/block-device.ts';
import { readSysfs } from '../system-info/sysfs.ts';

export type OpenDevice = {
  readonly pid: number;
  /** Short name of the program (/proc/PID/comm). */
  readonly processName: string;
  readonly deviceNumber: string;
  readonly forWriting: boolean;
};

/** Every open file descriptor of any process that is one of the block devices `deviceNumbers`, once per process. */
export async function findOpenDevices(deviceNumbers: ReadonlySet<string>): Promise<OpenDevice[]> {
  const found = new Map<string, OpenDevice>();
  for (const pid of await listProcesses()) {
    for (const descriptor of await listOrEmpty(`/proc/${pid}/fd`)) {
      const link = join('/proc', String(pid), 'fd', descriptor);
      // Only what is named below /dev is looked at closer: asking a file on a dead network mount would hang.
      if (!(await linkOrEmpty(link)).startsWith('/dev/')) continue;
      const deviceNumber = await blockDeviceNumber(link);
      if (deviceNumber === null || !deviceNumbers.has(deviceNumber)) continue;
      const forWriting = await isForWriting(pid, descriptor);
      const key = `${pid} ${deviceNumber}`;
      found.set(key, {
        pid,
        processName: await processName(pid),
        deviceNumber,
        forWriting: forWriting || found.get(key)?.forWriting === true,
      });
    }
  }
  return [...found.values()];
}

/** One process of every mount namespace other than our own. */
export async function findOtherMountNamespaces(): Promise<{ pid: number; processName: string }[]> {
  const seen = new Set(['', await linkOrEmpty('/proc/self/ns/mnt')]);
  const others: { pid: number; processName: string }[] = [];
  for (const pid of await listProcesses()) {
    const namespace = await linkOrEmpty(`/proc/${pid}/ns/mnt`);
    if (seen.has(namespace)) continue;
    seen.add(namespace);
    others.push({ pid, processName: await processName(pid) });
  }
  return others;
}

/**
 * When the process started, in clock ticks since boot: with its id this names one process for as long as the machine
 * runs. Null when there is no such process any more.
 */
export async function processStartTicks(pid: number): Promise<number | null> {
  const text = await readSysfs(`/proc/${pid}/stat`);
  // The second field, the name in parentheses, may itself have spaces and parentheses; the third is the state.
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ');
  const startTicks = fields?.[22 - 3];
  // One that has ended and waits for its parent to ask does nothing any more.
  return startTicks === undefined || fields?.[0] === 'Z' ? null : Number(startTicks);
}

async function listProcesses(): Promise<number[]> {
  return (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
}

async function processName(pid: number): Promise<string> {
  return (await readSysfs(`/proc/${pid}/comm`)) ?? 'unknown';
}

/** Processes end while they are looked at; what is gone holds nothing. */
async function listOrEmpty(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if (error instanceof Error && 'code' in error) return [];
    throw error;
  }
}

async function linkOrEmpty(path: string): Promise<string> {
  try {
    return await readlink(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error) return '';
    throw error;
  }
}

/** The access mode in the octal flags of /proc/PID/fdinfo: 0 reading, 1 writing, 2 both (O_ACCMODE). */
async function isForWriting(pid: number, descriptor: string): Promise<boolean> {
  const flags = /^flags:\s+([0-7]+)$/m.exec(
    (await readSysfs(`/proc/${pid}/fdinfo/${descriptor}`)) ?? '',
  );
  return flags !== null && (Number.parseInt(flags[1] ?? '0', 8) & 3) !== 0;
}
