/** Work for hosts, as it is stored, asked for and assigned: made from the table of its kinds. */

import { z } from 'zod';
import type { ImageId, VersionId } from './ids.ts';
import type { OperationTraits } from './operations/kind.ts';
import { KIND_NAMES, OPERATION_KINDS, type KindName, type KindsOf } from './operations/table.ts';
import { HostWorkerKind, StartPlace, type WorkerKind } from './worker.ts';

/** An operation of a stored task. */
export const Operation = unionOf(KIND_NAMES.map((name) => OPERATION_KINDS[name].stored));
export type Operation = z.infer<typeof Operation>;

/** An operation as it is asked for: images by reference, on the disk of the whole task. */
export const WantedOperation = unionOf(KIND_NAMES.map((name) => OPERATION_KINDS[name].wanted));
export type WantedOperation = z.infer<typeof WantedOperation>;

/** An operation as a worker on a host gets it. */
export const WorkOperation = unionOf(
  KIND_NAMES.filter(isDoneBy(HostWorkerKind.options)).map((name) => OPERATION_KINDS[name].assigned),
);
export type WorkOperation = z.infer<typeof WorkOperation>;

/** An operation as an engine gets it. */
export const EngineOperation = unionOf(
  KIND_NAMES.filter(isDoneBy(['engine'])).map((name) => OPERATION_KINDS[name].assigned),
);
export type EngineOperation = z.infer<typeof EngineOperation>;

const Idle = z.object({ type: z.literal('idle') });
const Restart = z.object({ type: z.literal('restart'), into: StartPlace });

/**
 * What nextOperation returns: work, or `idle`: the worker waits for `workAvailable`. `restart`: the host's next operation
 * is done by another worker, so the worker logs off and restarts the host; `into` says what from.
 */
export const AssignedOperation = z.discriminatedUnion('type', [Idle, Restart, WorkOperation]);
export type AssignedOperation = z.infer<typeof AssignedOperation>;

/** What it returns to an engine. */
export const AssignedToEngine = z.discriminatedUnion('type', [Idle, Restart, EngineOperation]);
export type AssignedToEngine = z.infer<typeof AssignedToEngine>;

/** Of an operation, or of a kind by its name. */
export function traitsOf(operation: { readonly type: KindName }): OperationTraits {
  return OPERATION_KINDS[operation.type].traits;
}

/** Who does the run's operation number `index`; undefined: there is no such operation. */
export function workerAt(
  operations: readonly { readonly type: KindName }[],
  index: number,
): WorkerKind | undefined {
  const operation = operations[index];
  return operation === undefined ? undefined : traitsOf(operation).worker;
}

type Of<K extends KindName> = Extract<Operation, { type: K }>;
export type VersionRead = { readonly imageId: ImageId; readonly versionId: VersionId };

/** Its type in `rows` ties the kind to its functions. */
type Row<K extends KindName> = {
  readonly versionRead: (operation: Of<K>) => VersionRead | null;
  readonly imageMade: (operation: Of<K>) => string | null;
};
const rows: { readonly [K in KindName]: Row<K> } = OPERATION_KINDS;

/** The version of an image that the operation reads; null: none. */
export function versionRead<K extends KindName>(operation: Of<K>): VersionRead | null {
  const row: Row<K> = rows[operation.type];
  return row.versionRead(operation);
}

/** The name of the image of which the operation makes a version; null: none. */
export function imageMade<K extends KindName>(operation: Of<K>): string | null {
  const row: Row<K> = rows[operation.type];
  return row.imageMade(operation);
}

/** Whether one of these workers does the kind. */
function isDoneBy<W extends WorkerKind>(
  workers: readonly W[],
): (name: KindName) => name is KindsOf<W> {
  return (name): name is KindsOf<W> =>
    workers.some((worker) => worker === traitsOf({ type: name }).worker);
}

type Several<S> = [S, ...S[]];

function unionOf<S extends z.core.$ZodTypeDiscriminable>(
  schemas: readonly S[],
): z.ZodDiscriminatedUnion<Several<S>, 'type'> {
  const [first, ...others] = schemas;
  if (first === undefined) throw new TypeError('there are no kinds of operations');
  return z.discriminatedUnion('type', [first, ...others]);
}
