/** The commands that apply now: the top screen's, and those of everywhere. */

import { push } from './actions.ts';
import type { Model } from './model.ts';
import type { KeyEntry } from './screen.ts';
import { topOf } from './screen-stack.ts';
import type { Action, Screen } from './screen-states.ts';
import { commandsIn, isDialog, isTyping, titleOf, type Outcome } from './screens/table.ts';
import type { State } from './state.ts';
import { textsOf } from './text/catalogue.ts';

/** A command with what comes of it: the screen that it leaves, and what is to be done. */
export type BoundCommand = KeyEntry & { readonly run: () => Outcome };

export function commandsOf({
  model,
  screens,
}: Pick<State, 'model' | 'screens'>): readonly BoundCommand[] {
  const top = topOf(screens);
  const own = ownCommands(top, model);
  if (isDialog(top)) return own;
  const taken = new Set(own.flatMap(({ keys }) => keys));
  const others = everywhere({ model, screens });
  return [...own, ...others.filter(({ keys }) => !keys.some((key) => taken.has(key)))];
}

const cache = new WeakMap<
  Screen,
  { readonly model: Model; readonly commands: readonly BoundCommand[] }
>();

/** Made once for a screen and what is known: the key is looked for in it, and the footer is made of it. */
function ownCommands(screen: Screen, model: Model): readonly BoundCommand[] {
  const known = cache.get(screen);
  if (known?.model === model) return known.commands;
  const commands = commandsIn(screen, model);
  cache.set(screen, { model, commands });
  return commands;
}

function everywhere({ model, screens }: Pick<State, 'model' | 'screens'>): readonly BoundCommand[] {
  const top = topOf(screens);
  const texts = textsOf(model.language).common;
  const isDeep = screens.length > 1;
  const command = (
    entry: Pick<KeyEntry, 'name' | 'keys' | 'label' | 'help' | 'inFooter'>,
    action: () => Action,
  ): BoundCommand => ({
    ...entry,
    disabledReason: null,
    run: () => ({ screen: top, actions: [action()] }),
  });
  const back = command(
    { name: 'back', keys: ['escape'], label: texts.back, help: texts.backHelp },
    () => ({ type: 'pop' }),
  );
  const quit = command(
    {
      name: 'quit',
      keys: isDeep || isTyping(top) ? ['C-c'] : ['q', 'C-c'],
      label: texts.quit,
      help: texts.quitHelp,
      inFooter: !isDeep,
    },
    () => ({ type: 'quit' }),
  );
  const record = command(
    {
      name: 'record',
      keys: [RECORD_KEY],
      label: texts.record,
      help: texts.recordHelp,
      inFooter: false,
    },
    () => ({ type: 'record' }),
  );
  const help = command(
    {
      name: 'help',
      // A question mark may be part of what is typed.
      keys: isTyping(top) ? ['f1'] : ['?', 'f1'],
      label: texts.help,
      help: texts.helpHelp,
    },
    () => {
      const entries = commandsOf({ model, screens }).map((each) => ({
        keys: each.keys,
        help: each.help,
        disabledReason: each.disabledReason,
      }));
      return push('help', { of: titleOf(top, model), entries, first: 0 });
    },
  );
  return [...(isDeep ? [back] : []), ...(top.name === 'help' ? [] : [help]), quit, record];
}

/** Works everywhere, also in dialogs and while something is typed. */
export const RECORD_KEY = 'C-r';
