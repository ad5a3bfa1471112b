/** Follows a task to its end; createAndFollow makes it before. */

import { render } from '../lib/messages/render.ts';
import type { OperatorClient } from '../lib/client/operator-client.ts';
import { printable } from '../lib/format.ts';
import type { TaskId } from '../lib/model/ids.ts';
import { isEnded, type Task } from '../lib/model/task.ts';
import type { Status } from '../lib/model/status.ts';
import { done, withServer, type Context, type Outcome } from './command.ts';
import { makeDisplay } from './display.ts';
import { reportMissingHosts } from './report-missing-hosts.ts';
import { connectionLost } from './print/connection-lost.ts';
import { INTERRUPTED_STATUS } from './print/exit-statuses.ts';
import { countLine, exitStatusOfTask, troubleLines } from './print/task-end.ts';
import { workingHostsOf } from '../lib/client/host-news.ts';
import { taskViewOf, type TaskView } from '../lib/client/task-view.ts';
import { RECONNECTION, watchStatus, type Reconnection } from './watch.ts';

/** Makes a task by `create` and, unless `detach`, follows it. */
export async function createAndFollow(
  context: Context,
  detach: boolean,
  create: (client: OperatorClient) => Promise<Task>,
): Promise<Outcome> {
  const task = await withServer(context, create);
  const made = printable(`${task.id}: ${render(context.output.texts.language, task.title)}`);
  if (detach) return done([made], task);
  if (!context.output.quiet && !context.output.json) context.output.print([made]);
  return followTask(context, task);
}

/** Shows how the task goes on until all its runs have ended, or Ctrl-C. */
export async function followTask(
  context: Context,
  task: Task,
  reconnection: Reconnection = RECONNECTION,
): Promise<Outcome> {
  const { texts } = context.output;
  const display = makeDisplay(context.output);
  const leaving = new AbortController();
  const forget = context.onInterrupt(() => leaving.abort());
  const showMissing = reportMissingHosts(
    texts,
    new Set(task.runs.map(({ hostId }) => hostId)),
    display.say,
  );
  let view: TaskView = { task, hostNames: {}, progress: [], sessions: [], working: new Set() };
  try {
    await watchStatus({
      connect: context.connect,
      signal: leaving.signal,
      reconnection,
      onStatus: async (status, client) => {
        view = await viewOf(task.id, status, client);
        display.show(view);
        showMissing(status);
        return view.task.runs.every((run) => isEnded(run.state));
      },
      onLost: (end) => display.say(connectionLost(texts, end)),
      onBack: () => display.say(texts.tasks.connectedAgain),
    });
  } finally {
    forget();
  }
  if (view.task.runs.some((run) => !isEnded(run.state))) {
    display.say(texts.tasks.goesOn(task.id));
    return { text: [], json: view.task, exitStatus: INTERRUPTED_STATUS };
  }
  return endOf(context, view);
}

function endOf({ output }: Context, view: TaskView): Outcome {
  const trouble = troubleLines(output.texts, view);
  const exitStatus = exitStatusOfTask(view.task);
  if (output.quiet && !output.json) {
    output.printError(trouble);
    return { text: [], json: view.task, exitStatus };
  }
  return { text: [...trouble, countLine(output.texts, view)], json: view.task, exitStatus };
}

/** A status shows all tasks under way, but of the ended ones only the latest. */
async function viewOf(id: TaskId, status: Status, client: OperatorClient): Promise<TaskView> {
  const task = status.tasks.find((candidate) => candidate.id === id);
  if (task !== undefined) return taskViewOf(task, status);
  const found = await client.call('task.show', { task: id });
  return { ...found, sessions: [], working: workingHostsOf(status) };
}
