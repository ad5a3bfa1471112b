/** States of runs, tasks and steps as one sign and one word: colour is never the only sign. */

import type { StepState } from '../../../lib/model/step.ts';
import type { z } from 'zod';
import type { RunState } from '../../../lib/model/task.ts';
import type { Model } from '../../model.ts';
import { span, type Span, type Style } from '../../picture.ts';
import { glyphsOf, type Signs } from '../../glyphs.ts';
import { textsOf } from '../../text/catalogue.ts';

type State = RunState | z.infer<typeof StepState>;

const LOOKS: Readonly<Record<State, { readonly sign: Sign; readonly style: Style }>> = {
  planned: { sign: 'off', style: 'dim' },
  waiting: { sign: 'pending', style: 'plain' },
  running: { sign: 'busy', style: 'busy' },
  interrupted: { sign: 'failed', style: 'bad' },
  completed: { sign: 'done', style: 'good' },
  warned: { sign: 'done', style: 'warn' },
  skipped: { sign: 'off', style: 'dim' },
  failed: { sign: 'failed', style: 'bad' },
  aborted: { sign: 'failed', style: 'warn' },
};
type Sign = Extract<keyof Signs, 'off' | 'pending' | 'busy' | 'failed' | 'done'>;

export function runSpan(state: RunState, model: Model): Span {
  const words = textsOf(model.language).states.runs;
  const { sign, style } = LOOKS[state];
  return span(`${glyphsOf(model)[sign]} ${words[state]}`, style);
}

/** The sign alone, where there is no room for a word. */
export function runSign(state: State, model: Model): Span {
  const { sign, style } = LOOKS[state];
  return span(glyphsOf(model)[sign], style);
}
