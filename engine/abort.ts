/** Why work stops before its end: an operator cancelled it, or the server knows that it cannot succeed. */

import { OperatorError } from '../lib/errors.ts';

export class WorkStopped extends Error {
  readonly outcome: 'aborted' | 'failed';

  constructor(outcome: 'aborted' | 'failed', reason: string) {
    super(reason);
    this.name = 'WorkStopped';
    this.outcome = outcome;
  }
}

/** What `signal` was aborted with, as an error for operators. */
export function stopError(signal: AbortSignal, doing: string): OperatorError {
  const reason: unknown = signal.reason;
  const stopped = reason instanceof WorkStopped ? reason : new WorkStopped('aborted', 'stopped');
  return new OperatorError({
    code: stopped.outcome === 'aborted' ? 'cancelled' : 'session-failed',
    message: `${doing}: ${stopped.message}`,
    hint:
      stopped.outcome === 'aborted'
        ? 'Start the task again when the host shall get the work after all.'
        : 'If the host does not try again by itself, start the task again for it. The server log says what happened to the transmission.',
  });
}

/** Rejects as soon as `signal` is aborted; `work` may then go on unheard. */
export async function unlessStopped<T>(
  signal: AbortSignal,
  doing: string,
  work: Promise<T>,
): Promise<T> {
  let stop: (() => void) | undefined;
  const stopped = new Promise<never>((_, reject) => {
    stop = () => reject(stopError(signal, doing));
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
