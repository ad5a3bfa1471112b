/** The processors, one per socket. */

import type { z } from 'zod';
import type { Run } from '../../lib/exec/run.ts';
import type { Processor as ProcessorSchema } from '../../lib/model/system-info.ts';
import { describeCpu } from '../tools/lscpu.ts';
import { factOr } from './optional-facts.ts';
import { readSysfs } from './sysfs.ts';

type Processor = z.infer<typeof ProcessorSchema>;

/** From lscpu, with the clock of now from /proc/cpuinfo; from that alone when lscpu fails. */
export async function readProcessors(run: Run): Promise<Processor[]> {
  const now = parseCpuinfo((await readSysfs('/proc/cpuinfo')) ?? '');
  const cpu = await factOr(null, () => describeCpu(run));
  if (cpu === null) return now;
  return Array.from({ length: cpu.socketCount }, (_, index) => ({
    vendor: cpu.vendor,
    model: cpu.model,
    mhz: cpu.maxMhz ?? now[index]?.mhz ?? null,
    cores: cpu.coresPerSocket,
    threads: cpu.threadsPerSocket,
    cacheBytes: cpu.cacheBytes,
  }));
}

/** Reads /proc/cpuinfo of an x86 machine, a block per thread; empty for what has no "physical id". */
export function parseCpuinfo(text: string): Processor[] {
  const sockets = new Map<string, Processor>();
  for (const block of text.split(/\n\s*\n/)) {
    const values = new Map(
      block.split('\n').map((line): [string, string] => {
        const [name = '', value = ''] = line.split(/\s*:\s?/, 2);
        return [name.trim(), value.trim()];
      }),
    );
    const socket = values.get('physical id');
    if (socket === undefined) continue;
    const mhz = Number.parseFloat(values.get('cpu MHz') ?? '');
    const before = sockets.get(socket);
    sockets.set(socket, {
      vendor: values.get('vendor_id') ?? '',
      model: values.get('model name') ?? '',
      mhz: Number.isFinite(mhz) ? Math.max(Math.round(mhz), before?.mhz ?? 0) : null,
      cores: Number.parseInt(values.get('cpu cores') ?? '1', 10),
      threads: (before?.threads ?? 0) + 1,
      cacheBytes: null,
    });
  }
  return [...sockets.values()];
}
