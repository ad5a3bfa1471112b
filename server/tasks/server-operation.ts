/** An operation that the server does itself. */

import type { Operation } from '../../lib/model/operation.ts';
import type { PlannedStep } from '../../lib/model/step.ts';
import type { WorkItem } from './runs.ts';

export type ServerStepContext = {
  /** Aborted when an operator cancels, or the server stops: what is long must heed it at once. */
  readonly signal: AbortSignal;
  /** How much of the step is done, 0 to 1. */
  readonly progress: (fraction: number) => void;
};

/** Returns a note for operators, or null. Throws why the step failed: the run ends then. */
export type ServerStep = Pick<PlannedStep, 'id' | 'title'> & {
  readonly work: (context: ServerStepContext) => Promise<string | null>;
};

/** The server's part of a kind of operations that it does itself. */
export type OwnOperation<O extends Operation> = {
  readonly by: 'server';
  /** Whether it can be done again from its beginning when the server was restarted in the middle; else its run fails. */
  readonly isRepeatable: boolean;
  /** The run's steps tell what an attempt before has done. Throws why it cannot be done. */
  readonly steps: (operation: O, item: WorkItem) => readonly ServerStep[];
};
