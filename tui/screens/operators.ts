/** The dialogs about operators' accounts: new ones, passwords, names. */

import { OperatorName, type OperatorView } from '../../lib/model/operator-account.ts';
import { passwordFault } from '../../lib/rules/password.ts';
import { followUp, notice, push, request } from '../actions.ts';
import { formDialog, type FormDialog } from '../components/form-dialog.ts';
import type { FormChecks } from '../components/form-commands.ts';
import {
  focusOn,
  newForm,
  passwordField,
  textField,
  valueOf,
  type Field,
  type Form,
} from '../values/form.ts';
import type { Model } from '../model.ts';
import { textsOf } from '../text/catalogue.ts';
import { readOperators } from './open.ts';
import type { Action, ScreenStates } from '../screen-states.ts';

export const OPERATOR_ADD = formDialog(
  withNewPassword<ScreenStates['operator-add']>(
    {
      title: (_, { language }) => textsOf(language).settings.addTitle,
      label: (_, { language }) => textsOf(language).settings.create,
      checks: { name: (text, { known }, model) => checkName(text, known, model) },
      submit: ({ form }, model) => {
        const texts = textsOf(model.language).settings;
        const name = valueOf(form, 'name');
        const password = valueOf(form, 'password');
        return [
          request(texts.adding(name), 'operator.add', { name, password }, [
            notice(texts.added(name)),
            readOperators(model),
          ]),
        ];
      },
    },
    (state) => push('operator-add', state),
  ),
);

export function addOperator(known: readonly OperatorView[], model: Model): Action {
  const { name } = textsOf(model.language).settings;
  const form = newForm([nameField(name, ''), ...newPasswordFields(model)]);
  return push('operator-add', { form, known });
}

export const OPERATOR_PASSWORD = formDialog(
  withNewPassword<ScreenStates['operator-password']>(
    {
      title: ({ name }, { language }) => textsOf(language).settings.passwordTitle(name),
      label: (_, { language }) => textsOf(language).settings.set,
      checks: { old: checkOwn },
      submit: ({ form, name, isOwn }, { language }) => {
        const texts = textsOf(language).settings;
        const secret = {
          password: valueOf(form, 'password'),
          ...(isOwn ? { oldPassword: valueOf(form, 'old') } : {}),
        };
        return [
          request(texts.settingPassword(name), 'operator.password', { name, ...secret }, [
            notice(texts.passwordSet(name)),
          ]),
        ];
      },
    },
    (state) => push('operator-password', state),
  ),
);

/** `isOwn`: who is logged in says the old one, too. */
export function changePassword(name: string, isOwn: boolean, model: Model): Action {
  const { oldPassword } = textsOf(model.language).settings;
  const form = newForm([
    ...(isOwn ? [passwordField('old', oldPassword)] : []),
    ...newPasswordFields(model),
  ]);
  return push('operator-password', { form, name, isOwn });
}

export const OPERATOR_RENAME = formDialog<ScreenStates['operator-rename']>({
  title: ({ name }, { language }) => textsOf(language).settings.renameTitle(name),
  label: (_, { language }) => textsOf(language).settings.rename,
  checks: {
    name: (text, { name, known }, model) => {
      const others = known.filter((operator) => operator.name !== name);
      return checkName(text, others, model);
    },
    old: checkOwn,
  },
  submit: ({ form, name, isOwn }, { language }) => {
    const newName = valueOf(form, 'name');
    const password = isOwn ? { password: valueOf(form, 'old') } : {};
    return [
      request(
        textsOf(language).settings.renaming(name),
        'operator.rename',
        { name, newName, ...password },
        followUp('operator-renamed', { name, isOwn }),
      ),
    ];
  },
});

/** `isOwn`: who is logged in says the password. */
export function renameOperator(
  name: string,
  isOwn: boolean,
  known: readonly OperatorView[],
  model: Model,
): Action {
  const texts = textsOf(model.language).settings;
  const form = newForm([
    nameField(texts.newName, name),
    ...(isOwn ? [passwordField('old', texts.ownPassword)] : []),
  ]);
  return push('operator-rename', { form, name, isOwn, known });
}

/** A dialog whose form has a new password twice: when they differ, it comes again. */
function withNewPassword<State extends { readonly form: Form }>(
  dialog: FormDialog<State>,
  again: (state: State) => Action,
): FormDialog<State> {
  // That it is not the name is looked at by the server.
  const checks: FormChecks<State> = {
    ...dialog.checks,
    password: (password) => passwordFault('', password),
  };
  return {
    ...dialog,
    checks,
    submit: (state, model) => {
      const { form } = state;
      if (valueOf(form, 'password') === valueOf(form, 'again')) return dialog.submit(state, model);
      const texts = textsOf(model.language).settings;
      const fields = form.fields.map((field) =>
        field.name === 'again' ? passwordField('again', texts.again) : field,
      );
      const emptied = focusOn({ ...form, fields }, fields.length - 1);
      return [again({ ...state, form: emptied }), notice(texts.differ, true)];
    },
  };
}

function checkName(name: string, others: readonly OperatorView[], model: Model): string | null {
  const texts = textsOf(model.language).settings;
  if (!OperatorName.safeParse(name).success) return texts.nameWrong;
  return others.some((other) => other.name === name) ? texts.nameTaken : null;
}

function checkOwn(text: string, _: unknown, { language }: Model): string | null {
  return text === '' ? textsOf(language).settings.needed : null;
}

function nameField(label: string, text: string): Field {
  return textField('name', label, text, 32);
}

function newPasswordFields(model: Model): Field[] {
  const texts = textsOf(model.language).settings;
  return [passwordField('password', texts.newPassword), passwordField('again', texts.again)];
}
