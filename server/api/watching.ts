/** Operators' calls that read what moves, once or from now on. */

import { OperatorError } from '../../lib/errors.ts';
import type { Handlers } from '../../lib/protocol/contract.ts';
import type { STATUS_METHODS } from '../../lib/protocol/operator-api/status.ts';
import type { ViewContext } from '../views/context.ts';
import { currentStatus } from '../views/status.ts';
import type { Watches } from '../watches/watches.ts';
import type { Caller } from './caller.ts';

export function watchHandlers(context: ViewContext): Handlers<typeof STATUS_METHODS, [Caller]> {
  return {
    'status.get': async () => currentStatus(context),
    'status.watch': async ({ intervalMs }, caller) => watchesOf(caller).watchStatus(intervalMs),
    'inventory.watch': async ({ intervalMs }, caller) =>
      Promise.resolve(watchesOf(caller).watchInventory(intervalMs)),
    'log.watch': async (_, caller) => Promise.resolve(watchesOf(caller).watchLog()),
  };
}

function watchesOf({ watches }: Caller): Watches {
  if (watches !== null) return watches;
  throw new OperatorError({
    code: 'not-allowed',
    message: 'watching the server: nothing can be pushed over this connection',
    hint: 'Ask again and again, or connect by WebSocket.',
  });
}
