/** A question before something irreversible: it names what will be lost, and Enter alone does not do it. */

import { line, span } from '../picture.ts';
import { perform, type ScreenKind } from '../screen.ts';
import type { ScreenStates } from '../screen-states.ts';
import { textsOf } from '../text/catalogue.ts';
import { dialogBox, wrap } from './dialog.ts';

const WIDTH = 70;

/** y does it: the actions follow after the dialog is gone. n and Esc leave everything as it is. */
export const CONFIRM: ScreenKind<ScreenStates['confirm']> = {
  isDialog: true,
  title: ({ title }) => title,
  commands: ({ label, actions }, model) => {
    const { common } = textsOf(model.language);
    return [
      {
        name: 'confirm',
        // "j" is the German yes.
        keys: model.language === 'de' ? ['j', 'y'] : ['y'],
        label,
        help: label,
        disabledReason: null,
        run: () => perform({ type: 'pop' }, ...actions),
      },
      {
        name: 'cancel',
        keys: ['n', 'escape'],
        label: common.back,
        help: common.backHelp,
        disabledReason: null,
        run: () => perform({ type: 'pop' }),
      },
    ];
  },
  update: () => perform(),
  view: ({ title, texts, label }, model, area) => {
    const width = Math.min(WIDTH, area.width - 6);
    const lines = [
      ...texts.flatMap((text) => wrap(text, width).map((each) => line(each))),
      line(''),
      line(
        span(model.language === 'de' ? 'j' : 'y', 'key'),
        span(` ${label}    `, 'warn'),
        span('n', 'key'),
        ` ${textsOf(model.language).common.back}`,
      ),
    ];
    return dialogBox(area, title, lines, width).picture;
  },
};
