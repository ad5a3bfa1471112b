/** lscpu(1): the processors, on every architecture. */

import { z } from 'zod';
import type { Run } from '../../lib/exec/run.ts';
import type { Bytes } from '../../lib/units.ts';
import { parseToolJson } from './tool-output.ts';

/** All sockets of a machine are alike to lscpu. */
export type CpuDescription = {
  readonly vendor: string;
  readonly model: string;
  readonly socketCount: number;
  readonly coresPerSocket: number;
  readonly threadsPerSocket: number;
  /** The fastest clock the processor can take; null in most virtual machines. */
  readonly maxMhz: number | null;
  /** The last-level cache of one socket. */
  readonly cacheBytes: Bytes | null;
};

/** Throws `tool-missing`, `tool-failed`. */
export async function describeCpu(run: Run): Promise<CpuDescription> {
  const { stdout } = await run('lscpu', ['--json', '--bytes']);
  return parseLscpu(stdout);
}

/** Reads `lscpu --json --bytes`, flat (2.38) or nested (2.39 and later). Throws `tool-failed`. */
export function parseLscpu(text: string): CpuDescription {
  const values = new Map<string, string>();
  const take = (fields: readonly Field[]): void => {
    for (const { field, data, children } of fields) {
      if (data !== null) values.set(field.replace(/:$/, ''), data);
      take(children ?? []);
    }
  };
  take(parseToolJson('lscpu', text, Output).lscpu);
  // "33554432 (1 instance)" for caches, "-" for what is not known.
  const numberOf = (...names: string[]): number | null => {
    for (const name of names) {
      const value = Number.parseFloat(values.get(name) ?? '');
      if (Number.isFinite(value) && value > 0) return value;
    }
    return null;
  };
  const socketCount = numberOf('Socket(s)') ?? 1;
  const coresPerSocket = numberOf('Core(s) per socket', 'Core(s) per cluster') ?? 1;
  const cacheBytes = numberOf('L3 cache', 'L3', 'L2 cache', 'L2');
  return {
    vendor: values.get('Vendor ID') ?? '',
    model: values.get('Model name') ?? '',
    socketCount,
    coresPerSocket,
    threadsPerSocket: coresPerSocket * (numberOf('Thread(s) per core') ?? 1),
    maxMhz: numberOf('CPU max MHz'),
    cacheBytes: cacheBytes === null ? null : Math.round(cacheBytes / socketCount),
  };
}

type Field = {
  field: string;
  data: string | null;
  children?: Field[] | undefined;
};

const Field: z.ZodType<Field> = z.object({
  field: z.string(),
  data: z.string().nullable(),
  get children() {
    return z.array(Field).optional();
  },
});

const Output = z.object({ lscpu: z.array(Field) });
