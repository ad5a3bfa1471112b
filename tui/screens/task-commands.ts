/** What can be done to a task, in every screen that shows one. */

import { refusalFor } from '../../lib/rules/capability.ts';
import { type Run, type Task } from '../../lib/model/task.ts';
import { runFacts, isRecentlyInterrupted } from '../../lib/rules/run-resumption.ts';
import type { Model } from '../model.ts';
import { confirm, followUp, request } from '../actions.ts';
import { perform, type Command } from '../screen.ts';
import { openSession } from './open.ts';
import type { Action } from '../screen-states.ts';
import { textsOf } from '../text/catalogue.ts';
import { countRuns } from '../presentation/tasks/task-progress.ts';
import { taskTitle } from '../presentation/tasks/task-title.ts';

/** Cancels all that has not ended, after a question. */
export function cancelCommand(task: Task | null, model: Model): Command {
  const texts = textsOf(model.language).tasks;
  const isOver =
    task?.runs.every((run) => refusalFor('run.cancel', runFacts(run, model.now)) !== null) ?? true;
  return {
    name: 'cancel-task',
    keys: ['c'],
    label: texts.cancel,
    help: texts.cancelHelp,
    disabledReason: task === null ? texts.empty : isOver ? texts.ended : null,
    run: () => {
      if (task === null) return perform();
      const { waiting, running } = countRuns(task);
      const toComeBack = task.runs.filter((run) => isRecentlyInterrupted(run, model.now)).length;
      const title = taskTitle(task, model);
      return perform(
        confirm(
          texts.cancelTitle,
          [texts.cancelText(title, waiting + toComeBack, running), texts.cancelLoss],
          texts.cancelAll,
          [cancelRequest(task, null, title, model)],
        ),
      );
    },
  };
}

/** Cancels one host's part, after a question. */
export function cancelRunCommand(
  task: Task | null,
  run: Run | null,
  hostName: string,
  model: Model,
): Command {
  const texts = textsOf(model.language).tasks;
  return {
    name: 'cancel-run',
    keys: ['x'],
    label: texts.cancelRun,
    help: texts.cancelRunHelp,
    disabledReason:
      run === null
        ? textsOf(model.language).common.nothingChosen
        : refusalFor('run.cancel', runFacts(run, model.now)),
    run: () => {
      if (task === null || run === null) return perform();
      return perform(
        confirm(
          texts.cancelTitle,
          [texts.cancelRunText(taskTitle(task, model), hostName), texts.cancelLoss],
          texts.cancelOne,
          [cancelRequest(task, run, hostName, model)],
        ),
      );
    },
  };
}

export function sessionCommand(task: Task | null, model: Model): Command {
  const texts = textsOf(model.language).tasks;
  const has = task !== null && hasSession(task, model);
  return {
    name: 'session',
    // As on the first screen; t, because tasks had it alone.
    keys: ['v', 't'],
    label: texts.session,
    help: texts.sessionHelp,
    disabledReason: has ? null : texts.noSession,
    run: () => perform(...(task === null ? [] : openSession(task))),
  };
}

function hasSession(task: Task, { status }: Model): boolean {
  return (
    task.runs.some(({ sessionId }) => sessionId !== null) ||
    (status?.sessions ?? []).some(({ taskId }) => taskId === task.id)
  );
}

function cancelRequest(task: Task, run: Run | null, what: string, model: Model): Action {
  const texts = textsOf(model.language).tasks;
  const params = { task: task.id, host: run === null ? null : run.hostId };
  return request(texts.cancelling(what), 'task.cancel', params, followUp('task-cancelled', {}));
}
