/** A run in full: what came of it, the error with cause and hint, the disk, every step. */

import { padEnd, padStart, widthOf } from '../../lib/columns.ts';
import { formatBytes } from '../../lib/format.ts';
import type { Step } from '../../lib/model/step.ts';
import { isEnded, type Run } from '../../lib/model/task.ts';
import type { RunSummary } from '../../lib/task-view.ts';
import type { Model } from '../model.ts';
import { line, span, type Line, type Style } from '../picture.ts';
import { textsOf } from '../text/catalogue.ts';
import { wrap } from './dialog.ts';
import { lengthOf } from './moments.ts';
import { runSign } from './run-state.ts';
import { activityText } from './task-progress.ts';

/** The most important first, `width` cells wide. */
export function runLines(summary: RunSummary, model: Model, width: number): Line[] {
  const { run } = summary;
  const texts = textsOf(model.language).tasks;
  const { error } = run;
  const facts: readonly (readonly [string, string, Style])[] = [
    ...(error === null
      ? []
      : ([
          [texts.what1, error.message, 'bad'],
          ...error.causes.map((cause) => [texts.causes, cause, 'plain'] as const),
          [texts.hint, error.hint, 'strong'],
        ] as const)),
    ...(run.disk === null ? [] : ([[texts.disk, run.disk, 'plain']] as const)),
    ...(run.diskOutcome === null
      ? []
      : ([
          [
            texts.outcome,
            texts.outcomes[run.diskOutcome],
            run.diskOutcome === 'unknown' ? 'warn' : 'plain',
          ],
        ] as const)),
  ];
  const nameWidth = Math.max(0, ...facts.map(([name]) => widthOf(name)));
  const factLines = facts.flatMap(([name, text, style]) =>
    wrap(text, Math.max(20, width - nameWidth - 3)).map((part, index) =>
      line(span(` ${padEnd(index === 0 ? name : '', nameWidth)}  `, 'dim'), span(part, style)),
    ),
  );
  const steps =
    run.steps.length === 0
      ? noStepLines(summary, model, width)
      : run.steps.flatMap((step) => stepLines(lastState(step, run), model, width));
  return [...factLines, ...(factLines.length === 0 ? [] : [line('')]), ...steps];
}

/** What it waits for says more than that there is no plan. */
function noStepLines(summary: RunSummary, model: Model, width: number): Line[] {
  const { noSteps } = textsOf(model.language).tasks;
  const waits = summary.run.state === 'waiting' ? activityText(summary, model) : '';
  return [noSteps, waits]
    .filter((text) => text !== '')
    .flatMap((text) => wrap(text, Math.max(20, width - 2)))
    .map((text) => line(span(` ${text}`, 'dim')));
}

/** A run that lost its host never said how its step ended. */
function lastState(step: Step, run: Run): Step {
  if (step.state !== 'running' || !isEnded(run.state)) return step;
  return { ...step, state: 'failed', endedAt: run.endedAt };
}

function stepLines(step: Step, model: Model, width: number): Line[] {
  const size = step.doneBytes === 0 ? '' : formatBytes(step.doneBytes);
  const took = lengthOf(step, model.now);
  const right = `${padStart(size, 9)} ${padStart(took, 10)}`;
  const room = Math.max(10, width - widthOf(right) - 4);
  const [first = '', ...rest] = wrap(step.title, room);
  const style: Style = step.state === 'planned' || step.state === 'skipped' ? 'dim' : 'plain';
  return [
    line(
      ' ',
      runSign(step.state, model),
      ' ',
      span(padEnd(first, room), style),
      span(right, 'dim'),
    ),
    ...rest.map((text) => line('   ', span(text, style))),
    ...(step.note === null
      ? []
      : wrap(step.note, width - 5).map((text) =>
          line('     ', span(text, step.state === 'warned' ? 'warn' : 'dim')),
        )),
  ];
}
