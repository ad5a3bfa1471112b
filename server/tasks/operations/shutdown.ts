/** The end of an engine, as the server sees it: nothing to prepare. */

import type { RowOf } from './row.ts';

export const shutdownOperation: RowOf<'shutdown'> = {
  by: 'engine',
  resolve: (_context, wanted) => wanted,
  wantedAgain: (_data, operation) => operation,
  prepare: (_context, _item, { mode }, assignment) => ({ ...assignment, type: 'shutdown', mode }),
};
