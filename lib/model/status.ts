/** What `openclone status` shows: the server, its problems, and everything that moves. */

import { z } from 'zod';
import { HostId } from './ids.ts';
import { MAX_HOSTS, MAX_SESSIONS, MAX_TASKS } from './limits.ts';
import { Count } from './count.ts';
import { Timestamp } from './names.ts';
import { RunProgress, Session, Task } from './task.ts';
import { Wake } from './wake.ts';
import { Message } from './message.ts';

export const ServerInfo = z.object({
  programVersion: z.string().max(40),
  protocolVersion: z.number().int(),
  hostname: z.string().max(253),
  startedAt: Timestamp,
  kernel: z.string().max(256),
  processor: z.string().max(256),
  processorCount: z.number().int(),
  loadAverage: z.array(z.number().min(0).max(1e9)).max(3),
  memoryBytes: Count,
  freeMemoryBytes: Count,
  imageStore: z.object({ path: z.string().max(4096), sizeBytes: Count, freeBytes: Count }),
});
export type ServerInfo = z.infer<typeof ServerInfo>;

/** Something is wrong with the server that an operator can put right. */
export const Problem = z.object({ what: Message, hint: Message });
export type Problem = z.infer<typeof Problem>;

/** The build of the root file system that hosts boot; null: there is none, they boot their own disks. */
export const BootBuild = z.string().max(100).nullable();

/** The names of hosts by id; the limit is in its metadata too, where the test of all limits sees it. */
export const HostNames = z
  .record(HostId, z.string().max(253))
  .refine((names) => Object.keys(names).length <= MAX_HOSTS, 'too many names')
  .meta({ maxEntries: MAX_HOSTS });

export const Status = z.object({
  server: ServerInfo,
  hosts: z.object({
    total: Count,
    idle: Count,
    working: Count,
    off: Count,
    /** Of them, how many wait for an operator's approval. */
    pending: Count,
  }),
  /** Null on a server without a site, which boots no hosts. */
  boot: z.object({ build: BootBuild }).nullable(),
  problems: z.array(Problem).max(1000),
  /** Tasks with a run that is waiting or running, and the latest ended ones, newest first. */
  tasks: z.array(Task).max(MAX_TASKS),
  hostNames: HostNames,
  progress: z.array(RunProgress).max(MAX_HOSTS),
  sessions: z.array(Session).max(MAX_SESSIONS),
  /** Hosts that are being woken, or did not come. */
  wakes: z.array(Wake).max(MAX_HOSTS).default([]),
});
export type Status = z.infer<typeof Status>;
