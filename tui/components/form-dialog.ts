/** A form in a dialog: Enter goes on, at the last field it does what the dialog is for. */

import type { Model } from '../model.ts';
import { line } from '../picture.ts';
import { perform, type Command, type ScreenKind } from '../screen.ts';
import type { Action } from '../screen-states.ts';
import { textsOf } from '../text/catalogue.ts';
import { dialogBox, wrap } from './dialog.ts';
import { newForm, textField, type Form } from '../values/form.ts';
import { checkOf, formCommands, updateForm, type FormChecks } from './form-commands.ts';
import { formCaret, formTargets, formView } from './form-view.ts';

const WIDTH = 64;

export type FormDialog<State> = {
  readonly title: (state: State, model: Model) => string;
  /** Stands above the fields. */
  readonly intro?: (model: Model) => readonly string[];
  /** What Enter does at the end: "rename". */
  readonly label: (state: State, model: Model) => string;
  readonly checks?: FormChecks<State>;
  /** What follows when nothing is wrong with the fields; the dialog is gone by then. */
  readonly submit: (state: State, model: Model) => readonly Action[];
};

export function formDialog<State extends { readonly form: Form }>(
  dialog: FormDialog<State>,
): ScreenKind<State> {
  return {
    isDialog: true,
    isTyping: () => true,
    title: dialog.title,
    commands: (state, model) => [
      ...formCommands(state, keysOf(dialog, state, model), model),
      cancelCommand(model),
    ],
    update: updateForm,
    view: (state, model, area) => {
      const width = Math.min(WIDTH, area.width - 6);
      const view = formView(state.form, checkOf(dialog.checks, state, model), model, width);
      const intro = (
        state.form.fields.length === 0 ? [noFieldsText(model)] : (dialog.intro?.(model) ?? [])
      )
        .flatMap((text) => wrap(text, width))
        .map((text) => line(text));
      const above = intro.length === 0 ? [] : [...intro, line('')];
      const title = dialog.title(state, model);
      const { picture, inner } = dialogBox(area, title, [...above, ...view.lines], width);
      const fields = { ...inner, top: inner.top + above.length };
      return { ...picture, targets: formTargets(view, fields), caret: formCaret(view, fields) };
    },
  };
}

/** A kind of operation may need nothing said about it: an empty box would look like a fault. */
function noFieldsText({ language }: Pick<Model, 'language'>): string {
  return textsOf(language).common.noFields;
}

function keysOf<State extends { readonly form: Form }>(
  { label, checks, submit }: FormDialog<State>,
  state: State,
  model: Model,
): Parameters<typeof formCommands<State>>[1] {
  const text = label(state, model);
  return {
    label: text,
    help: text,
    disabledReason: null,
    submitsEverywhere: false,
    check: checkOf(checks, state, model),
    submit: () => perform({ type: 'pop' }, ...submit(state, model)),
  };
}

/** Esc leaves a dialog without doing what it is for. */
export function cancelCommand({ language }: Pick<Model, 'language'>): Command {
  const { common } = textsOf(language);
  return {
    name: 'cancel',
    keys: ['escape'],
    label: common.cancel,
    help: common.backHelp,
    disabledReason: null,
    run: () => perform({ type: 'pop' }),
  };
}

/** A form of one line of text, the field 'text'. */
export function textForm(prompt: string, text: string): Form {
  return newForm([textField('text', prompt, text, 64)]);
}
