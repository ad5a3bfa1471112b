/** A host of a session in one cell. */

import { cut, padEnd, padStart } from '../../../lib/columns.ts';
import { isEnded, type Session } from '../../../lib/model/task.ts';
import { type RunSummary } from '../../../lib/client/task-view.ts';
import type { Model } from '../../model.ts';
import { runSign } from '../tasks/run-state.ts';
import { progressCells } from '../tasks/task-progress.ts';
import { line, span, type Line } from '../../picture.ts';
import { glyphsOf } from '../../glyphs.ts';
import { textsOf } from '../../text/catalogue.ts';
import { rateText } from '../../../lib/text/quantities.ts';
import { isPaused } from './pause.ts';

/** Name, sign, percentage and rate; a host that has ended says how. */
export function hostCell(
  summary: RunSummary,
  session: Session | null,
  model: Model,
  width: number,
): Line {
  const { states } = textsOf(model.language);
  const { run, hostName, fraction, bytesPerSecond } = summary;
  const isReady = session?.members.some((each) => each.runId === run.id && each.ready) === true;
  const nameWidth = Math.max(8, width - 27);
  const name = padEnd(cut(hostName, nameWidth, glyphsOf(model).cut), nameWidth);
  const sign = runSign(run.state, model);
  if (isEnded(run.state)) {
    return line(name, ' ', sign, ` ${states.runs[run.state]}`);
  }
  if (session?.state === 'gathering') {
    const word = isReady ? states.conditions.ready : states.runs.waiting;
    return line(
      name,
      ' ',
      isReady
        ? span(`${glyphsOf(model).done} ${word}`, 'good')
        : `${glyphsOf(model).pending} ${word}`,
    );
  }
  if (run.state === 'waiting') return line(name, ' ', sign, ` ${states.runs.waiting}`);
  const texts = textsOf(model.language).session;
  const cells = [name, ' ', sign, ' ', ...progressCells(fraction, 13, model)];
  if (session?.silent?.runIds.includes(run.id) === true) {
    return line(...cells, span(padStart(texts.noAnswer, 10), 'warn'));
  }
  const isResting = session !== null && isPaused(session, model);
  const rate = bytesPerSecond === null ? '' : rateText(bytesPerSecond, model);
  return line(...cells, padStart(isResting && rate !== '' ? texts.paused : rate, 10));
}
