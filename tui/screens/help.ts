/** All keys of a screen, made from its command table. */

import { padEnd, widthOf } from '../../lib/columns.ts';
import { layoutOf } from '../layout.ts';
import type { Model } from '../model.ts';
import { wrap } from '../components/dialog.ts';
import { scrollAfter, scrollRows, scrollView } from '../components/scroll-view.ts';
import { line, span, type Line } from '../picture.ts';
import { perform, reaction, type ScreenKind } from '../screen.ts';
import { glyphsOf } from '../glyphs.ts';
import { textsOf } from '../text/catalogue.ts';
import { reasonIn } from '../text/reasons.ts';
import type { HelpEntry, ScreenStates } from '../screen-states.ts';

export const HELP: ScreenKind<ScreenStates['help']> = {
  title: ({ of }, model) => `${textsOf(model.language).common.keys}: ${of}`,
  commands: () => [],
  update: (state, event, model) => {
    const { body } = layoutOf(model);
    const { length } = linesFor(state.entries, model, body.width);
    const first = scrollAfter(state.first, event, length, scrollRows(length, body));
    return first === null ? perform() : reaction({ ...state, first });
  },
  view: ({ entries, first }, model, area) =>
    scrollView(linesFor(entries, model, area.width), first, model, area),
};

function linesFor(entries: readonly HelpEntry[], model: Model, width: number): Line[] {
  const { notNow } = textsOf(model.language).common;
  const keysOf = ({ keys }: HelpEntry): string => keys.map(glyphsOf(model).keyName).join(', ');
  const keysWidth = Math.min(20, Math.max(...entries.map((each) => widthOf(keysOf(each)))));
  const textWidth = Math.max(20, width - keysWidth - 6);
  const below = ' '.repeat(keysWidth + 4);
  return [
    line(''),
    ...entries.flatMap((entry): Line[] => {
      const [head = '', ...rest] = wrap(entry.help, textWidth);
      const reason =
        entry.disabledReason === null
          ? []
          : wrap(notNow(reasonIn(model.language, entry.disabledReason)), textWidth);
      return [
        line('  ', span(padEnd(keysOf(entry), keysWidth), 'key'), `  ${head}`),
        ...rest.map((text) => line(below, text)),
        ...reason.map((text) => line(below, span(text, 'warn'))),
      ];
    }),
  ];
}
