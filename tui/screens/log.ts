/** What the engine said during one run. */

import { widthOf } from '../../lib/columns.ts';
import type { RunId } from '../../lib/model/ids.ts';
import { layoutOf } from '../layout.ts';
import type { Model } from '../model.ts';
import { wrap } from '../components/dialog.ts';
import { scrollAfter, scrollRows, scrollView } from '../components/scroll-view.ts';
import { line, span, type Line } from '../picture.ts';
import { perform, reaction, type ScreenKind } from '../screen.ts';
import { textsOf } from '../text/catalogue.ts';
import { readLog } from './open.ts';
import type { ScreenStates } from '../screen-states.ts';

type LogState = ScreenStates['log'];

export const LOG: ScreenKind<LogState> = {
  title: ({ hostName }, model) => textsOf(model.language).tasks.logTitle(hostName),
  commands: ({ run, hostName }, model) => {
    const texts = textsOf(model.language).tasks;
    return [
      {
        name: 'again',
        keys: ['r'],
        label: texts.again,
        help: texts.againHelp,
        disabledReason: null,
        run: () => perform(readLog(run, hostName, model)),
      },
    ];
  },
  update: (state, event, model) => {
    if (event.type === 'answered' && event.method === 'run.log') {
      const read = event.result.find(({ runId }) => isSame(runId, state.run.id));
      return read === undefined ? perform() : reaction({ ...state, read });
    }
    const { body } = layoutOf(model);
    const { length } = linesFor(state, model, body.width);
    const rows = scrollRows(length, body);
    const first = scrollAfter(state.first ?? length, event, length, rows);
    if (first === null) return perform();
    return reaction({ ...state, first: first >= length - rows ? null : first });
  },
  view: (state, model, area) => {
    const lines = linesFor(state, model, area.width);
    return scrollView(lines, state.first ?? lines.length, model, area);
  },
};

function isSame(one: RunId, other: RunId): boolean {
  return one === other;
}

function linesFor({ read }: LogState, model: Model, width: number): readonly Line[] {
  const { tasks: texts, common } = textsOf(model.language);
  if (read === null) return [line(span(` ${common.reading}`, 'dim'))];
  if (read.lines.length === 0) return [line(span(` ${texts.logEmpty}`, 'dim'))];
  const room = Math.max(20, width - 2);
  return [
    ...(read.isCut ? [line(span(` ${texts.logCut}`, 'dim'))] : []),
    ...read.lines.flatMap((text) =>
      (widthOf(text) <= room ? [text] : wrap(text, room)).map((part) => line(` ${part}`)),
    ),
  ];
}
