/** What a row of the table of operations holds: of a kind that a host's worker does, or of one of the server's own. */

import type { DiskSelector } from '../../../lib/model/disk-selector.ts';
import type { Host } from '../../../lib/model/host.ts';
import type { Operation, WantedOperation, WorkOperation } from '../../../lib/model/operation.ts';
import type { Assignment } from '../../../lib/model/operations/assignment.ts';
import type { KindsOf } from '../../../lib/model/operations/table.ts';
import type { PlannedStep } from '../../../lib/model/step.ts';
import type { HostWorkerKind } from '../../../lib/model/worker.ts';
import type { ImageStore } from '../../image-store/image-store.ts';
import type { StoreData } from '../../store/schema.ts';
import type { Store } from '../../store/store.ts';
import type { Gathering } from '../gathering.ts';
import type { WorkItem } from '../work-item.ts';
import type { Message } from '../../../lib/model/message.ts';

export type Kind = Operation['type'];
export type OperationOf<K extends Kind> = Extract<Operation, { type: K }>;
export type WantedOf<K extends Kind> = Extract<WantedOperation, { type: K }>;
export type AssignedOf<K extends Kind> = Extract<WorkOperation, { type: K }>;

/** What a wanted operation is resolved with: `hosts` are those of the task. */
export type RequestContext = {
  readonly data: StoreData;
  readonly disk: DiskSelector;
  readonly hosts: readonly Host[];
};

/** What preparing an operation takes. */
export type PreparationContext = {
  readonly store: Store;
  readonly images: ImageStore;
  readonly gathering: Gathering;
};

type Resolved<K extends Kind> = {
  /** What is stored of it: images by their newest versions. Throws `not-found`, or `not-allowed` when it cannot be. */
  readonly resolve: (context: RequestContext, wanted: WantedOf<K>) => OperationOf<K>;
  /** What asks for it once more: images by name, so that their newest versions are taken then. */
  readonly wantedAgain: (data: StoreData, operation: OperationOf<K>) => WantedOf<K>;
};

/** Of a kind that a host's worker does. */
export type HostOperation<K extends Kind> = Resolved<K> & {
  readonly by: HostWorkerKind;
  /** What the worker needs to know to do it. Throws why it cannot be done: the run fails then. */
  readonly prepare: (
    context: PreparationContext,
    item: WorkItem,
    operation: OperationOf<K>,
    assignment: Assignment,
  ) => AssignedOf<K> | Promise<AssignedOf<K>>;
};

export type ServerStepContext = {
  /** Aborted when an operator cancels, or the server stops: what is long must heed it at once. */
  readonly signal: AbortSignal;
  /** How much of the step is done, 0 to 1. */
  readonly progress: (fraction: number) => void;
};

/** Returns a note for operators, or null. Throws why the step failed: the run ends then. */
export type ServerStep = Pick<PlannedStep, 'id' | 'title'> & {
  readonly work: (context: ServerStepContext) => Promise<Message | null>;
};

/** Of a kind that the server does itself. */
export type OwnOperation<K extends Kind> = Resolved<K> & {
  readonly by: 'server';
  /** Whether it can be done again from its beginning when the server was restarted in the middle; else its run fails. */
  readonly isRepeatable: boolean;
  /** The run's steps tell what an attempt before has done. Throws why it cannot be done. */
  readonly steps: (operation: OperationOf<K>, item: WorkItem) => readonly ServerStep[];
};

export type OperationRow<K extends Kind> = HostOperation<K> | OwnOperation<K>;

/** A row of each kind, of whatever worker. */
export type ServerOperations = { readonly [K in Kind]: OperationRow<K> };

/** The row of a kind as its traits want it: by the worker that they name. */
export type RowOf<K extends Kind> =
  K extends KindsOf<'server'>
    ? OwnOperation<K>
    : HostOperation<K> & { readonly by: K extends KindsOf<'engine'> ? 'engine' : 'agent' };
