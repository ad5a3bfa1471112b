/** All keys of a screen, made from its command table. */

import { padEnd, widthOf } from '../../lib/columns.ts';
import { LIST_START, moveCursor, type ListCursor } from '../parts/list-cursor.ts';
import { wrap } from '../parts/dialog.ts';
import { line, span, type Line } from '../picture.ts';
import { stay, type Command, type Screen } from '../screen.ts';
import { signsOf } from '../signs.ts';
import { textsOf } from '../text/catalogue.ts';
import { reasonIn } from '../text/reasons.ts';

/** `of` is the title of the screen that the commands belong to. */
export function helpScreen(
  of: string,
  commands: readonly Command[],
  at: ListCursor = LIST_START,
): Screen {
  const screen: Screen = {
    name: 'help',
    isDialog: false,
    title: (model) => `${textsOf(model.language).common.keys}: ${of}`,
    commands: () => [],
    react: (event, model) => {
      if (event.type !== 'key') return stay(screen);
      const moved = moveCursor(at, event.key, commands.length, model.area.height - 4);
      return stay(moved === null ? screen : helpScreen(of, commands, moved));
    },
    view: (model, area) => {
      const keysOf = ({ keys }: Command): string => keys.map(signsOf(model).keyName).join(', ');
      const width = Math.min(20, Math.max(...commands.map((each) => widthOf(keysOf(each)))));
      const lines = commands.flatMap((command): Line[] => {
        const texts = wrap(command.help, Math.max(20, area.width - width - 6));
        const reason =
          command.whyNot === null
            ? []
            : [
                line(
                  '  ',
                  ' '.repeat(width + 2),
                  span(reasonIn(model.language, command.whyNot), 'warn'),
                ),
              ];
        return [
          line('  ', span(padEnd(keysOf(command), width), 'key'), `  ${texts[0] ?? ''}`),
          ...texts.slice(1).map((text) => line('  ', ' '.repeat(width + 2), text)),
          ...reason,
        ];
      });
      const first = Math.min(at.index, Math.max(0, lines.length - area.height + 1));
      return {
        panels: [
          {
            type: 'text',
            area,
            title: null,
            isActive: true,
            lines: [line(''), ...lines.slice(first)],
          },
        ],
        targets: [],
        caret: null,
      };
    },
  };
  return screen;
}
