/** How long a host may take from the order to restart until the worker of its next operation is there. */

import type { HostWorkerKind } from '../../lib/model/worker.ts';

export type ArrivalTimes = { readonly [K in HostWorkerKind]: number };

/**
 * Slow firmware of servers takes five minutes, the engine two more on a slow network. A system that was deployed just
 * now may restart once or twice before its services run.
 */
export const ARRIVAL_MS: ArrivalTimes = { engine: 900_000, agent: 1_800_000 };

/** A host that comes up MAX_ORDERS times in the system that it was told to leave does not find its way by itself. */
export const MAX_ORDERS = 3;
