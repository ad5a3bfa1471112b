/** A message that wants to be seen: what went wrong, or what came of something. */

import { line, span } from '../picture.ts';
import { perform, type ScreenKind } from '../screen.ts';
import type { ScreenStates } from '../screen-states.ts';
import { textsOf } from '../text/catalogue.ts';
import { dialogBox, wrap } from './dialog.ts';

const WIDTH = 70;

/** Any of the usual keys closes it. The texts are paragraphs; the first one is in the style that is said. */
export const MESSAGE: ScreenKind<ScreenStates['message']> = {
  isDialog: true,
  title: ({ title }) => title,
  commands: (_, model) => [
    {
      name: 'close',
      keys: ['enter', 'escape', 'space'],
      label: textsOf(model.language).common.close,
      help: textsOf(model.language).common.closeHelp,
      disabledReason: null,
      run: () => perform({ type: 'pop' }),
    },
  ],
  update: () => perform(),
  view: ({ title, texts, style }, _, area) => {
    const width = Math.min(WIDTH, area.width - 6);
    const lines = texts.flatMap((text, index) =>
      wrap(text, width).map((each) => line(span(each, index === 0 ? style : 'plain'))),
    );
    return dialogBox(area, title, lines, width).picture;
  },
};
