/** What a kind of operation says of itself. */

import type { z } from 'zod';
import type { ImageId, VersionId } from '../ids.ts';
import type { HostWorkerKind, WorkerKind } from '../worker.ts';

export type OperationTraits = {
  readonly worker: WorkerKind;
  /** Where it stands among the operations of a task by nature: smaller ones come first. */
  readonly rank: number;
  /** Whether it works on the disk that the task names. */
  readonly usesDisk: boolean;
  /** What it leaves on that disk: what was there, a partition table and nothing of what was there, or a whole image. */
  readonly leaves: 'as-it-was' | 'table' | 'image';
  /** Whether a session can bring it its data. */
  readonly receives: boolean;
  /** Whether the host it is done on must be the only one of the task. */
  readonly isForOneHost: boolean;
  /**
   * Whether it ends its worker, so that its plan says how the host is left: nothing can follow it, and after an
   * interruption it is not done again.
   */
  readonly endsWorker: boolean;
};

type Kind<S extends z.ZodType, W extends z.ZodType> = {
  readonly stored: S;
  readonly wanted: W;
  /** The version of an image that it reads; null: none. */
  readonly versionRead: (
    operation: z.infer<S>,
  ) => { readonly imageId: ImageId; readonly versionId: VersionId } | null;
  /** The name of the image of which it makes a version; null: none. */
  readonly imageMade: (operation: z.infer<S>) => string | null;
};

/** A kind that a worker on hosts does: how it is stored, asked for and assigned, and what others need to know of it. */
export type HostKind<S extends z.ZodType, W extends z.ZodType, A extends z.ZodType> = Kind<S, W> & {
  readonly assigned: A;
  readonly traits: OperationTraits & { readonly worker: HostWorkerKind };
};

/** A kind of the server's own: nobody is given it, and it has neither a host's disk nor a worker that could end. */
export type ServerKind<S extends z.ZodType, W extends z.ZodType> = Kind<S, W> & {
  readonly traits: OperationTraits & {
    readonly worker: 'server';
    readonly usesDisk: false;
    readonly leaves: 'as-it-was';
    readonly receives: false;
    readonly endsWorker: false;
  };
};
