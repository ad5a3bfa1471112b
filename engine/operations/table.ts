/** Every kind of work an engine knows, by the type of its operation. */

import { unreachable } from '../../lib/unreachable.ts';
import type { WorkOperation } from '../../lib/model/operation.ts';
import type { PlannedOperation } from '../step-runner.ts';
import { planCapture } from './capture.ts';
import type { OperationContext } from './context.ts';
import { planDeploy } from './deploy.ts';
import { planPartition } from './partition.ts';
import { planShutdown } from './shutdown.ts';

/** Looks at the host and says what the operation will do, without changing anything on its disks. */
export async function planOperation(
  operation: WorkOperation,
  context: OperationContext,
): Promise<PlannedOperation> {
  switch (operation.type) {
    case 'capture':
      return planCapture(operation, context);
    case 'deploy':
      return planDeploy(operation, context);
    case 'partition':
      return planPartition(operation, context);
    case 'shutdown':
      return planShutdown(operation);
    default:
      return unreachable(operation);
  }
}
