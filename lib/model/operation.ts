/** Work for hosts, as it is stored, asked for and assigned: made from the table of its kinds. */

import { z } from 'zod';
import type { ImageId, VersionId } from './ids.ts';
import type { OperationTraits } from './operations/kind.ts';
import { OPERATION_KINDS, type KindName } from './operations/table.ts';
import { StartPlace, type WorkerKind } from './worker.ts';

type Kinds = typeof OPERATION_KINDS;
type Schemas<P extends 'stored' | 'wanted' | 'assigned'> = Kinds[KindName][P];

/** An operation of a stored task. */
export const Operation = unionOf('stored');
export type Operation = z.infer<typeof Operation>;

/** An operation as it is asked for: images by reference, on the disk of the whole task. */
export const WantedOperation = unionOf('wanted');
export type WantedOperation = z.infer<typeof WantedOperation>;

/** An operation as a worker gets it. */
export const WorkOperation = unionOf('assigned');
export type WorkOperation = z.infer<typeof WorkOperation>;

/**
 * What nextOperation returns: work, or `idle`: the worker waits for `workAvailable`. `restart`: the host's next operation
 * is done by another worker, so the worker logs off and restarts the host; `into` says what from.
 */
export const AssignedOperation = z.discriminatedUnion('type', [
  z.object({ type: z.literal('idle') }),
  z.object({ type: z.literal('restart'), into: StartPlace }),
  WorkOperation,
]);
export type AssignedOperation = z.infer<typeof AssignedOperation>;

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
type VersionRead = { readonly imageId: ImageId; readonly versionId: VersionId };

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

function unionOf<P extends 'stored' | 'wanted' | 'assigned'>(
  part: P,
): z.ZodDiscriminatedUnion<[Schemas<P>, ...Schemas<P>[]], 'type'> {
  const [first, ...others] = Object.values(OPERATION_KINDS).map((kind): Schemas<P> => kind[part]);
  if (first === undefined) throw new TypeError('there are no kinds of operations');
  return z.discriminatedUnion('type', [first, ...others]);
}
