/** The keys of a list, for the help: the screen's `update` reads them. */

import type { Model } from '../model.ts';
import { perform, type Command } from '../screen.ts';
import { textsOf } from '../text/catalogue.ts';

export function moveCommand(
  { language }: Pick<Model, 'language'>,
  keys: Command['keys'] = ['up', 'down'],
): Command {
  const { common } = textsOf(language);
  return {
    name: 'move',
    keys,
    label: common.move,
    help: common.moveHelp,
    disabledReason: null,
    inFooter: false,
    documentationOnly: true,
    run: () => perform(),
  };
}
