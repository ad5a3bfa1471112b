/** Tasks as people read them. */

import { formatDiskSelector } from '../../lib/disk/disk-selection.ts';
import { describeError } from '../../lib/errors.ts';
import { formatBytes, formatDuration, printable } from '../../lib/format.ts';
import type { Operation } from '../../lib/model/operation.ts';
import type { Step } from '../../lib/model/step.ts';
import { isSuccess, taskState, type Task } from '../../lib/model/task.ts';
import { unreachable } from '../../lib/unreachable.ts';
import { percentOf } from './progress-block.ts';
import { fields, table } from './table.ts';
import { summarizeRun, type RunSummary, type TaskView } from '../../lib/task-view.ts';
import { DISK_OUTCOME_WORDS, formatTime, orDash } from './words.ts';

export function taskTable(tasks: readonly Task[]): string[] {
  return table(
    [
      { title: 'TASK' },
      { title: 'STATE' },
      { title: 'DONE', align: 'right' },
      { title: 'CREATED' },
      { title: 'BY' },
      { title: 'WHAT' },
    ],
    tasks.map((task) => [
      task.id,
      taskState(task),
      `${task.runs.filter((run) => isSuccess(run.state)).length}/${task.runs.length}`,
      formatTime(task.createdAt),
      task.createdBy,
      task.title,
    ]),
  );
}

export function taskDetails(view: TaskView): string[] {
  const { task } = view;
  return [
    ...fields([
      ['Task', task.title],
      ['Id', task.id],
      ['State', taskState(task)],
      ['Created', `${formatTime(task.createdAt)} by ${task.createdBy}`],
      ...task.operations.map((operation): [string, string] => [
        'Operation',
        operationText(operation),
      ]),
    ]),
    ...task.runs.flatMap((run) => ['', ...runLines(summarizeRun(view, run))]),
  ];
}

function operationText(operation: Operation): string {
  switch (operation.type) {
    case 'capture':
      return `capture disk ${formatDiskSelector(operation.disk)} as ${operation.imageName}, ${operation.compression}`;
    case 'deploy':
      return `deploy ${operation.versionId} to disk ${formatDiskSelector(operation.disk)}, ${operation.transport}, waiting ${formatDuration(operation.gatherMs)} for missing hosts`;
    case 'partition':
      return `write the partition table of ${operation.versionId} to disk ${formatDiskSelector(operation.disk)}`;
    case 'shutdown':
      return `shut down: ${operation.mode}`;
    default:
      return unreachable(operation);
  }
}

function runLines({ run, hostName, activity, fraction }: RunSummary): string[] {
  const doing = run.state === 'running' || run.state === 'waiting' ? activity : '';
  return [
    [
      `${hostName}: ${run.state}`,
      ...(doing === '' ? [] : [`${doing} (${percentOf(fraction)})`]),
    ].join(': '),
    ...(run.disk === null ? [] : [`  disk: ${run.disk}`]),
    ...(run.diskOutcome === null ? [] : [`  ${DISK_OUTCOME_WORDS[run.diskOutcome]}`]),
    ...run.steps.flatMap(stepLines),
    ...(run.error === null
      ? []
      : [`  error: ${describeError(run.error)}`, `  hint: ${run.error.hint}`]),
  ].map(printable);
}

function stepLines(step: Step): string[] {
  const elapsed =
    step.startedAt === null || step.endedAt === null
      ? []
      : [formatDuration(Date.parse(step.endedAt) - Date.parse(step.startedAt))];
  const facts = [...(step.doneBytes > 0 ? [formatBytes(step.doneBytes)] : []), ...elapsed];
  return [
    `  ${step.state.padEnd('completed'.length)}  ${step.title}${facts.length === 0 ? '' : ` (${facts.join(', ')})`}`,
    ...(step.note === null ? [] : [`             ${orDash(step.note)}`]),
  ];
}
