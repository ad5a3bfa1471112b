/** The end of an engine, as the server sees it: nothing to prepare. */

import type { HostOperation } from './row.ts';

export const shutdownOperation: HostOperation<'shutdown'> = {
  by: 'host',
  resolve: (_context, wanted) => wanted,
  prepare: (_context, _item, { mode }, assignment) => ({ ...assignment, type: 'shutdown', mode }),
};
