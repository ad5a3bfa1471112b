/** Operators' calls about tasks: making, showing and cancelling them. */

import { render } from '../../lib/messages/render.ts';
import { isEnded } from '../../lib/model/task.ts';
import type { Handlers } from '../../lib/protocol/contract.ts';
import type { TASK_METHODS } from '../../lib/protocol/operator-api/tasks.ts';
import { refusalFor } from '../../lib/rules/capability.ts';
import { runFacts } from '../../lib/rules/run-resumption.ts';
import { findHost, findTask, refuseIf } from '../lookup.ts';
import { transmissionProgress } from '../sessions/transmission-progress.ts';
import { createTask } from '../tasks/create-task.ts';
import { fittingTasks } from '../views/answer-size.ts';
import type { Caller } from './caller.ts';
import type { ApiContext } from './context.ts';
import { hostNamesOf } from '../views/status.ts';
import { message } from '../../lib/model/messages/table.ts';

export function taskHandlers(context: ApiContext): Handlers<typeof TASK_METHODS, [Caller]> {
  const { store, work, wakeScheduler, sessions, connected } = context;
  return {
    'task.list': async ({ limit }) =>
      Promise.resolve(fittingTasks(store.read().tasks.slice(-limit).toReversed())),
    'task.show': async ({ task: id }) => {
      const task = findTask(store.read().tasks, id);
      const runs = new Set(task.runs.map((run) => run.id));
      return Promise.resolve({
        task,
        hostNames: hostNamesOf(store.read().hosts, [task]),
        progress: transmissionProgress(connected.progress, sessions.views, [task]).filter(
          ({ runId }) => runs.has(runId),
        ),
      });
    },
    'task.cancel': async ({ task: id, host }, { identity }) => {
      const { tasks, hosts } = store.read();
      const task = findTask(tasks, id);
      const hostId = host === null ? null : findHost(hosts, host).id;
      const runs = task.runs.filter(
        (run) =>
          (hostId === null || run.hostId === hostId) &&
          refusalFor('run.cancel', runFacts(run, Date.now())) === null,
      );
      if (runs.length === 0)
        refuseIf(message('reason.run-ended'), `cancelling ${render('en', task.title)}`);
      await Promise.all(runs.map((run) => work.cancel(run.id, identity.name)));
      return { cancelled: runs.map((run) => run.id) };
    },
    'task.putAway': async ({ task: id }, { store: own, identity }) =>
      own.change((data) => {
        const task = findTask(data.tasks, id);
        refuseIf(
          refusalFor('task.putAway', {
            unfinishedRuns: task.runs.filter((run) => !isEnded(run.state)).length,
          }),
          `putting ${render('en', task.title)} away`,
        );
        // Who was first stays named.
        task.putAway ??= { by: identity.name, at: new Date().toISOString() };
        return task;
      }),
    'task.create': async (request, { store: own, identity }) =>
      createTask({ store: own, work, wakeScheduler }, request, identity.name),
    'session.start': async ({ session }) => {
      sessions.startNow(session);
      return Promise.resolve({});
    },
  };
}
