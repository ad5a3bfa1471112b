/** How much the kernel lets a socket hold: with little, a busy moment loses packets of a transmission (socket(7)). */

import { readFile } from 'node:fs/promises';
import { message } from '../../../lib/model/messages/table.ts';
import type { Check } from '../check.ts';
import { ok, warning, type Finding } from '../finding.ts';

/** The kernel's own default; what hosts receive with is set in their root file system. */
const LEAST_BYTES = 212_992;
const NAMES = ['net.core.rmem_max', 'net.core.wmem_max'];

export const buffers: Check = {
  name: 'buffers',
  title: message('check.buffers'),
  rootBecause: null,
  perform: async () =>
    Promise.all(
      NAMES.map(async (name) => {
        const text = await readFile(`/proc/sys/${name.replaceAll('.', '/')}`, 'utf8');
        return judgeBuffer(name, Number(text));
      }),
    ),
};

export function judgeBuffer(name: string, sizeBytes: number): Finding {
  if (sizeBytes >= LEAST_BYTES) return ok(name, message('buffers.good', { sizeBytes }));
  const found = message('buffers.small', { sizeBytes });
  return warning(name, found, message('remedy.larger-buffers', { name }));
}
