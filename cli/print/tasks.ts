/** Tasks as people read them. */

import { formatDiskSelector } from '../../lib/disk/disk-selection.ts';
import { formatDuration, printable } from '../../lib/format.ts';
import { render } from '../../lib/messages/render.ts';
import type { ErrorReport } from '../../lib/model/error-report.ts';
import type { Image } from '../../lib/model/image.ts';
import { versionRead, type Operation, type VersionRead } from '../../lib/model/operation.ts';
import type { Step } from '../../lib/model/step.ts';
import { isEnded, isSuccess, taskState, type Task } from '../../lib/model/task.ts';
import { unreachable } from '../../lib/unreachable.ts';
import { bytesText } from '../../lib/text/quantities.ts';
import { padEnd, widthOf } from '../../lib/columns.ts';
import type { Texts } from '../text/catalogue.ts';
import { activityText } from '../../lib/client/work-in-words.ts';
import { errorIn, errorLineIn } from '../../lib/messages/errors.ts';
import { percentOf } from './progress-block.ts';
import { fields, table } from './table.ts';
import { summarizeRun, type RunSummary, type TaskView } from '../../lib/client/task-view.ts';
import { formatTime, orDash } from './labels.ts';
import { knownDiskText } from '../../lib/text/disks.ts';

export function taskTable(texts: Texts, tasks: readonly Task[]): string[] {
  const { columns } = texts.tasks;
  return table(
    [
      { title: columns.task },
      { title: columns.state },
      { title: columns.done, align: 'right' },
      { title: columns.created },
      { title: columns.by },
      { title: columns.what },
    ],
    tasks.map((task) => [
      task.id,
      texts.states.runs[taskState(task)],
      `${task.runs.filter((run) => isSuccess(run.state)).length}/${task.runs.length}`,
      formatTime(task.createdAt),
      task.createdBy,
      render(texts.language, task.title),
    ]),
  );
}

/** `images`: all there are; one that is not among them, or a version, has been deleted. */
export function taskDetails(texts: Texts, view: TaskView, images: readonly Image[]): string[] {
  const t = texts.tasks;
  const { task } = view;
  return [
    ...fields([
      [t.task, render(texts.language, task.title)],
      [t.id, task.id],
      [t.state, texts.states.runs[taskState(task)]],
      [t.created, t.createdText(formatTime(task.createdAt), task.createdBy)],
      ...task.operations.map((operation): [string, string] => [
        t.operation,
        operationText(texts, operation, images),
      ]),
    ]),
    ...task.runs.flatMap((run) => ['', ...runLines(texts, summarizeRun(view, run))]),
  ];
}

function operationText({ tasks }: Texts, operation: Operation, images: readonly Image[]): string {
  const read = versionRead(operation);
  const version = read === null ? '' : versionText(tasks, read, images);
  switch (operation.type) {
    case 'capture':
      return tasks.capture(
        formatDiskSelector(operation.disk),
        operation.imageName,
        operation.compression,
      );
    case 'deploy':
      return tasks.deploy(
        version,
        formatDiskSelector(operation.disk),
        operation.transport,
        formatDuration(operation.gatherMs),
      );
    case 'partition':
      return tasks.partition(version, formatDiskSelector(operation.disk));
    case 'shutdown':
      return tasks.shutdown(operation.mode);
    default:
      return unreachable(operation);
  }
}

/** The image by name, the version by when it was captured: ids say nothing to people. */
function versionText(
  tasks: Texts['tasks'],
  { imageId, versionId }: VersionRead,
  images: readonly Image[],
): string {
  const image = images.find(({ id }) => id === imageId);
  if (image === undefined) return tasks.deletedImage(versionId);
  const version = image.versions.find(({ id }) => id === versionId);
  return version === undefined
    ? tasks.deletedVersion(image.name, versionId)
    : tasks.version(image.name, formatTime(version.capturedAt));
}

function runLines(texts: Texts, { run, hostName, activity, fraction }: RunSummary): string[] {
  const { states, tasks } = texts;
  const doing = isEnded(run.state) ? '' : activityText(texts.language, activity);
  return [
    [
      `${hostName}: ${states.runs[run.state]}`,
      ...(doing === '' ? [] : [`${doing} (${percentOf(fraction)})`]),
    ].join(': '),
    ...(run.disk === null || run.disk === ''
      ? []
      : [`  ${tasks.disk}: ${knownDiskText(texts.language, run.diskIdentity, run.disk)}`]),
    ...(run.diskOutcome === null
      ? []
      : [`  ${tasks.onDisk}: ${states.diskOutcomes[run.diskOutcome]}`]),
    ...run.steps.flatMap((step) => stepLines(texts, step)),
    ...(run.error === null ? [] : runErrorLines(texts, run.error)),
  ].map(printable);
}

function runErrorLines(texts: Texts, error: ErrorReport): string[] {
  return [
    `  ${texts.tasks.error}: ${errorLineIn(texts.language, error)}`,
    ...(error.hint === '' ? [] : [`  ${texts.tasks.hint}: ${errorIn(texts.language, error).hint}`]),
  ];
}

function stepLines(texts: Texts, step: Step): string[] {
  const words = texts.states.steps;
  const width = Math.max(...Object.values(words).map(widthOf));
  const elapsed =
    step.startedAt === null || step.endedAt === null
      ? []
      : [formatDuration(Date.parse(step.endedAt) - Date.parse(step.startedAt))];
  const by = step.by === undefined ? [] : [texts.states.workers[step.by]];
  const facts = [
    ...by,
    ...(step.doneBytes > 0 ? [bytesText(step.doneBytes, texts)] : []),
    ...elapsed,
  ];
  return [
    `  ${padEnd(words[step.state], width)}  ${render(texts.language, step.title)}${facts.length === 0 ? '' : ` (${facts.join(', ')})`}`,
    ...step.notes.map((note) => `${' '.repeat(width + 4)}${orDash(render(texts.language, note))}`),
  ];
}
