/** The whole state of the UI, plain data: written to a file and read again it is the same. */

import type { Model } from './model.ts';
import type { Screens } from './screen-stack.ts';

export type State = {
  readonly model: Model;
  readonly screens: Screens;
  /** What somebody had open when the server forgot their login: theirs again when they are back, seen by nobody else. */
  readonly kept: Kept | null;
  /** The id of the last request. */
  readonly lastRequest: number;
};

export type Kept = { readonly operator: string; readonly screens: Screens };

/** The state of a UI that has just been started. */
export function newState(model: Model, screens: Screens): State {
  return { model, screens, kept: null, lastRequest: 0 };
}
