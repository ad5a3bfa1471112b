/** A double click does what the command for what it is on does, where that can be done. */

import type { ScreenEvent } from '../events.ts';
import { reaction, type Command, type Reaction } from '../screen.ts';

/** `state` is that of the screen after `event`, which has moved its cursor already; `commands` are those of it. */
export function openedBy<State>(
  event: ScreenEvent,
  state: State,
  commands: () => readonly Command<State>[],
  isMeant: (command: Command<State>) => boolean = ({ name }) => name === 'open',
): Reaction<State> {
  if (event.type !== 'click' || !event.isDouble) return reaction(state);
  const open = commands().find(isMeant);
  return open?.disabledReason === null ? { state, ...open.run() } : reaction(state);
}
