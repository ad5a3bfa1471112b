/** A double click opens what it is on, where the screen has something to open. */

import type { ScreenEvent } from '../events.ts';
import type { Model } from '../model.ts';
import { stay, type Reaction, type Screen } from '../screen.ts';

/** `screen` after `event`, which has moved its cursor already. */
export function openedBy(event: ScreenEvent, screen: Screen, model: Model): Reaction {
  if (event.type !== 'click' || !event.isDouble) return stay(screen);
  const open = screen.commands(model).find(({ name }) => name === 'open');
  return open?.run() ?? stay(screen);
}
