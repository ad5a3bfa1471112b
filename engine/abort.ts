/** RunStopped, and the errors of work that is stopped before its end. */

import { OperatorError } from '../lib/errors.ts';

/**
 * `aborted`: an operator cancelled it. `failed`: the server knows that its session will not bring it what it receives.
 * `given-up`: the server does not count on the run any more.
 */
export type StopOutcome = 'aborted' | 'failed' | 'given-up';

export class RunStopped extends Error {
  readonly outcome: StopOutcome;

  constructor(outcome: StopOutcome, reason: string) {
    super(reason);
    this.name = 'RunStopped';
    this.outcome = outcome;
  }
}

/** What `signal` was aborted with, as an error for operators. */
export function abortError(signal: AbortSignal, doing: string): OperatorError {
  const reason: unknown = signal.reason;
  const stopped = reason instanceof RunStopped ? reason : new RunStopped('aborted', 'stopped');
  return new OperatorError({ ...STOPS[stopped.outcome], message: `${doing}: ${stopped.message}` });
}

const STOPS = {
  aborted: {
    code: 'cancelled',
    hint: 'Start the task again if the host is to get the work after all.',
  },
  failed: {
    code: 'session-failed',
    hint: 'If the host does not try again by itself, start the task again for it. The server log says what happened to the transmission.',
  },
  'given-up': {
    code: 'interrupted',
    hint: 'The task says why. If the host does not begin again by itself, start the task again for it.',
  },
} as const;

/** Rejects as soon as `signal` is aborted; `work` may then go on unheard. */
export async function raceAbort<T>(
  signal: AbortSignal,
  doing: string,
  work: Promise<T>,
): Promise<T> {
  let stop: (() => void) | undefined;
  const stopped = new Promise<never>((_, reject) => {
    stop = () => reject(abortError(signal, doing));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, stopped]);
  } finally {
    if (stop !== undefined) signal.removeEventListener('abort', stop);
    // Whichever loses the race must not surface as an unhandled rejection.
    work.catch(() => undefined);
    stopped.catch(() => undefined);
  }
}
