/** Esc where something would be lost: it asks before. */

import { confirm } from '../actions.ts';
import type { Model } from '../model.ts';
import { perform, type Command } from '../screen.ts';
import type { ScreenName } from '../screen-states.ts';
import { textsOf } from '../text/catalogue.ts';

/** Leaves the screen `name` when the answer is yes. */
export function discardCommand(
  name: ScreenName,
  texts: { readonly title: string; readonly text: string; readonly label: string },
  { language }: Pick<Model, 'language'>,
): Command {
  const { common } = textsOf(language);
  const leave = [{ type: 'close', name }] as const;
  return {
    name: 'leave',
    keys: ['escape'],
    label: common.back,
    help: common.backHelp,
    disabledReason: null,
    run: () => perform(confirm(texts.title, [texts.text], texts.label, leave)),
  };
}
