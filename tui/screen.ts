/** What a kind of screen is: functions of its state that say what it shows, which keys it has and what events do to it. */

import type { DisabledReason } from './disabled-reason.ts';
import type { ScreenEvent } from './events.ts';
import type { Model } from './model.ts';
import type { Area, Picture } from './picture.ts';
import type { Action } from './screen-states.ts';

/** The state after an event, left out when it stays, and what is to be done. */
export type Reaction<State> = { readonly state?: State; readonly actions: readonly Action[] };

/** What footer, help and documentation say of a command. */
export type KeyEntry = {
  /** Stable, for tests and clicks: "deploy". */
  readonly name: string;
  /** The first one is shown: "d", "enter", "C-r", "f2". */
  readonly keys: readonly string[];
  /** One or two words for the footer. */
  readonly label: string;
  /** A sentence for the help. */
  readonly help: string;
  /** Why it cannot be done right now; null when it can. */
  readonly disabledReason: DisabledReason | null;
  /** False: not in the footer, for keys that everybody tries anyhow. */
  readonly inFooter?: boolean;
  /** For the help alone: the screen's `update` reads the keys, such as those of a list. */
  readonly documentationOnly?: boolean;
};

/** One thing the operator can do here. */
export type Command<State = never> = KeyEntry & { readonly run: () => Reaction<State> };

export type ScreenKind<State> = {
  readonly title: (state: State, model: Model) => string;
  readonly commands: (state: State, model: Model) => readonly Command<State>[];
  /** Events that no command took. */
  readonly update: (state: State, event: ScreenEvent, model: Model) => Reaction<State>;
  /** What to show in `area`; a dialog shows itself in the middle of it, above the screen below. */
  readonly view: (state: State, model: Model, area: Area) => Picture;
  /** A dialog leaves the screen below visible. */
  readonly isDialog?: boolean;
  /** Typed letters belong to a text field: commands on plain letters do not apply. */
  readonly isTyping?: (state: State) => boolean;
};

/** The screen is in another state now. */
export function reaction<State>(state: State, ...actions: readonly Action[]): Reaction<State> {
  return { state, actions };
}

/** The screen stays as it is. */
export function perform(...actions: readonly Action[]): Reaction<never> {
  return { actions };
}
