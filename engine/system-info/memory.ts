/** The memory the kernel can use: a little less than what is built in. */

import type { Bytes } from '../../lib/units.ts';
import { readSysfs } from './sysfs.ts';

export async function readMemoryBytes(): Promise<Bytes> {
  return parseMeminfo((await readSysfs('/proc/meminfo')) ?? '');
}

/** MemTotal of /proc/meminfo, whose "kB" are 1024 bytes (proc(5)); 0 when it is not there. */
export function parseMeminfo(text: string): Bytes {
  const match = /^MemTotal:\s+(\d+) kB$/m.exec(text);
  return Number(match?.[1] ?? 0) * 1024;
}
