/** Partition tables as sfdisk(8) reads and writes them, with nothing of the engine's own codecs. */

import { z } from 'zod';
import type { Run } from '../../lib/exec/run.ts';

/** The part of `sfdisk --json` that is compared (sfdisk 2.38 and newer). */
const SfdiskTable = z.object({
  partitiontable: z.object({
    label: z.enum(['dos', 'gpt']),
    id: z.string(),
    unit: z.literal('sectors'),
    firstlba: z.number().optional(),
    lastlba: z.number().optional(),
    sectorsize: z.number(),
    partitions: z
      .array(
        z.object({
          node: z.string(),
          start: z.number(),
          size: z.number(),
          type: z.string(),
          uuid: z.string().optional(),
          name: z.string().optional(),
          attrs: z.string().optional(),
          bootable: z.boolean().optional(),
        }),
      )
      .default([]),
  }),
});
export type SfdiskTable = z.infer<typeof SfdiskTable>['partitiontable'];

/** The table on `device`. Throws `tool-failed` when there is none. */
export async function readTable(run: Run, device: string): Promise<SfdiskTable> {
  const { stdout } = await run('sfdisk', ['--json', device]);
  return SfdiskTable.parse(JSON.parse(stdout)).partitiontable;
}

/** The number at the end of a partition's device file. */
export function numberOf(node: string, device: string): number {
  return Number(node.slice(device.length).replace(/^p/, ''));
}

/** MBR types of a container of logical partitions (sfdisk --list-types). */
export function isExtended(table: SfdiskTable, type: string): boolean {
  return table.label === 'dos' && ['5', 'f', '85'].includes(type);
}

/** Writes the table that `script` describes (sfdisk(8), "script mode") without telling the kernel. */
export async function writeTable(
  run: Run,
  device: string,
  script: readonly string[],
): Promise<void> {
  await run('sfdisk', ['--quiet', '--no-reread', '--no-tell-kernel', device], {
    input: `${script.join('\n')}\n`,
  });
}
