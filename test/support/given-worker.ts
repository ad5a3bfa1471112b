/** No kind of operation of the product is an agent's or the server's yet: tests give them some. */

import { mock } from 'node:test';
import { traitsOf } from '../../lib/model/operation.ts';
import type { KindName } from '../../lib/model/operations/table.ts';
import type { WorkerKind } from '../../lib/model/worker.ts';

/** By the traits that everything asks, the kind is this worker's until the mocks are restored. */
export function giveTo(worker: WorkerKind, type: KindName): void {
  mock.property(traitsOf({ type }), 'worker', worker);
}
