/** What does operations: the kinds of workers, and where each of them is. */

import { z } from 'zod';

/**
 * engine: in the netboot root file system. agent: a daemon in the host's installed system. server: the server itself.
 * docs/design/work.md.
 */
export const WorkerKind = z.enum(['engine', 'agent', 'server']);
export type WorkerKind = z.infer<typeof WorkerKind>;

/** Those that run on hosts: a host has at most one of each, and one of them at a time. */
export const HostWorkerKind = WorkerKind.extract(['engine', 'agent']);
export type HostWorkerKind = z.infer<typeof HostWorkerKind>;

export function isHostWorker(worker: WorkerKind): worker is HostWorkerKind {
  return worker !== 'server';
}

/** What a host starts from: the network, or its own disk. */
export const StartPlace = z.enum(['engine', 'disk']);
export type StartPlace = z.infer<typeof StartPlace>;

/** Where a host has to start from, so that this worker is there. */
export function placeOf(worker: HostWorkerKind): StartPlace {
  return worker === 'engine' ? 'engine' : 'disk';
}
