/** A form on the whole screen, with what follows from it below: Enter does what it is for, from every field. */

import type { DisabledReason } from '../disabled-reason.ts';
import { layoutOf } from '../layout.ts';
import type { Model } from '../model.ts';
import { line, span, splitRows, stack, type Area, type Line } from '../picture.ts';
import { perform, reaction, type ScreenKind } from '../screen.ts';
import type { Action } from '../screen-states.ts';
import { wrap } from './dialog.ts';
import { refused, type Form } from '../values/form.ts';
import { checkOf, formCommands, updateForm, type FormChecks } from './form-commands.ts';
import { formCaret, formTargets, formView, type FormView } from './form-view.ts';
import { scrollAfter, scrollRows, scrollView } from './scroll-view.ts';

export type FormScreen<State> = {
  readonly title: (state: State, model: Model) => string;
  /** Stands above the fields. */
  readonly intro: (model: Model) => string;
  /** What follows from the fields, `width` cells wide. */
  readonly outcome: (state: State, model: Model, width: number) => readonly Line[];
  /** Of the command that Enter is. */
  readonly label: (model: Model) => string;
  readonly help: (model: Model) => string;
  readonly checks?: FormChecks<State>;
  /** Why it cannot be done as the fields are; their own faults are said beside them. */
  readonly disabledReason: (state: State, model: Model) => DisabledReason | null;
  readonly submit: (state: State, model: Model) => readonly Action[];
};

/** `first` of the state is the line of the outcome that is seen first. */
export function formScreen<State extends { readonly form: Form; readonly first: number }>(
  spec: FormScreen<State>,
): ScreenKind<State> {
  return {
    isTyping: () => true,
    title: spec.title,
    commands: (state, model) => {
      const check = checkOf(spec.checks, state, model);
      const isRight = refused(state.form, check) === null;
      const keys = {
        label: spec.label(model),
        help: spec.help(model),
        disabledReason: isRight ? spec.disabledReason(state, model) : null,
        submitsEverywhere: true,
        check,
        submit: () => perform(...spec.submit(state, model)),
      };
      return formCommands(state, keys, model);
    },
    update: (state, event, model) => {
      const isPaging =
        event.type === 'wheel' || (event.type === 'key' && PAGING.includes(event.key.name));
      if (!isPaging) return updateForm(state, event);
      const { lower } = partsOf(spec, state, model, layoutOf(model).body);
      const { length } = spec.outcome(state, model, lower.width);
      const first = scrollAfter(state.first, event, length, scrollRows(length, lower));
      return first === null ? perform() : reaction({ ...state, first });
    },
    view: (state, model, area) => {
      const { above, view, lower } = partsOf(spec, state, model, area);
      const [upper] = splitRows(area, above.length + view.lines.length);
      const fields = { ...upper, left: area.left + 1, top: area.top + above.length };
      const lines = [...above, ...view.lines.map((each) => [span(' '), ...each])];
      return {
        ...stack(
          {
            panels: [{ type: 'text', area: upper, title: null, isActive: false, lines }],
            targets: formTargets(view, fields),
            caret: null,
          },
          scrollView(spec.outcome(state, model, lower.width), state.first, model, lower),
        ),
        caret: formCaret(view, fields),
      };
    },
  };
}

const PAGING: readonly string[] = ['pageup', 'pagedown'];

function partsOf<State extends { readonly form: Form }>(
  { intro, checks }: FormScreen<State>,
  state: State,
  model: Model,
  area: Area,
): { readonly above: readonly Line[]; readonly view: FormView; readonly lower: Area } {
  const width = Math.min(100, area.width - 2);
  const above = [...wrap(intro(model), width).map((text) => line(` ${text}`)), line('')];
  const view = formView(state.form, checkOf(checks, state, model), model, width);
  const [, lower] = splitRows(area, above.length + view.lines.length + 1);
  return { above, view, lower };
}
