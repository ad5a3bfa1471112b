/** A form on the whole screen, with what follows from it below: Enter does what it is for, from every field. */

import { layoutOf } from '../layout.ts';
import type { Model } from '../model.ts';
import { line, span, splitRows, stack, type Area, type Line } from '../picture.ts';
import { stay, type Action, type Command, type Reaction, type Screen } from '../screen.ts';
import { textsOf } from '../text/catalogue.ts';
import { wrap } from './dialog.ts';
import { focusOn, moveFocus, refused, typeInto, type Form } from './form.ts';
import { FORM_LIST, formCaret, formTargets, formView, type FormView } from './form-view.ts';
import { scrollAfter, scrollRows, scrollView } from './scroll-view.ts';

export type FormScreen = {
  /** Stable: "name-rule". */
  readonly name: string;
  readonly title: (model: Model) => string;
  readonly form: Form;
  /** Stands above the fields. */
  readonly intro: (form: Form, model: Model) => string;
  /** What follows from the fields, `width` cells wide. */
  readonly outcome: (form: Form, model: Model, width: number) => readonly Line[];
  /** Of the command that Enter is. */
  readonly label: (model: Model) => string;
  readonly help: (model: Model) => string;
  /** Why it cannot be done as the fields are; their own faults are said beside them. */
  readonly whyNot: (form: Form, model: Model) => string | null;
  readonly submit: (form: Form, model: Model) => readonly Action[];
};

/** `first` is the line of the outcome that is seen first. */
export function formScreen(spec: FormScreen, first = 0): Screen {
  const { name, form } = spec;
  const changed = (next: Form): Reaction => stay(formScreen({ ...spec, form: next }));
  const screen: Screen = {
    name,
    isDialog: false,
    isTyping: true,
    title: spec.title,
    commands: (model) => commandsOf(spec, model, screen, changed),
    react: (event, model) => {
      if (event.type === 'click' && event.click.type === 'row' && event.click.list === FORM_LIST) {
        return changed(focusOn(form, event.click.index));
      }
      const isPaging =
        event.type === 'wheel' || (event.type === 'key' && PAGING.includes(event.key.name));
      if (isPaging) {
        const { body } = layoutOf(model);
        const { lower } = partsOf(spec, model, body);
        const { length } = spec.outcome(form, model, lower.width);
        const next = scrollAfter(first, event, length, scrollRows(length, lower));
        return stay(next === null ? screen : formScreen(spec, next));
      }
      if (event.type !== 'key') return stay(screen);
      const next = typeInto(form, event.key);
      return next === null ? stay(screen) : changed(next);
    },
    view: (model, area) => {
      const { above, view, lower } = partsOf(spec, model, area);
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
          scrollView(spec.outcome(form, model, lower.width), first, model, lower),
        ),
        caret: formCaret(view, fields),
      };
    },
  };
  return screen;
}

const PAGING: readonly string[] = ['pageup', 'pagedown'];

function partsOf(
  { form, intro }: FormScreen,
  model: Model,
  area: Area,
): { readonly above: readonly Line[]; readonly view: FormView; readonly lower: Area } {
  const width = Math.min(100, area.width - 2);
  const above = [...wrap(intro(form, model), width).map((text) => line(` ${text}`)), line('')];
  const view = formView(form, model, width);
  const [, lower] = splitRows(area, above.length + view.lines.length + 1);
  return { above, view, lower };
}

function commandsOf(
  { form, label, help, whyNot, submit }: FormScreen,
  model: Model,
  screen: Screen,
  changed: (form: Form) => Reaction,
): Command[] {
  const { common } = textsOf(model.language);
  return [
    {
      name: 'submit',
      keys: ['enter', 'C-s'],
      label: label(model),
      help: help(model),
      whyNot: refused(form) === null ? whyNot(form, model) : null,
      run: () => {
        const wrong = refused(form);
        return wrong === null ? stay(screen, ...submit(form, model)) : changed(wrong);
      },
    },
    {
      name: 'next-field',
      keys: ['tab', 'down'],
      label: common.nextField,
      help: common.nextFieldHelp,
      whyNot: null,
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
  ];
}
