/** GPT, as a kind of partition table. */

import type { GptTable } from '../../model/partition-table.ts';
import { gapBeforePartitions } from './gap-before-partitions.ts';
import { fitGpt } from './gpt-fit.ts';
import { readGptTable } from './gpt-table.ts';
import { arraySectors } from './gpt.ts';
import type { TableKind } from './kind.ts';
import { endOf } from './ranges.ts';

export const GPT_KIND: TableKind<GptTable> = {
  type: 'gpt',
  read: readGptTable,
  areaOrder: ['gpt-backup', 'gpt-primary', 'mbr'],
  requiredSectors: (table) => {
    const dataEnd = Math.max(table.firstUsableSector + 1, ...table.partitions.map(endOf));
    return dataEnd + arraySectors(table, table.sectorSizeBytes) + 1;
  },
  gaps: (table) =>
    gapBeforePartitions(
      table.entriesSector + arraySectors(table, table.sectorSizeBytes),
      table.partitions,
    ),
  fit: fitGpt,
};
