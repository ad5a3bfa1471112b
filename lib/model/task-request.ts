/** What is asked for when a task is made: by an operator, a stored job or a plugin. */

import { z } from 'zod';
import { DiskSelector } from './disk-selector.ts';
import { WantedOperation } from './operation.ts';
import type { ShutdownMode } from './operations/shutdown.ts';
import { WaitMs } from './task.ts';

/** Hosts and groups by id or name, hosts also by MAC or IP address. */
export const Targets = z.array(z.string().min(1).max(253)).min(1).max(10_000);

export const TaskRequest = z.object({
  targets: Targets,
  /** Of each host; what works on no disk does not ask. */
  disk: DiskSelector.default({ type: 'only' }),
  /** In this order; which orders make sense the capabilities say. */
  operations: z.array(WantedOperation).min(1).max(10),
  /** Whether hosts that are off are woken. */
  wake: z.boolean().optional(),
  /** How long the work waits for its hosts; absent: as the settings say. */
  waitMs: WaitMs.optional(),
});
export type TaskRequest = z.infer<typeof TaskRequest>;

/** The operations with the end of the engine after them, if one is wanted. */
export function withShutdown(
  operations: readonly WantedOperation[],
  mode: ShutdownMode | null,
): WantedOperation[] {
  return mode === null ? [...operations] : [...operations, { type: 'shutdown', mode }];
}
