/** What the server does for each kind of operation: a row each. Who does a kind its traits say (lib/model/operations). */

import type { Assignment } from '../../../lib/model/operations/assignment.ts';
import type { WorkItem } from '../work-item.ts';
import { captureOperation } from './capture.ts';
import { deployOperation } from './deploy.ts';
import { partitionOperation } from './partition.ts';
import type {
  AssignedOf,
  Kind,
  OperationOf,
  OperationRow,
  PreparationContext,
  RequestContext,
  ServerOperations,
  ServerStep,
  WantedOf,
} from './row.ts';
import { shutdownOperation } from './shutdown.ts';

export const OPERATIONS: ServerOperations = {
  capture: captureOperation,
  deploy: deployOperation,
  partition: partitionOperation,
  shutdown: shutdownOperation,
};

export function operationRow<K extends Kind>(
  operations: ServerOperations,
  operation: { readonly type: K },
): OperationRow<K> {
  const rows: { readonly [T in Kind]: OperationRow<T> } = operations;
  return rows[operation.type];
}

/** The operation as the task keeps it. Throws what resolving it throws. */
export function resolveOperation<K extends Kind>(
  context: RequestContext,
  wanted: WantedOf<K>,
): OperationOf<K> {
  const row: OperationRow<K> = OPERATIONS[wanted.type];
  return row.resolve(context, wanted);
}

/** What a worker is told of the run's next operation. Throws why it cannot be done. */
export async function prepareOperation<K extends Kind>(
  { operations, ...context }: PreparationContext & { readonly operations: ServerOperations },
  item: WorkItem,
  operation: OperationOf<K>,
  assignment: Assignment,
): Promise<AssignedOf<K>> {
  const row: OperationRow<K> = operations[operation.type];
  if (row.by === 'host') return row.prepare(context, item, operation, assignment);
  throw new TypeError(`${operation.type} is an operation of the server itself`);
}

/** What the server does of an operation of its own. */
export function ownSteps<K extends Kind>(
  operations: ServerOperations,
  item: WorkItem,
  operation: OperationOf<K>,
): readonly ServerStep[] {
  const row: OperationRow<K> = operations[operation.type];
  if (row.by === 'server') return row.steps(operation, item);
  throw new TypeError(`${operation.type} is an operation of a worker on the host`);
}
