/** The machine and the tools that figures were measured with. */

import { readFileSync } from 'node:fs';
import { availableParallelism, release, totalmem } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import type { Run } from '../../lib/exec/run.ts';
import { formatBytes } from '../../lib/format.ts';
import { ProcessorSampler } from './processor-use.ts';

/** One line for each fact: what it is, and what it is here. */
export type MachineFacts = Readonly<Record<string, string>>;

const IDLE_SAMPLE_MS = 2000;

export async function describeMachine(run: Run): Promise<MachineFacts> {
  const model = /^model name\s*:\s*(.+)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1];
  const { stdout: packages } = await run('dpkg-query', [
    '--show',
    '--showformat',
    '${Package} ${Version}, ',
    'partclone',
    'udpcast',
    'zstd',
  ]);
  const { stdout: filesystem } = await run('findmnt', [
    '--noheadings',
    '--raw',
    '--output',
    'SOURCE,FSTYPE',
    '--target',
    '/var/tmp',
  ]);
  return {
    processor: `${availableParallelism()} × ${model ?? 'unknown'}`,
    memory: formatBytes(totalmem()),
    kernel: release(),
    'file system of all disks and images': filesystem.trim(),
    tools: packages.replace(/, $/, ''),
    node: process.version,
    'busy before the start': await foreignLoad(),
    'measured at': new Date().toISOString().slice(0, 16).replace('T', ' '),
  };
}

/** What others do on the machine while we do nothing: figures taken beside a busy neighbour are worth little. */
async function foreignLoad(): Promise<string> {
  const sampler = new ProcessorSampler();
  const startedAtMs = Date.now();
  await delay(IDLE_SAMPLE_MS);
  sampler.stop();
  const share = sampler.busyShare(startedAtMs, Date.now() + IDLE_SAMPLE_MS);
  return `${Math.round(share * 100)} % of all processors (others on this machine)`;
}
