/** What the server does for each kind of operation: a row each. */

import type { Assignment } from '../../../lib/model/operations/assignment.ts';
import type { Operation, WorkOperation } from '../../../lib/model/operation.ts';
import type { ImageStore } from '../../image-store/image-store.ts';
import type { Store } from '../../store/store.ts';
import type { Gathering } from '../gathering.ts';
import type { WorkItem } from '../runs.ts';
import { captureOperation } from './capture.ts';
import { deployOperation } from './deploy.ts';
import { partitionOperation } from './partition.ts';
import { shutdownOperation } from './shutdown.ts';

/** What preparing an operation takes. */
export type PreparationContext = {
  readonly store: Store;
  readonly images: ImageStore;
  readonly gathering: Gathering;
};

type Kind = Operation['type'];
type Of<K extends Kind> = Extract<Operation, { type: K }>;
type AssignedOf<K extends Kind> = Extract<WorkOperation, { type: K }>;

export type ServerOperation<K extends Kind> = {
  /** What the engine needs to know to do it. Throws why it cannot be done: the run fails then. */
  readonly prepare: (
    context: PreparationContext,
    item: WorkItem,
    operation: Of<K>,
    assignment: Assignment,
  ) => AssignedOf<K> | Promise<AssignedOf<K>>;
};

const OPERATIONS: { readonly [K in Kind]: ServerOperation<K> } = {
  capture: captureOperation,
  deploy: deployOperation,
  partition: partitionOperation,
  shutdown: shutdownOperation,
};

/** What the engine is told of the run's next operation. Throws why it cannot be done. */
export async function prepareOperation<K extends Kind>(
  context: PreparationContext,
  item: WorkItem,
  operation: Of<K>,
  assignment: Assignment,
): Promise<AssignedOf<K>> {
  const row: ServerOperation<K> = OPERATIONS[operation.type];
  return row.prepare(context, item, operation, assignment);
}
