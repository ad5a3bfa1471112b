/** One host's part of a task, on the whole screen: error, disk, steps. */

import { summarizeRun, type RunSummary } from '../../lib/client/task-view.ts';
import { layoutOf } from '../layout.ts';
import type { Model } from '../model.ts';
import { runLines } from '../presentation/tasks/run-lines.ts';
import { runSpan } from '../presentation/tasks/run-state.ts';
import { scrollAfter, scrollRows, scrollView } from '../components/scroll-view.ts';
import { cancelRunCommand } from './task-commands.ts';
import { progressCells, taskViewIn } from '../presentation/tasks/task-progress.ts';
import { taskTitle } from '../presentation/tasks/task-title.ts';
import { line, span, type Line } from '../picture.ts';
import { perform, reaction, type ScreenKind } from '../screen.ts';
import { textsOf } from '../text/catalogue.ts';
import { deployAgainCommand } from './deploy/again.ts';
import { openLog } from './open.ts';
import type { ScreenStates } from '../screen-states.ts';

type RunState = ScreenStates['run'];

export const RUN: ScreenKind<RunState> = {
  title: (state, model) => {
    const task = taskViewIn(state.taskId, model, state.read)?.task;
    const title = task === undefined ? '' : taskTitle(task, model);
    return `${summaryIn(state, model)?.hostName ?? ''}: ${title}`;
  },
  commands: (state, model) => {
    const texts = textsOf(model.language).tasks;
    const summary = summaryIn(state, model);
    const task = taskViewIn(state.taskId, model, state.read)?.task ?? null;
    return [
      {
        name: 'log',
        keys: ['l'],
        label: texts.log,
        help: texts.logHelp,
        disabledReason: summary === null ? texts.gone : null,
        run: () =>
          perform(...(summary === null ? [] : openLog(summary.run, summary.hostName, model))),
      },
      deployAgainCommand(task, model),
      cancelRunCommand(task, summary?.run ?? null, summary?.hostName ?? '', model),
    ];
  },
  update: (state, event, model) => {
    const { body } = layoutOf(model);
    const { length } = linesFor(summaryIn(state, model), model, body.width);
    const first = scrollAfter(state.first, event, length, scrollRows(length, body));
    return first === null ? perform() : reaction({ ...state, first });
  },
  view: (state, model, area) =>
    scrollView(linesFor(summaryIn(state, model), model, area.width), state.first, model, area),
};

function summaryIn({ taskId, runId, read }: RunState, model: Model): RunSummary | null {
  const view = taskViewIn(taskId, model, read);
  const run = view?.task.runs.find(({ id }) => id === runId);
  return view === null || run === undefined ? null : summarizeRun(view, run);
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
