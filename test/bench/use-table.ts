/** The table of what work cost the processes. */

import { formatBytes } from '../../lib/format.ts';
import type { Bytes } from '../../lib/units.ts';
import type { Table } from './benchmark.ts';
import type { ProcessUse } from './processor-use.ts';
import { formatSpread } from './statistics.ts';

export type UseRow = {
  readonly what: string;
  /** What was moved, for which the time was needed. */
  readonly bytes: Bytes;
  readonly use: readonly ProcessUse[];
};

export function useTable(title: string, rows: readonly UseRow[]): Table {
  return {
    title,
    columns: ['process', 'own, s/GB', 'its tools, s/GB', 'peak memory (own)'],
    rows: rows.map(({ what, bytes, use }) => {
      const perGigabyte = (times: readonly number[]): string =>
        formatSpread(
          times.map((time) => time / 1000 / (bytes / 1e9)),
          2,
        );
      return [
        what,
        perGigabyte(use.map(({ ownMs }) => ownMs)),
        perGigabyte(use.map(({ toolsMs }) => toolsMs)),
        formatBytes(Math.max(...use.map(({ peakBytes }) => peakBytes))),
      ];
    }),
  };
}
