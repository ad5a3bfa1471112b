/** The end of an engine, as the server sees it: nothing to prepare. */

import type { HostOperation, Resolve } from './table.ts';

export const resolveShutdown: Resolve<'shutdown'> = (_context, wanted) => wanted;

export const shutdownOperation: HostOperation<'shutdown'> = {
  by: 'host',
  prepare: (_context, _item, { mode }, assignment) => ({ ...assignment, type: 'shutdown', mode }),
};
