/** wipefs(8): the signatures on a device, and taking them away, so that nothing finds two on one device. */

import { z } from 'zod';
import type { Run } from '../../lib/exec/run.ts';
import type { Signature } from '../../lib/disk/signature.ts';
import { parseToolJson } from './tool-output.ts';

/** All signatures on `device`, which is only read. Throws `tool-missing`, `tool-failed`. */
export async function listSignatures(run: Run, device: string): Promise<Signature[]> {
  const args = ['--json', '--output', 'OFFSET,TYPE,USAGE', device];
  const { stdout } = await run('wipefs', args, { timeoutMs: 60_000 });
  return parseSignatures(stdout);
}

const Listing = z.object({
  signatures: z.array(
    z.object({
      offset: z.string().regex(/^0x[0-9a-f]+$/),
      type: z.string(),
      usage: z.string().nullable(),
    }),
  ),
});

/** Reads `wipefs --json`; on a blank device it prints nothing at all. */
export function parseSignatures(text: string): Signature[] {
  if (text.trim() === '') return [];
  return parseToolJson('wipefs', text, Listing).signatures.map(({ offset, type, usage }) => ({
    offsetBytes: Number(offset),
    type,
    usage: usage ?? '',
  }));
}

export async function wipeSignatures(run: Run, device: string): Promise<void> {
  await run('wipefs', ['--all', '--force', '--quiet', device]);
}
