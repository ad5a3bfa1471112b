/** A message that wants to be seen: what went wrong, or what came of something. */

import { line, span, type Style } from '../picture.ts';
import { stay, type Screen } from '../screen.ts';
import { textsOf } from '../text/catalogue.ts';
import { dialogBox, wrap } from './dialog.ts';

const WIDTH = 70;

/** Any of the usual keys closes it. `texts` are paragraphs; the first one is in `style`. */
export function messageDialog(title: string, texts: readonly string[], style: Style): Screen {
  const screen: Screen = {
    name: 'message',
    isDialog: true,
    title: () => title,
    commands: (model) => [
      {
        name: 'close',
        keys: ['enter', 'escape', 'space'],
        label: textsOf(model.language).common.close,
        help: textsOf(model.language).common.closeHelp,
        whyNot: null,
        run: () => stay(screen, { type: 'pop' }),
      },
    ],
    react: () => stay(screen),
    view: (_, area) => {
      const width = Math.min(WIDTH, area.width - 6);
      const lines = texts.flatMap((text, index) =>
        wrap(text, width).map((each) => line(span(each, index === 0 ? style : 'plain'))),
      );
      return dialogBox(area, title, lines, width).picture;
    },
  };
  return screen;
}
