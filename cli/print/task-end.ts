/** The outcome of a task, host by host. */

import { exitStatusOf } from '../../lib/errors.ts';
import { printable } from '../../lib/format.ts';
import { render, renderAll } from '../../lib/messages/render.ts';
import { ERROR_TREATMENT } from '../../lib/model/error-treatment.ts';
import type { Message } from '../../lib/model/message.ts';
import type { Step } from '../../lib/model/step.ts';
import { isSuccess, type Run } from '../../lib/model/task.ts';
import { hostNameOf, type TaskView } from '../../lib/client/task-view.ts';
import type { Texts } from '../text/catalogue.ts';
import { errorIn, errorLineIn } from '../../lib/messages/errors.ts';
import { knownDiskText } from '../../lib/text/disks.ts';

type EndedTask = Pick<TaskView, 'task' | 'hostNames'>;

/** The hosts that failed, with what, why, the hint and what is on their disk; warnings of the others. */
export function troubleLines(texts: Texts, view: EndedTask): string[] {
  return view.task.runs
    .flatMap((run) =>
      isSuccess(run.state)
        ? warningLines(texts, hostNameOf(view, run.hostId), run)
        : failureLines(texts, hostNameOf(view, run.hostId), run),
    )
    .map(printable);
}

/** "2 of 3 hosts done". */
export function countLine({ tasks }: Texts, { task }: EndedTask): string {
  const done = task.runs.filter((run) => isSuccess(run.state)).length;
  return tasks.allDone(done, task.runs.length);
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

function failureLines(texts: Texts, hostName: string, run: Run): string[] {
  const { states, tasks } = texts;
  // What an attempt before the last one failed in is past.
  const isOfAnother = ({ error }: Step): boolean =>
    error !== null && run.error !== null && error.message !== run.error.message;
  const step = run.steps.findLast(
    (each) => (each.state === 'failed' || each.state === 'aborted') && !isOfAnother(each),
  );
  const isSaid = (title: Message): boolean =>
    run.error?.message.startsWith(render('en', title)) === true;
  const doing =
    step === undefined || isSaid(step.title) ? [] : [render(texts.language, step.title)];
  const why = run.error === null ? [] : [errorLineIn(texts.language, run.error)];
  const outcome = run.diskOutcome === null ? [] : [states.diskOutcomes[run.diskOutcome]];
  const on =
    run.disk === null || run.disk === ''
      ? []
      : [knownDiskText(texts.language, run.diskIdentity, run.disk)];
  const hint =
    run.error === null || run.error.hint === '' ? [] : [errorIn(texts.language, run.error).hint];
  return [
    [`${hostName}: ${states.runs[run.state]}`, ...doing, ...why].join(': '),
    ...[...outcome.map((text) => [text, ...on.map((disk) => `(${disk})`)].join(' '))].map(
      (text) => `  ${tasks.disk}: ${text}`,
    ),
    ...hint.map((text) => `  ${tasks.hint}: ${text}`),
  ];
}

function warningLines(texts: Texts, hostName: string, run: Run): string[] {
  return run.steps
    .filter((step) => step.state === 'warned')
    .map((step) =>
      [
        `${hostName}: ${texts.tasks.warning}: ${render(texts.language, step.title)}`,
        ...(step.notes.length === 0 ? [] : [renderAll(texts.language, step.notes)]),
        ...(step.error === null ? [] : [errorLineIn(texts.language, step.error)]),
      ].join(': '),
    );
}
