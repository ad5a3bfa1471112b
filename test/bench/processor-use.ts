/** How busy the machine's processors are, and what single processes take of them (proc(5)). */

import { readFileSync, writeFileSync } from 'node:fs';
import type { Bytes } from '../../lib/units.ts';

/** USER_HZ: the unit of all times in /proc, 100 a second on every Linux that has Node. */
const MS_PER_TICK = 10;
const SAMPLE_INTERVAL_MS = 100;

type Sample = { readonly atMs: number; readonly busyTicks: number; readonly allTicks: number };

/** Notes the use of all processors ten times a second, until it is stopped. */
export class ProcessorSampler {
  readonly #samples: Sample[] = [takeSample()];
  readonly #timer = setInterval(() => this.#samples.push(takeSample()), SAMPLE_INTERVAL_MS);

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Share of all processors' time, 0 to 1, that was used from `fromMs` to `toMs` (Date.now()), by whatever process. */
  busyShare(fromMs: number, toMs: number): number {
    const from = this.#nearest(fromMs);
    const to = this.#nearest(toMs);
    return (to.busyTicks - from.busyTicks) / Math.max(1, to.allTicks - from.allTicks);
  }

  #nearest(atMs: number): Sample {
    return this.#samples.reduce((best, sample) =>
      Math.abs(sample.atMs - atMs) < Math.abs(best.atMs - atMs) ? sample : best,
    );
  }
}

function takeSample(): Sample {
  const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n');
  // user nice system idle iowait irq softirq steal; the guests after them are in user already.
  const ticks = line.split(/\s+/).slice(1, 9).map(Number);
  const allTicks = ticks.reduce((sum, value) => sum + value, 0);
  const idleTicks = (ticks[3] ?? 0) + (ticks[4] ?? 0);
  return { atMs: Date.now(), busyTicks: allTicks - idleTicks, allTicks };
}

export type ProcessTimes = {
  /** Processor time of the process itself. */
  readonly ownMs: number;
  /** Of the programs it started, once they have ended. */
  readonly toolsMs: number;
};

/** Processor time since the process began. Throws when it is gone. */
export function timesOf(pid: number): ProcessTimes {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The second field, the name, is in parentheses and may contain spaces; utime is field 14.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = (field: number): number => Number(fields[field - 3] ?? 0);
  return {
    ownMs: (ticks(14) + ticks(15)) * MS_PER_TICK,
    toolsMs: (ticks(16) + ticks(17)) * MS_PER_TICK,
  };
}

/** From now on the peak is counted again (clear_refs, value 5). */
export function resetPeakMemory(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
}

/** VmHWM: the most memory that the process itself, without its tools, has had since the last reset. */
export function peakMemory(pid: number): Bytes {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
}

/** What a piece of work cost a process. */
export type ProcessUse = ProcessTimes & { readonly peakBytes: Bytes };

/** Does `work` and returns what it cost each process, in their order, beside its result. */
export async function withProcessUse<T>(
  pids: readonly number[],
  work: () => Promise<T>,
): Promise<{ readonly result: T; readonly use: readonly ProcessUse[] }> {
  for (const pid of pids) resetPeakMemory(pid);
  const before = pids.map(timesOf);
  const result = await work();
  const use = pids.map((pid, index): ProcessUse => {
    const { ownMs, toolsMs } = timesOf(pid);
    return {
      ownMs: ownMs - (before[index]?.ownMs ?? 0),
      toolsMs: toolsMs - (before[index]?.toolsMs ?? 0),
      peakBytes: peakMemory(pid),
    };
  });
  return { result, use };
}
