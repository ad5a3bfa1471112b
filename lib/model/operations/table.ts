/** Every kind of operation, a file and a row each. What programs do for each: server/tasks/operations, engine/operations. */

import { capture } from './capture.ts';
import { deploy } from './deploy.ts';
import { partition } from './partition.ts';
import { shutdown } from './shutdown.ts';

export const OPERATION_KINDS = { capture, deploy, partition, shutdown } as const;

export type KindName = keyof typeof OPERATION_KINDS;

/** Their names. */
export const KIND_NAMES: readonly KindName[] = Object.values(OPERATION_KINDS).map(
  ({ stored }) => stored.shape.type.value,
);
