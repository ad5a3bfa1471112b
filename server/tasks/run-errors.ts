/** Why a run ended that its engine did not end. */

import { render } from '../../lib/messages/render.ts';
import { OperatorError, toReport } from '../../lib/errors.ts';
import { formatMoment } from '../../lib/format.ts';
import type { ErrorReport } from '../../lib/model/error-report.ts';
import type { Run, Task } from '../../lib/model/task.ts';
import type { HostWorkerKind } from '../../lib/model/worker.ts';

/** The engine of `run` is gone, for `reason`. */
export function interruptedError(run: Run, reason: string): ErrorReport {
  const step = run.steps.find((candidate) => candidate.state === 'running');
  const doing = step === undefined ? 'waiting for its next step' : render('en', step.title);
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
      hint: 'Start the task again if the host is to get the work after all.',
    }),
  );
}

/** Its host was told to restart, and `worker` did not come up on it in time. */
export function arrivalError(worker: HostWorkerKind): ErrorReport {
  return toReport(
    new OperatorError({
      code: 'not-in-time',
      message: `waiting for the host to come up in ${SYSTEMS[worker]}: it was not seen there in time`,
      hint: HINTS[worker],
    }),
  );
}

/** Its host was told to leave for `worker` again and again, and came up in the other system each time. */
export function wrongSystemError(worker: HostWorkerKind): ErrorReport {
  const other = worker === 'engine' ? 'agent' : 'engine';
  return toReport(
    new OperatorError({
      code: 'not-allowed',
      message: `restarting the host into ${SYSTEMS[worker]}: it came up in ${SYSTEMS[other]} each time`,
      hint: HINTS[worker],
    }),
  );
}

/** The host is not told to restart into its own system: its disk must not be booted from. */
export function mustNotBootError(): ErrorReport {
  return toReport(
    new OperatorError({
      code: 'not-allowed',
      message: 'restarting the host into its own system: a disk of it is half written',
      hint: 'Deploy to it first, or clear the mark (openclone host clear) when the disk is fine.',
    }),
  );
}

/** The engine that is there is of an older version, and restarts its host for no other work. */
export function oldWorkerError(worker: HostWorkerKind): ErrorReport {
  return toReport(
    new OperatorError({
      code: 'protocol-mismatch',
      message: `restarting the host into ${SYSTEMS[worker]}: its engine is of an older version, which cannot do that`,
      hint: 'Build the root file system of the hosts again, start the host, then start the task again.',
    }),
  );
}

const SYSTEMS = { engine: 'the engine', agent: 'its own system' } as const;
const HINTS = {
  engine: 'Look at the host: it has to boot from the network first. Then start the task again.',
  agent:
    'Look at the host: its own system has to start by itself, with the agent in it. Then start the task again.',
} as const;

/** It has waited too long. `isOn`: its host was there, but had other work. */
export function overdueError({ waits }: Pick<Task, 'waits'>, isOn: boolean): ErrorReport {
  const until = formatMoment(waits.until);
  return toReport(
    new OperatorError({
      code: 'not-in-time',
      message: isOn
        ? `waiting for the host: it had other work until ${until}`
        : `waiting for the host: it was not seen until ${until}`,
      hint: 'Nothing was changed on it. Start the task again if it is to get the work after all; --until gives it more time.',
    }),
  );
}
