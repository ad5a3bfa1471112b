/** The keys of a list, for the help: the screen's `react` reads them. */

import type { Model } from '../model.ts';
import { stay, type Command, type Screen } from '../screen.ts';
import { textsOf } from '../text/catalogue.ts';

export function moveCommand(
  { language }: Pick<Model, 'language'>,
  screen: Screen,
  keys: Command['keys'] = ['up', 'down'],
): Command {
  const { common } = textsOf(language);
  return {
    name: 'move',
    keys,
    label: common.move,
    help: common.moveHelp,
    whyNot: null,
    isQuiet: true,
    isOnlyHelp: true,
    run: () => stay(screen),
  };
}
