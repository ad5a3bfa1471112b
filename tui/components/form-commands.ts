/** The keys of a form, and what typing and clicking in it do: the same in dialogs and on whole screens. */

import type { ScreenEvent } from '../events.ts';
import type { Model } from '../model.ts';
import { perform, reaction, type Command, type KeyEntry, type Reaction } from '../screen.ts';
import { textsOf } from '../text/catalogue.ts';
import { focusOn, moveFocus, refused, typeInto, type Check, type Form } from '../values/form.ts';
import { FORM_LIST } from './form-view.ts';

/** What the texts that are typed are checked with, by the name of their field. */
export type FormChecks<State> = Readonly<
  Record<string, (text: string, state: State, model: Model) => ReturnType<Check>>
>;

export function checkOf<State>(
  checks: FormChecks<State> | undefined,
  state: State,
  model: Model,
): Check {
  return (name, text) => checks?.[name]?.(text, state, model) ?? null;
}

type FormKeys<State> = Pick<KeyEntry, 'label' | 'help' | 'disabledReason'> & {
  readonly name?: string;
  /** Enter submits from every field; else it goes on, and submits at the last one. */
  readonly submitsEverywhere: boolean;
  readonly check: Check;
  /** What follows when nothing is wrong with the fields. */
  readonly submit: () => Reaction<State>;
};

export function formCommands<State extends { readonly form: Form }>(
  state: State,
  keys: FormKeys<State>,
  { language }: Pick<Model, 'language'>,
): Command<State>[] {
  const { form } = state;
  const { common } = textsOf(language);
  const { name = 'submit', label, help, disabledReason, check, submit } = keys;
  const isLast = form.focus >= form.fields.length - 1;
  const submits = keys.submitsEverywhere || isLast;
  return [
    {
      name,
      keys: submits ? ['enter', 'C-s'] : ['C-s'],
      label,
      help,
      disabledReason,
      run: () => {
        const wrong = refused(form, check);
        return wrong === null ? submit() : reaction({ ...state, form: wrong });
      },
    },
    {
      name: 'next-field',
      keys: submits ? ['tab', 'down'] : ['enter', 'tab', 'down'],
      label: common.nextField,
      help: common.nextFieldHelp,
      disabledReason: null,
      inFooter: form.fields.length > 1,
      run: () => reaction({ ...state, form: moveFocus(form, 1) }),
    },
    {
      name: 'previous-field',
      keys: ['S-tab', 'up'],
      label: common.previousField,
      help: common.previousFieldHelp,
      disabledReason: null,
      inFooter: false,
      run: () => reaction({ ...state, form: moveFocus(form, -1) }),
    },
  ];
}

/** What keys and clicks that are no command do to the form. */
export function updateForm<State extends { readonly form: Form }>(
  state: State,
  event: ScreenEvent,
): Reaction<State> {
  const { form } = state;
  if (event.type === 'click' && event.click.type === 'row' && event.click.list === FORM_LIST) {
    return reaction({ ...state, form: focusOn(form, event.click.index) });
  }
  const next = event.type === 'key' ? typeInto(form, event.key) : null;
  return next === null ? perform() : reaction({ ...state, form: next });
}
