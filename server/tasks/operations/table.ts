/** What the server does for each kind of operation: a row each. Who does a kind its traits say (lib/model/operations). */

import type { Assignment } from '../../../lib/model/operations/assignment.ts';
import type { DiskSelector } from '../../../lib/model/disk-selector.ts';
import type { Host } from '../../../lib/model/host.ts';
import type { Operation, WantedOperation, WorkOperation } from '../../../lib/model/operation.ts';
import type { ImageStore } from '../../image-store/image-store.ts';
import type { StoreData } from '../../store/schema.ts';
import type { Store } from '../../store/store.ts';
import type { Gathering } from '../gathering.ts';
import type { WorkItem } from '../runs.ts';
import type { OwnOperation, ServerStep } from '../server-operation.ts';
import { captureOperation, resolveCapture } from './capture.ts';
import { deployOperation, resolveDeploy } from './deploy.ts';
import { partitionOperation, resolvePartition } from './partition.ts';
import { resolveShutdown, shutdownOperation } from './shutdown.ts';

/** What preparing an operation takes. */
export type PreparationContext = {
  readonly store: Store;
  readonly images: ImageStore;
  readonly gathering: Gathering;
};

type Kind = Operation['type'];
type Of<K extends Kind> = Extract<Operation, { type: K }>;
type WantedOf<K extends Kind> = Extract<WantedOperation, { type: K }>;
type AssignedOf<K extends Kind> = Extract<WorkOperation, { type: K }>;

/** What a wanted operation is resolved with: `hosts` are those of the task. */
export type RequestContext = {
  readonly data: StoreData;
  readonly disk: DiskSelector;
  readonly hosts: readonly Host[];
};

/** What is stored of it: images by their newest versions. Throws `not-found`, or `not-allowed` when it cannot be. */
export type Resolve<K extends Kind> = (context: RequestContext, wanted: WantedOf<K>) => Of<K>;

const RESOLVERS: { readonly [K in Kind]: Resolve<K> } = {
  capture: resolveCapture,
  deploy: resolveDeploy,
  partition: resolvePartition,
  shutdown: resolveShutdown,
};

/** The operation as the task keeps it. Throws as Resolve does. */
export function resolveOperation<K extends Kind>(
  context: RequestContext,
  wanted: WantedOf<K>,
): Of<K> {
  const resolve: Resolve<K> = RESOLVERS[wanted.type];
  return resolve(context, wanted);
}

/** Of a kind that a host's worker does. */
export type HostOperation<K extends Kind> = {
  readonly by: 'host';
  /** What the worker needs to know to do it. Throws why it cannot be done: the run fails then. */
  readonly prepare: (
    context: PreparationContext,
    item: WorkItem,
    operation: Of<K>,
    assignment: Assignment,
  ) => AssignedOf<K> | Promise<AssignedOf<K>>;
};

type Row<K extends Kind> = HostOperation<K> | OwnOperation<Of<K>>;

/** A row of each kind. */
export type ServerOperations = { readonly [K in Kind]: Row<K> };

export const OPERATIONS: ServerOperations = {
  capture: captureOperation,
  deploy: deployOperation,
  partition: partitionOperation,
  shutdown: shutdownOperation,
};

export function operationRow<K extends Kind>(
  operations: ServerOperations,
  operation: { readonly type: K },
): Row<K> {
  const rows: { readonly [T in Kind]: Row<T> } = operations;
  return rows[operation.type];
}

/** What a worker is told of the run's next operation. Throws why it cannot be done. */
export async function prepareOperation<K extends Kind>(
  { operations, ...context }: PreparationContext & { readonly operations: ServerOperations },
  item: WorkItem,
  operation: Of<K>,
  assignment: Assignment,
): Promise<AssignedOf<K>> {
  const row: Row<K> = operations[operation.type];
  if (row.by === 'host') return row.prepare(context, item, operation, assignment);
  throw new TypeError(`${operation.type} is an operation of the server itself`);
}

/** What the server does of an operation of its own. */
export function ownSteps<K extends Kind>(
  operations: ServerOperations,
  item: WorkItem,
  operation: Of<K>,
): readonly ServerStep[] {
  const row: Row<K> = operations[operation.type];
  if (row.by === 'server') return row.steps(operation, item);
  throw new TypeError(`${operation.type} is an operation of a worker on the host`);
}
