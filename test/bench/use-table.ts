/** The table of what work cost the processes. */

import { formatBytes } from '../../lib/format.ts';
import type { Bytes } from '../../lib/units.ts';
import type { Table } from './benchmark.ts';
import type { ProcessUse } from './processor-use.ts';
import { formatSpread, median } from './statistics.ts';

export type UseRow = {
  readonly what: string;
  /** What was moved, for which the time was needed. */
  readonly bytes: Bytes;
  readonly use: readonly ProcessUse[];
};

/** Below this the seconds are those of beginning and end alone, and per GB they mean nothing. */
const LEAST_BYTES = 20_000_000;

/** Small work shows mostly what its beginning and end cost: seconds stand beside seconds per GB. */
export function useTable(title: string, rows: readonly UseRow[]): Table {
  return {
    title,
    columns: [
      'process',
      'moved',
      'own, s',
      'its tools, s',
      'own, s/GB',
      'its tools, s/GB',
      'peak memory (own)',
    ],
    rows: rows.map(({ what, bytes, use }) => {
      const own = use.map(({ ownMs }) => ownMs / 1000);
      const tools = use.map(({ toolsMs }) => toolsMs / 1000);
      const perGigabyte = (seconds: readonly number[]): string =>
        bytes < LEAST_BYTES ? '' : (median(seconds) / (bytes / 1e9)).toFixed(2);
      return [
        what,
        formatBytes(bytes),
        formatSpread(own, 2),
        formatSpread(tools, 2),
        perGigabyte(own),
        perGigabyte(tools),
        formatBytes(Math.max(...use.map(({ peakBytes }) => peakBytes))),
      ];
    }),
  };
}
