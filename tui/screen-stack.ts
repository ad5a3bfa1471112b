/** The screens that lie on each other; the last one is on top. Never empty. */

import type { Screen } from './screen-states.ts';

export type Screens = readonly [Screen, ...Screen[]];

export function topOf(screens: Screens): Screen {
  return screens.at(-1) ?? screens[0];
}

export function pushed(screens: Screens, screen: Screen): Screens {
  return [...screens, screen];
}

/** The last one stays. */
export function popped([first, ...rest]: Screens): Screens {
  return [first, ...rest.slice(0, -1)];
}

/** Without the topmost one of this name, wherever it is; the first one stays. */
export function closed(screens: Screens, name: string): Screens {
  const index = screens.findLastIndex((screen) => screen.name === name);
  const [first, ...rest] = screens.filter((_, at) => at !== index || at === 0);
  return first === undefined ? screens : [first, ...rest];
}

/** With another one on top, in place of the one that is there. */
export function replaced(screens: Screens, screen: Screen): Screens {
  const [first, ...rest] = [...screens.slice(0, -1), screen];
  return [first, ...rest];
}
