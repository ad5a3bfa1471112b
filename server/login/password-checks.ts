/** The queue in which passwords are compared: few may wait, for each takes a processor for 0.2 s. */

import { SerialQueue } from '../../lib/async/serial-queue.ts';
import { OperatorError } from '../../lib/errors.ts';

const MAX_WAITING = 16;

export function passwordChecks(): SerialQueue {
  const refusal = (): OperatorError =>
    new OperatorError({
      code: 'not-allowed',
      message: 'checking a password: too many wait for that',
      hint: 'Try again in a few seconds.',
    });
  return new SerialQueue({ maxWaiting: MAX_WAITING, refusal });
}
