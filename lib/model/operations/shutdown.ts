/** shutdown: the end of the engine, in three ways. */

import { z } from 'zod';
import { Assignment } from './assignment.ts';
import type { HostKind } from './kind.ts';

const type = z.literal('shutdown');

export const ShutdownMode = z.enum(['power-off', 'reboot', 'exit']);
export type ShutdownMode = z.infer<typeof ShutdownMode>;

const stored = z.object({ type, mode: ShutdownMode });
const assigned = Assignment.extend({ type, mode: ShutdownMode });

export const shutdown = {
  stored,
  wanted: stored,
  assigned,
  traits: {
    worker: 'engine',
    rank: 3,
    usesDisk: false,
    leaves: 'as-it-was',
    receives: false,
    isForOneHost: false,
    endsWorker: true,
  },
  versionRead: () => null,
  imageMade: () => null,
} satisfies HostKind<typeof stored, typeof stored, typeof assigned>;
