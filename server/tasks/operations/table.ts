/** What the server does for each kind of operation: a row each. Who does a kind its traits say (lib/model/operations). */

import type { Assignment } from '../../../lib/model/operations/assignment.ts';
import type { StoreData } from '../../store/schema.ts';
import type { WorkItem } from '../work-item.ts';
import { captureOperation } from './capture.ts';
import { deployOperation } from './deploy.ts';
import { partitionOperation } from './partition.ts';
import type {
  AssignedOf,
  HostOperation,
  Kind,
  OperationOf,
  OperationRow,
  OwnOperation,
  PreparationContext,
  RequestContext,
  RowOf,
  ServerOperations,
  ServerStep,
  WantedOf,
} from './row.ts';
import { shutdownOperation } from './shutdown.ts';

export const OPERATIONS: { readonly [K in Kind]: RowOf<K> } = {
  capture: captureOperation,
  deploy: deployOperation,
  partition: partitionOperation,
  shutdown: shutdownOperation,
};

/** The operation as the task keeps it. Throws what resolving it throws. */
export function resolveOperation<K extends Kind>(
  context: RequestContext,
  wanted: WantedOf<K>,
): OperationOf<K> {
  const rows: ServerOperations = OPERATIONS;
  const row: OperationRow<K> = rows[wanted.type];
  return row.resolve(context, wanted);
}

/** What asks for the operation once more. */
export function wantedAgain<K extends Kind>(
  data: StoreData,
  operation: OperationOf<K>,
): WantedOf<K> {
  const rows: ServerOperations = OPERATIONS;
  const row: OperationRow<K> = rows[operation.type];
  return row.wantedAgain(data, operation);
}

/** The run's next operation, for the worker on the host that does it. */
export type HostWork = {
  readonly by: HostOperation<Kind>['by'];
  /** What the worker is told of it. Rejects with why it cannot be done. */
  readonly prepare: (
    context: PreparationContext,
    assignment: Assignment,
  ) => Promise<AssignedOf<Kind>>;
};

/** The run's next operation, which the server does itself. */
export type OwnWork = Pick<OwnOperation<Kind>, 'by' | 'isRepeatable'> & {
  /** Throws why it cannot be done. */
  readonly steps: () => readonly ServerStep[];
};

/** Who does the run's next operation, and what has to be known for that; undefined: it has none left. */
export function nextWork(
  operations: ServerOperations,
  item: WorkItem,
): HostWork | OwnWork | undefined {
  const operation = item.task.operations[item.run.operationIndex];
  return operation === undefined ? undefined : workOf(operations, operation, item);
}

function workOf<K extends Kind>(
  operations: ServerOperations,
  operation: OperationOf<K>,
  item: WorkItem,
): HostWork | OwnWork {
  const row: OperationRow<K> = operations[operation.type];
  if (row.by === 'server') {
    const { by, isRepeatable } = row;
    return { by, isRepeatable, steps: () => row.steps(operation, item) };
  }
  return {
    by: row.by,
    prepare: async (context, assignment) => row.prepare(context, item, operation, assignment),
  };
}
