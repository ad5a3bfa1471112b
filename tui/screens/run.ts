/** One host's part of a task, on the whole screen: error, disk, steps. */

import type { RunId, TaskId } from '../../lib/model/ids.ts';
import { summarizeRun, type RunSummary, type TaskView } from '../../lib/task-view.ts';
import { layoutOf } from '../layout.ts';
import type { Model } from '../model.ts';
import { runLines } from '../presentation/tasks/run-lines.ts';
import { runSpan } from '../presentation/tasks/run-state.ts';
import { scrollAfter, scrollRows, scrollView } from '../components/scroll-view.ts';
import { cancelRunCommand } from '../presentation/tasks/task-commands.ts';
import { progressCells, taskViewIn } from '../presentation/tasks/task-progress.ts';
import { taskTitle } from '../presentation/tasks/task-title.ts';
import { line, span, type Line } from '../picture.ts';
import { stay, type Screen } from '../screen.ts';
import { textsOf } from '../text/catalogue.ts';
import { deployAgainCommand } from './deploy/again.ts';
import { openLog } from './log.ts';

type RunState = {
  readonly read: Pick<TaskView, 'task' | 'hostNames'> | null;
  readonly first: number;
};

export function runScreen(taskId: TaskId, runId: RunId, state: RunState): Screen {
  const summaryIn = (model: Model): RunSummary | null => {
    const view = taskViewIn(taskId, model, state.read);
    const run = view?.task.runs.find(({ id }) => id === runId);
    return view === null || run === undefined ? null : summarizeRun(view, run);
  };
  const screen: Screen = {
    name: 'run',
    isDialog: false,
    title: (model) => {
      const task = taskViewIn(taskId, model, state.read)?.task;
      const title = task === undefined ? '' : taskTitle(task, model);
      return `${summaryIn(model)?.hostName ?? ''}: ${title}`;
    },
    commands: (model) => {
      const texts = textsOf(model.language).tasks;
      const summary = summaryIn(model);
      const task = taskViewIn(taskId, model, state.read)?.task ?? null;
      return [
        {
          name: 'log',
          keys: ['l'],
          label: texts.log,
          help: texts.logHelp,
          whyNot: summary === null ? texts.gone : null,
          run: () =>
            stay(
              screen,
              ...(summary === null ? [] : openLog(summary.run, summary.hostName, model)),
            ),
        },
        deployAgainCommand(task, model, screen),
        cancelRunCommand(task, summary?.run ?? null, summary?.hostName ?? '', { model, screen }),
      ];
    },
    react: (event, model) => {
      const { body } = layoutOf(model);
      const { length } = linesFor(summaryIn(model), model, body.width);
      const first = scrollAfter(state.first, event, length, scrollRows(length, body));
      return stay(first === null ? screen : runScreen(taskId, runId, { ...state, first }));
    },
    view: (model, area) =>
      scrollView(linesFor(summaryIn(model), model, area.width), state.first, model, area),
  };
  return screen;
}

function linesFor(summary: RunSummary | null, model: Model, width: number): Line[] {
  if (summary === null) return [line(span(` ${textsOf(model.language).tasks.gone}`, 'dim'))];
  return [
    line(
      ' ',
      runSpan(summary.run.state, model),
      '   ',
      ...progressCells(summary.fraction, Math.min(40, width - 24), model),
    ),
    line(''),
    ...runLines(summary, model, width),
  ];
}
