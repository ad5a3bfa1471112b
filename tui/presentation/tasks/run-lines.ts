/** A run in full: what came of it, the error with cause and hint, the disk, every step. */

import { render } from '../../../lib/messages/render.ts';
import { padEnd, padStart, widthOf } from '../../../lib/columns.ts';
import type { Step } from '../../../lib/model/step.ts';
import { isEnded, type Run } from '../../../lib/model/task.ts';
import type { RunSummary } from '../../../lib/client/task-view.ts';
import type { Model } from '../../model.ts';
import { line, span, type Line, type Style } from '../../picture.ts';
import { textsOf, type Texts } from '../../text/catalogue.ts';
import { errorIn } from '../../../lib/messages/errors.ts';
import type { ShownError } from '../../../lib/messages/errors.ts';
import { activityText } from '../../../lib/client/work-in-words.ts';
import { bytesText } from '../../../lib/text/quantities.ts';
import { wrap } from '../../components/dialog.ts';
import { formatElapsed } from '../time-format.ts';
import { runSign } from './run-state.ts';
import { knownDiskText } from '../../../lib/text/disks.ts';

type Fact = readonly [name: string, text: string, style: Style];

/** The most important first, `width` cells wide. */
export function runLines(summary: RunSummary, model: Model, width: number): Line[] {
  const { run } = summary;
  const texts = textsOf(model.language).tasks;
  const shown = run.error === null ? null : errorIn(model.language, run.error);
  const causes = run.error?.causes ?? [];
  const facts: readonly Fact[] = [
    ...(shown === null ? [] : errorFacts(shown, causes, texts)),
    ...(run.disk === null || run.disk === ''
      ? []
      : ([
          [texts.disk, knownDiskText(model.language, run.diskIdentity, run.disk), 'plain'],
        ] as const)),
    ...(run.diskOutcome === null
      ? []
      : ([
          [
            texts.outcome,
            textsOf(model.language).states.diskOutcomes[run.diskOutcome],
            run.diskOutcome === 'unknown' ? 'warn' : 'plain',
          ],
        ] as const)),
    ...(shown?.original == null
      ? []
      : ([[texts.originalHint, shown.original.hint, 'plain']] as const)),
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

/** What happened, why, and what to do; the words that it came in come after those of the UI. */
function errorFacts(
  { what, hint, original }: ShownError,
  causes: readonly string[],
  texts: Texts['tasks'],
): readonly Fact[] {
  const because = causes.map((cause): Fact => [texts.causes, cause, 'plain']);
  return original === null
    ? [[texts.what1, what, 'bad'], ...because, [texts.hint, hint, 'strong']]
    : [
        [texts.what1, what, 'bad'],
        [texts.hint, hint, 'strong'],
        [texts.message, original.message, 'plain'],
        ...because,
      ];
}

/** What it waits for says more than that there is no plan. */
function noStepLines(summary: RunSummary, model: Model, width: number): Line[] {
  const { noSteps } = textsOf(model.language).tasks;
  const waits =
    summary.run.state === 'waiting' ? activityText(model.language, summary.activity) : '';
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
  const size = step.doneBytes === 0 ? '' : bytesText(step.doneBytes, model);
  const took = formatElapsed(step, model.now);
  const right = `${padStart(size, 9)} ${padStart(took, 10)}`;
  const room = Math.max(10, width - widthOf(right) - 4);
  const title = render(model.language, step.title);
  const by = step.by === undefined ? '' : ` (${textsOf(model.language).states.workers[step.by]})`;
  const [first = '', ...rest] = wrap(`${title}${by}`, room);
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
    ...step.notes.flatMap((note) =>
      wrap(render(model.language, note), width - 5).map((text) =>
        line('     ', span(text, step.state === 'warned' ? 'warn' : 'dim')),
      ),
    ),
  ];
}
