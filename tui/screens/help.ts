/** All keys of a screen, made from its command table. */

import { padEnd, widthOf } from '../../lib/columns.ts';
import { layoutOf } from '../layout.ts';
import type { Model } from '../model.ts';
import { wrap } from '../components/dialog.ts';
import { scrollAfter, scrollRows, scrollView } from '../components/scroll-view.ts';
import { line, span, type Line } from '../picture.ts';
import { stay, type Command, type Screen } from '../screen.ts';
import { glyphsOf } from '../glyphs.ts';
import { textsOf } from '../text/catalogue.ts';
import { reasonIn } from '../text/reasons.ts';

/** `of` is the title of the screen that the commands belong to; `first` the line that is seen first. */
export function helpScreen(of: string, commands: readonly Command[], first = 0): Screen {
  const screen: Screen = {
    name: 'help',
    isDialog: false,
    title: (model) => `${textsOf(model.language).common.keys}: ${of}`,
    commands: () => [],
    react: (event, model) => {
      const { body } = layoutOf(model);
      const { length } = linesFor(commands, model, body.width);
      const next = scrollAfter(first, event, length, scrollRows(length, body));
      return stay(next === null ? screen : helpScreen(of, commands, next));
    },
    view: (model, area) => scrollView(linesFor(commands, model, area.width), first, model, area),
  };
  return screen;
}

function linesFor(commands: readonly Command[], model: Model, width: number): Line[] {
  const { notNow } = textsOf(model.language).common;
  const keysOf = ({ keys }: Command): string => keys.map(glyphsOf(model).keyName).join(', ');
  const keysWidth = Math.min(20, Math.max(...commands.map((each) => widthOf(keysOf(each)))));
  const textWidth = Math.max(20, width - keysWidth - 6);
  const below = ' '.repeat(keysWidth + 4);
  return [
    line(''),
    ...commands.flatMap((command): Line[] => {
      const [head = '', ...rest] = wrap(command.help, textWidth);
      const reason =
        command.whyNot === null
          ? []
          : wrap(notNow(reasonIn(model.language, command.whyNot)), textWidth);
      return [
        line('  ', span(padEnd(keysOf(command), keysWidth), 'key'), `  ${head}`),
        ...rest.map((text) => line(below, text)),
        ...reason.map((text) => line(below, span(text, 'warn'))),
      ];
    }),
  ];
}
