/** What a task came to, host by host. */

import { describeError, exitStatusOf } from '../../lib/errors.ts';
import { printable } from '../../lib/format.ts';
import { ERROR_TREATMENT } from '../../lib/model/error-treatment.ts';
import type { Step } from '../../lib/model/step.ts';
import { isSuccess, type Run } from '../../lib/model/task.ts';
import { hostNameOf, type TaskView } from '../../lib/task-view.ts';
import { countOf, DISK_OUTCOME_WORDS } from './words.ts';

type EndedTask = Pick<TaskView, 'task' | 'hostNames'>;

/** The hosts that failed, with what, why, the hint and what is on their disk; warnings of the others. */
export function troubleLines(view: EndedTask): string[] {
  return view.task.runs
    .flatMap((run) =>
      isSuccess(run.state)
        ? warningLines(hostNameOf(view, run.hostId), run)
        : failureLines(hostNameOf(view, run.hostId), run),
    )
    .map(printable);
}

/** "2 of 3 hosts done". */
export function countLine({ task }: EndedTask): string {
  const done = task.runs.filter((run) => isSuccess(run.state)).length;
  return `${done} of ${countOf(task.runs.length, 'host')} done`;
}

/** 0 when all hosts are done; the status of the error of the one that is not; `task-failed` for several. */
export function exitStatusOfTask({ runs }: TaskView['task']): number {
  const failed = runs.filter((run) => !isSuccess(run.state));
  const [only] = failed;
  if (only === undefined) return 0;
  return failed.length === 1 && only.error !== null
    ? exitStatusOf(only.error)
    : ERROR_TREATMENT['task-failed'].exitStatus;
}

function failureLines(hostName: string, run: Run): string[] {
  // What an attempt before the last one failed in is past.
  const isOfAnother = ({ error }: Step): boolean =>
    error !== null && run.error !== null && error.message !== run.error.message;
  const step = run.steps.findLast(
    (each) => (each.state === 'failed' || each.state === 'aborted') && !isOfAnother(each),
  );
  const doing = step === undefined || run.error?.message.startsWith(step.title) ? [] : [step.title];
  const why = run.error === null ? [] : [describeError(run.error)];
  const outcome = run.diskOutcome === null ? [] : [DISK_OUTCOME_WORDS[run.diskOutcome]];
  const on = run.disk === null || run.disk === '' ? [] : [run.disk];
  const hint = run.error === null || run.error.hint === '' ? [] : [run.error.hint];
  return [
    [`${hostName}: ${run.state}`, ...doing, ...why].join(': '),
    ...[...outcome.map((text) => [text, ...on.map((disk) => `(${disk})`)].join(' '))].map(
      (text) => `  disk: ${text}`,
    ),
    ...hint.map((text) => `  hint: ${text}`),
  ];
}

function warningLines(hostName: string, run: Run): string[] {
  return run.steps
    .filter((step) => step.state === 'warned')
    .map((step) =>
      [
        `${hostName}: warning: ${step.title}`,
        ...(step.note === null ? [] : [step.note]),
        ...(step.error === null ? [] : [describeError(step.error)]),
      ].join(': '),
    );
}
