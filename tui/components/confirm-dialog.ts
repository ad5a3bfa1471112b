/** A question before something irreversible: it names what will be lost, and Enter alone does not do it. */

import { line, span } from '../picture.ts';
import { stay, type Action, type Screen } from '../screen.ts';
import { textsOf } from '../text/catalogue.ts';
import { dialogBox, wrap } from './dialog.ts';

const WIDTH = 70;

/** y does it: `actions` follow after the dialog is gone. n and Esc leave everything as it is. */
export function confirmDialog(
  title: string,
  texts: readonly string[],
  label: string,
  actions: readonly Action[],
): Screen {
  const screen: Screen = {
    name: 'confirm',
    isDialog: true,
    title: () => title,
    commands: (model) => {
      const { common } = textsOf(model.language);
      return [
        {
          name: 'confirm',
          // "j" is the German yes.
          keys: model.language === 'de' ? ['j', 'y'] : ['y'],
          label,
          help: label,
          whyNot: null,
          run: () => stay(screen, { type: 'pop' }, ...actions),
        },
        {
          name: 'cancel',
          keys: ['n', 'escape'],
          label: common.back,
          help: common.backHelp,
          whyNot: null,
          run: () => stay(screen, { type: 'pop' }),
        },
      ];
    },
    react: () => stay(screen),
    view: (model, area) => {
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
  return screen;
}
