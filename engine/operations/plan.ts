/** What planning a kind of operation comes to, by the kind's traits. */

import type { ShutdownMode } from '../../lib/model/operations/shutdown.ts';
import type { EngineOperation } from '../../lib/model/operation.ts';
import type { KindsOf, OPERATION_KINDS } from '../../lib/model/operations/table.ts';
import type { PlannedOperation } from '../step-runner.ts';
import type { OperationContext } from './context.ts';

/** Those that an engine does. */
export type EngineKind = KindsOf<'engine'>;
export type OperationOf<K extends EngineKind> = Extract<EngineOperation, { type: K }>;

type EndsWorker<K extends EngineKind> = (typeof OPERATION_KINDS)[K]['traits']['endsWorker'];

/** One that ends the engine says how the host is left, and no other one does. */
export type PlanOf<K extends EngineKind> = PlannedOperation & {
  readonly leave: EndsWorker<K> extends true ? ShutdownMode : null;
};

/** Looks at the host and says what the operation will do, without changing anything on its disks. */
export type Planner<K extends EngineKind> = (
  operation: OperationOf<K>,
  context: OperationContext,
) => Promise<PlanOf<K>>;
