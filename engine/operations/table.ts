/** Every kind of work an engine does, by the type of its operation. */

import type { PlannedOperation } from '../step-runner.ts';
import { planCapture } from './capture.ts';
import type { OperationContext } from './context.ts';
import { planDeploy } from './deploy.ts';
import { planPartition } from './partition.ts';
import type { EngineKind, OperationOf, Planner } from './plan.ts';
import { planShutdown } from './shutdown.ts';

const PLANNERS: { readonly [K in EngineKind]: Planner<K> } = {
  capture: planCapture,
  deploy: planDeploy,
  partition: planPartition,
  shutdown: planShutdown,
};

/** Looks at the host and says what the operation will do, without changing anything on its disks. */
export async function planOperation<K extends EngineKind>(
  operation: OperationOf<K>,
  context: OperationContext,
): Promise<PlannedOperation> {
  const plan: Planner<K> = PLANNERS[operation.type];
  return plan(operation, context);
}
