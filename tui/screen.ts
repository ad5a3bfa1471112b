/** What a screen is: an immutable value that answers events with its successor, and paints itself. */

import type { ScreenEvent } from './events.ts';
import type { Model } from './model.ts';
import type { Area, Picture } from './picture.ts';
import type { Request } from './requests.ts';

/** What a screen wants done. */
export type Action =
  | Request
  /** Put a screen on top; Esc comes back to this one. */
  | { readonly type: 'push'; readonly screen: Screen }
  /** Leave this screen. */
  | { readonly type: 'pop' }
  /** Leave the topmost screen of this name, wherever it is by now: for answers that come later. */
  | { readonly type: 'close'; readonly name: string }
  /** Leave this screen for another one. */
  | { readonly type: 'replace'; readonly screen: Screen }
  /** Begin again with this screen alone. */
  | { readonly type: 'home'; readonly screen: Screen }
  | { readonly type: 'notice'; readonly text: string; readonly isBad: boolean }
  /** Read hosts, groups, images and settings again. */
  | { readonly type: 'refresh' }
  /** Who works here has another name now. */
  | { readonly type: 'called'; readonly name: string }
  /** The server knows now who this is. */
  | { readonly type: 'logged-in'; readonly name: string; readonly loginToken: string }
  /** Take the connection up again at once. */
  | { readonly type: 'try-now' }
  /** Leave this server for one on the network. */
  | { readonly type: 'elsewhere'; readonly server: string }
  | { readonly type: 'quit' };

export type Reaction = { readonly screen: Screen; readonly actions: readonly Action[] };

/** One thing the operator can do here. Footer, help and documentation are made of these. */
export type Command = {
  /** Stable, for tests and clicks: "deploy". */
  readonly name: string;
  /** The first one is shown: "d", "enter", "C-r", "f2". */
  readonly keys: readonly string[];
  /** One or two words for the footer. */
  readonly label: string;
  /** A sentence for the help. */
  readonly help: string;
  /** Why it cannot be done right now; null when it can. */
  readonly whyNot: string | null;
  /** Not in the footer: keys that everybody tries anyhow, such as the arrows. */
  readonly isQuiet?: boolean;
  /** For the help alone: the keys are read by the screen's `react`, such as those of a list. */
  readonly isOnlyHelp?: boolean;
  readonly run: () => Reaction;
};

export type Screen = {
  /** Stable: "hosts", "deploy-wizard". */
  readonly name: string;
  readonly title: (model: Model) => string;
  readonly commands: (model: Model) => readonly Command[];
  /** Events that no command took. Answers the screen itself when it does not care. */
  readonly react: (event: ScreenEvent, model: Model) => Reaction;
  /** What to show in `area`; a dialog shows itself in the middle of it, above the screen below. */
  readonly view: (model: Model, area: Area) => Picture;
  /** A dialog leaves the screen below visible. */
  readonly isDialog: boolean;
  /** Typed letters belong to a text field: commands on plain letters do not apply. */
  readonly isTyping?: boolean;
};

/** A reaction that only changes the screen. */
export function stay(screen: Screen, ...actions: readonly Action[]): Reaction {
  return { screen, actions };
}
