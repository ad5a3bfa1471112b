/** The end of an engine, as the server sees it: nothing to prepare. */

import type { ServerOperation } from './table.ts';

export const shutdownOperation: ServerOperation<'shutdown'> = {
  prepare: (_context, _item, { mode }, assignment) => ({ ...assignment, type: 'shutdown', mode }),
};
