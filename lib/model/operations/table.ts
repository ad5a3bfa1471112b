/** Every kind of operation, a file and a row each. What programs do for each: server/tasks/operations, engine/operations. */

import type { WorkerKind } from '../worker.ts';
import { capture } from './capture.ts';
import { deploy } from './deploy.ts';
import { partition } from './partition.ts';
import { shutdown } from './shutdown.ts';

export const OPERATION_KINDS = { capture, deploy, partition, shutdown } as const;

export type KindName = keyof typeof OPERATION_KINDS;

/** The kinds that a worker does, by the traits of their rows. */
export type KindsOf<W extends WorkerKind> = {
  [K in KindName]: (typeof OPERATION_KINDS)[K]['traits']['worker'] extends W ? K : never;
}[KindName];

/** Their names. */
export const KIND_NAMES: readonly KindName[] = Object.values(OPERATION_KINDS).map(
  ({ stored }) => stored.shape.type.value,
);
