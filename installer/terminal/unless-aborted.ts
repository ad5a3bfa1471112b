/** Waits for a person's answer, unless a signal aborts the wait. */

import { OperatorError } from '../../lib/errors.ts';

export type Interruption = {
  readonly signal: AbortSignal;
  /** For who interrupts: what became of the work so far. */
  readonly hint: string;
};

/** Resolves or rejects as `waiting` does; throws `cancelled` when the signal aborts before, after `onAborted`. */
export async function unlessAborted<T>(
  waiting: PromiseLike<T>,
  { signal, hint }: Interruption,
  onAborted: () => void,
): Promise<T> {
  const over = Promise.withResolvers<never>();
  const end = (): void => {
    onAborted();
    over.reject(
      new OperatorError({
        code: 'cancelled',
        message: 'asking: the installer was told to end',
        hint,
      }),
    );
  };
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  try {
    return await Promise.race([waiting, over.promise]);
  } finally {
    signal.removeEventListener('abort', end);
  }
}
