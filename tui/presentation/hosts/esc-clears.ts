/** Esc in a list of hosts: first the marks go, then the filter, and only then the screen. */

import type { Model } from '../../model.ts';
import { stay, type Command, type Screen } from '../../screen.ts';
import { textsOf } from '../../text/catalogue.ts';

/** The screen without marks and without filter; null where there are none. */
export type Cleared = { readonly marks: Screen | null; readonly filter: Screen | null };

/** The command that Esc is while something is left to be cleared; none, and Esc leaves. */
export function escClears({ marks, filter }: Cleared, { language }: Model): readonly Command[] {
  const texts = textsOf(language).hosts;
  const cleared = marks ?? filter;
  if (cleared === null) return [];
  return [
    {
      name: marks === null ? 'clear-filter' : 'clear-marks',
      keys: ['escape'],
      label: marks === null ? texts.clearFilter : texts.clearMarks,
      help: marks === null ? texts.clearFilterHelp : texts.clearMarksHelp,
      whyNot: null,
      run: () => stay(cleared),
    },
  ];
}
