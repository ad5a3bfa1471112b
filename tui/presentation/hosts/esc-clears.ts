/** Esc in a list of hosts: first the marks go, then the filter, and only then the screen. */

import type { Model } from '../../model.ts';
import { reaction, type Command } from '../../screen.ts';
import { textsOf } from '../../text/catalogue.ts';

/** The screen's state without marks and without filter; null where there are none. */
export type Cleared<State> = { readonly marks: State | null; readonly filter: State | null };

/** The command that Esc is while something is left to be cleared; none, and Esc leaves. */
export function escClears<State>(
  { marks, filter }: Cleared<State>,
  { language }: Model,
): readonly Command<State>[] {
  const texts = textsOf(language).hosts;
  const cleared = marks ?? filter;
  if (cleared === null) return [];
  return [
    {
      name: marks === null ? 'clear-filter' : 'clear-marks',
      keys: ['escape'],
      label: marks === null ? texts.clearFilter : texts.clearMarks,
      help: marks === null ? texts.clearFilterHelp : texts.clearMarksHelp,
      disabledReason: null,
      run: () => reaction(cleared),
    },
  ];
}
