/** Starts a virtual machine from a disk image and waits for what the system on it prints (qemu(1)). */

import { appendFileSync, writeFileSync } from 'node:fs';
import { finished } from 'node:stream/promises';
import { stripVTControlCharacters } from 'node:util';
import { startService } from '../../lib/exec/service.ts';
import type { BootProof } from './source-disks/linux.ts';

export type BootOutcome = {
  readonly booted: boolean;
  readonly elapsedMs: number;
  /** Why not, for people; the console's last lines. */
  readonly reason: string;
};

/**
 * Boots a copy of `file` by BIOS, the disk itself stays as it is, until `proof.marker` appears on the serial console.
 * The console goes to `logFile`. Software emulation: stock kernels hang under /dev/kvm here (docs/field-notes.md).
 */
export async function bootDisk(options: {
  readonly file: string;
  readonly proof: BootProof;
  readonly logFile: string;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}): Promise<BootOutcome> {
  const { file, proof, logFile, timeoutMs, signal } = options;
  const startedAt = performance.now();
  writeFileSync(logFile, '');
  let console = '';
  const hear = (text: string): void => {
    appendFileSync(logFile, text);
    console = (console + text).slice(-64 * 1024);
    if (console.includes(proof.marker)) stop();
  };
  const machine = startService('qemu-system-x86_64', machineArguments(file), {
    deathSignal: 'KILL',
    input: 'none',
    output: 'stream',
    onText: hear,
  });
  const stop = (): void => machine.kill('SIGKILL');
  const limit = setTimeout(stop, timeoutMs);
  signal?.addEventListener('abort', stop, { once: true });
  if (signal?.aborted === true) stop();
  machine.output?.setEncoding('utf8').on('data', hear);
  const end = await machine.ended;
  // What it said last can come after its end.
  if (machine.output !== null) await finished(machine.output).catch(() => undefined);
  clearTimeout(limit);
  signal?.removeEventListener('abort', stop);
  signal?.throwIfAborted();
  const booted = console.includes(proof.marker);
  const elapsedMs = performance.now() - startedAt;
  const how = end.signal === null ? `QEMU ended (${end.status})` : `no marker in ${timeoutMs} ms`;
  const last = stripVTControlCharacters(console)
    .trim()
    .split(/[\r\n]+/)
    .slice(-5)
    .join(' | ');
  return { booted, elapsedMs, reason: booted ? '' : `${how}; the console said: ${last}` };
}

function machineArguments(file: string): string[] {
  return [
    '-machine',
    'pc,graphics=off',
    '-accel',
    'tcg,thread=multi',
    '-cpu',
    'qemu64',
    '-smp',
    '1',
    '-m',
    '512',
    '-nodefaults',
    '-display',
    'none',
    '-no-reboot',
    '-serial',
    'stdio',
    '-net',
    'none',
    '-drive',
    `file=${file.replaceAll(',', ',,')},format=raw,if=virtio,snapshot=on`,
  ];
}
