/** A form in a dialog: Enter goes on, at the last field it does what the dialog is for. */

import type { Model } from '../model.ts';
import { line } from '../picture.ts';
import { stay, type Action, type Command, type Reaction, type Screen } from '../screen.ts';
import { textsOf } from '../text/catalogue.ts';
import { dialogBox, wrap } from './dialog.ts';
import {
  focusOn,
  moveFocus,
  refused,
  typeInto,
  valueOf,
  newForm,
  textField,
  type Form,
} from './form.ts';
import { FORM_LIST, formCaret, formTargets, formView } from './form-view.ts';

const WIDTH = 64;

export type FormDialog = {
  /** Stable: "group-add". */
  readonly name: string;
  readonly title: string;
  /** Stands above the fields. */
  readonly intro: readonly string[];
  readonly form: Form;
  /** What Enter does at the end: "rename". */
  readonly label: string;
  /** What follows when nothing is wrong with the fields; the dialog is gone by then. */
  readonly submit: (form: Form, model: Model) => readonly Action[];
};

export function formDialog(dialog: FormDialog): Screen {
  const { name, title, form } = dialog;
  const changed = (next: Form): Reaction => stay(formDialog({ ...dialog, form: next }));
  const screen: Screen = {
    name,
    isDialog: true,
    isTyping: true,
    title: () => title,
    commands: (model) => formCommands(dialog, screen, changed, model),
    react: (event) => {
      if (event.type === 'click' && event.click.type === 'row' && event.click.list === FORM_LIST) {
        return changed(focusOn(form, event.click.index));
      }
      if (event.type !== 'key') return stay(screen);
      const next = typeInto(form, event.key);
      return next === null ? stay(screen) : changed(next);
    },
    view: (model, area) => {
      const width = Math.min(WIDTH, area.width - 6);
      const view = formView(form, model, width);
      const intro = dialog.intro.flatMap((text) => wrap(text, width)).map((text) => line(text));
      const above = intro.length === 0 ? [] : [...intro, line('')];
      const { picture, inner } = dialogBox(area, title, [...above, ...view.lines], width);
      const fields = { ...inner, top: inner.top + above.length };
      return { ...picture, targets: formTargets(view, fields), caret: formCaret(view, fields) };
    },
  };
  return screen;
}

/** A dialog with one line of text to be typed. */
export function textDialog(dialog: {
  readonly name: string;
  readonly title: string;
  readonly label: string;
  readonly prompt: string;
  readonly text: string;
  readonly check: (text: string) => string | null;
  readonly submit: (text: string, model: Model) => readonly Action[];
}): Screen {
  const { name, title, label, prompt, text, check, submit } = dialog;
  return formDialog({
    name,
    title,
    intro: [],
    label,
    form: newForm([textField('text', prompt, text, { check, mostCharacters: 64 })]),
    submit: (form, model) => submit(valueOf(form, 'text'), model),
  });
}

function formCommands(
  { form, label, submit }: FormDialog,
  screen: Screen,
  changed: (form: Form) => Reaction,
  model: Model,
): Command[] {
  const { common } = textsOf(model.language);
  const isLast = form.focus >= form.fields.length - 1;
  const several = form.fields.length > 1;
  return [
    {
      name: 'submit',
      keys: isLast ? ['enter', 'C-s'] : ['C-s'],
      label,
      help: label,
      whyNot: null,
      run: () => {
        const wrong = refused(form);
        return wrong === null
          ? stay(screen, { type: 'pop' }, ...submit(form, model))
          : changed(wrong);
      },
    },
    {
      name: 'next-field',
      keys: isLast ? ['tab', 'down'] : ['enter', 'tab', 'down'],
      label: common.nextField,
      help: common.nextFieldHelp,
      whyNot: null,
      isQuiet: !several,
      run: () => changed(moveFocus(form, 1)),
    },
    {
      name: 'previous-field',
      keys: ['S-tab', 'up'],
      label: common.previousField,
      help: common.previousFieldHelp,
      whyNot: null,
      isQuiet: true,
      run: () => changed(moveFocus(form, -1)),
    },
    {
      name: 'cancel',
      keys: ['escape'],
      label: common.cancel,
      help: common.backHelp,
      whyNot: null,
      run: () => stay(screen, { type: 'pop' }),
    },
  ];
}
