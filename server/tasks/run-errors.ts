/** Why a run ended that its engine did not end. */

import { OperatorError, toReport } from '../../lib/errors.ts';
import { formatMoment } from '../../lib/format.ts';
import type { ErrorReport } from '../../lib/model/error-report.ts';
import type { Run, Task } from '../../lib/model/task.ts';

/** The engine of `run` is gone, for `reason`. */
export function interruptedError(run: Run, reason: string): ErrorReport {
  const step = run.steps.find((candidate) => candidate.state === 'running');
  const doing = step === undefined ? 'waiting for its next step' : step.title;
  return toReport(
    new OperatorError({
      code: 'interrupted',
      message: `${doing}: ${reason}`,
      hint: 'Look at the host. If its engine comes back within an hour, it goes on or begins again; else start the task again.',
    }),
  );
}

/** An operator cancelled it; `message` says who, or when. */
export function cancelledError(message: string): ErrorReport {
  return toReport(
    new OperatorError({
      code: 'cancelled',
      message,
      hint: 'Start the task again when the host shall get the work after all.',
    }),
  );
}

/** It has waited too long. `isOn`: its host was there, but had other work. */
export function overdueError({ waits }: Pick<Task, 'waits'>, isOn: boolean): ErrorReport {
  const until = formatMoment(waits.until);
  return toReport(
    new OperatorError({
      code: 'not-in-time',
      message: isOn
        ? `waiting for the host: it had other work until ${until}`
        : `waiting for the host: it was not seen until ${until}`,
      hint: 'Nothing was changed on it. Start the task again when it shall get the work after all; --until gives it more time.',
    }),
  );
}
