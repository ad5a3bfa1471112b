/** What can be done to a task, in every screen that shows one. */

import { refusalFor } from '../../../lib/rules/capability.ts';
import { type Run, type Task } from '../../../lib/model/task.ts';
import { runFacts, isRecentlyInterrupted } from '../../../lib/rules/run-resumption.ts';
import type { Model } from '../../model.ts';
import { request } from '../../requests.ts';
import { stay, type Command, type Reaction, type Screen } from '../../screen.ts';
import { textsOf } from '../../text/catalogue.ts';
import { confirmDialog } from '../../components/confirm-dialog.ts';
import { countRuns } from './task-progress.ts';
import { taskTitle } from './task-title.ts';

/** Cancels all that has not ended, after a question. */
export function cancelCommand(task: Task | null, model: Model, screen: Screen): Command {
  const texts = textsOf(model.language).tasks;
  const isOver =
    task?.runs.every((run) => refusalFor('run.cancel', runFacts(run, model.now)) !== null) ?? true;
  return {
    name: 'cancel-task',
    keys: ['c'],
    label: texts.cancel,
    help: texts.cancelHelp,
    whyNot: task === null ? texts.empty : isOver ? texts.ended : null,
    run: () => {
      if (task === null) return stay(screen);
      const { waiting, running } = countRuns(task);
      const toComeBack = task.runs.filter((run) => isRecentlyInterrupted(run, model.now)).length;
      const title = taskTitle(task, model);
      return stay(screen, {
        type: 'push',
        screen: confirmDialog(
          texts.cancelTitle,
          [texts.cancelText(title, waiting + toComeBack, running), texts.cancelLoss],
          texts.cancelAll,
          [cancelRequest(task, null, title, model)],
        ),
      });
    },
  };
}

/** Cancels one host's part, after a question. */
export function cancelRunCommand(
  task: Task | null,
  run: Run | null,
  hostName: string,
  { model, screen }: { readonly model: Model; readonly screen: Screen },
): Command {
  const texts = textsOf(model.language).tasks;
  return {
    name: 'cancel-run',
    keys: ['x'],
    label: texts.cancelRun,
    help: texts.cancelRunHelp,
    whyNot:
      run === null
        ? textsOf(model.language).common.nothingChosen
        : refusalFor('run.cancel', runFacts(run, model.now)),
    run: () => {
      if (task === null || run === null) return stay(screen);
      return stay(screen, {
        type: 'push',
        screen: confirmDialog(
          texts.cancelTitle,
          [texts.cancelRunText(taskTitle(task, model), hostName), texts.cancelLoss],
          texts.cancelOne,
          [cancelRequest(task, run, hostName, model)],
        ),
      });
    },
  };
}

export function sessionCommand(
  task: Task | null,
  model: Model,
  open: (task: Task) => Reaction,
): Command {
  const texts = textsOf(model.language).tasks;
  const has = task !== null && hasSession(task, model);
  return {
    name: 'session',
    // As on the first screen; t, because tasks had it alone.
    keys: ['v', 't'],
    label: texts.session,
    help: texts.sessionHelp,
    whyNot: has ? null : texts.noSession,
    run: () => {
      if (task === null) throw new TypeError('a command without a task is disabled');
      return open(task);
    },
  };
}

function hasSession(task: Task, { status }: Model): boolean {
  return (
    task.runs.some(({ sessionId }) => sessionId !== null) ||
    (status?.sessions ?? []).some(({ taskId }) => taskId === task.id)
  );
}

function cancelRequest(
  task: Task,
  run: Run | null,
  what: string,
  model: Model,
): ReturnType<typeof request> {
  const texts = textsOf(model.language).tasks;
  const params = { task: task.id, host: run === null ? null : run.hostId };
  return request(texts.cancelling(what), 'task.cancel', params, ({ cancelled }) => [
    { type: 'notice', text: texts.cancelled(cancelled.length), isBad: false },
  ]);
}
