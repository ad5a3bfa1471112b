/** The dialogs about operators' accounts: new ones, passwords, names. */

import { OperatorName } from '../../lib/model/operator-account.ts';
import { passwordFault } from '../../lib/rules/password.ts';
import type { OperatorView } from '../../lib/model/operator-account.ts';
import type { Model } from '../model.ts';
import { formDialog, type FormDialog } from '../components/form-dialog.ts';
import {
  focusOn,
  newForm,
  passwordField,
  textField,
  valueOf,
  type Field,
  type Form,
} from '../components/form.ts';
import { request } from '../requests.ts';
import type { Action } from '../screen.ts';
import { textsOf } from '../text/catalogue.ts';

/** Reads who there is. */
export function readOperators(model: Model): Action {
  return request(textsOf(model.language).settings.reading, 'operator.list', {});
}

export function addDialog(known: readonly OperatorView[], model: Model): Action {
  const texts = textsOf(model.language).settings;
  return withNewPassword(
    {
      name: 'operator-add',
      title: texts.addTitle,
      intro: [],
      label: texts.create,
      form: newForm([nameField(texts.name, '', known, model), ...newPasswordFields(model)]),
      submit: (form) => {
        const name = valueOf(form, 'name');
        const password = valueOf(form, 'password');
        return [
          request(texts.adding(name), 'operator.add', { name, password }, () => [
            { type: 'notice', text: texts.added(name), isBad: false },
            readOperators(model),
          ]),
        ];
      },
    },
    model,
  );
}

/** `isOwn`: who is logged in says the old one, too. */
export function passwordDialog(name: string, isOwn: boolean, model: Model): Action {
  const texts = textsOf(model.language).settings;
  return withNewPassword(
    {
      name: 'operator-password',
      title: texts.passwordTitle(name),
      intro: [],
      label: texts.set,
      form: newForm([
        ...(isOwn ? [oldPasswordField(texts.oldPassword, model)] : []),
        ...newPasswordFields(model),
      ]),
      submit: (form) => {
        const secret = {
          password: valueOf(form, 'password'),
          ...(isOwn ? { oldPassword: valueOf(form, 'old') } : {}),
        };
        return [
          request(texts.settingPassword(name), 'operator.password', { name, ...secret }, () => [
            { type: 'notice', text: texts.passwordSet(name), isBad: false },
          ]),
        ];
      },
    },
    model,
  );
}

/** `isOwn`: who is logged in says the password. */
export function renameDialog(
  name: string,
  isOwn: boolean,
  known: readonly OperatorView[],
  model: Model,
): Action {
  const texts = textsOf(model.language).settings;
  const others = known.filter((operator) => operator.name !== name);
  const screen = formDialog({
    name: 'operator-rename',
    title: texts.renameTitle(name),
    intro: [],
    label: texts.rename,
    form: newForm([
      nameField(texts.newName, name, others, model),
      ...(isOwn ? [oldPasswordField(texts.ownPassword, model)] : []),
    ]),
    submit: (form) => {
      const newName = valueOf(form, 'name');
      const password = isOwn ? { password: valueOf(form, 'old') } : {};
      return [
        request(
          texts.renaming(name),
          'operator.rename',
          { name, newName, ...password },
          (renamed) => [
            ...(isOwn ? [{ type: 'called' as const, name: renamed.name }] : []),
            { type: 'notice', text: texts.renamed(renamed.name), isBad: false },
            readOperators(model),
          ],
        ),
      ];
    },
  });
  return { type: 'push', screen };
}

/** A dialog whose form has a new password twice: when they differ, it comes again. */
function withNewPassword(dialog: FormDialog, model: Model): Action {
  const texts = textsOf(model.language).settings;
  const submit = (form: Form, now: Model): readonly Action[] => {
    if (valueOf(form, 'password') === valueOf(form, 'again')) return dialog.submit(form, now);
    const fields = form.fields.map((field) =>
      field.name === 'again' ? passwordField('again', texts.again) : field,
    );
    const again = focusOn({ ...form, fields }, fields.length - 1);
    return [
      { type: 'push', screen: formDialog({ ...dialog, form: again, submit }) },
      { type: 'notice', text: texts.differ, isBad: true },
    ];
  };
  return { type: 'push', screen: formDialog({ ...dialog, submit }) };
}

function nameField(
  label: string,
  text: string,
  others: readonly OperatorView[],
  model: Model,
): Field {
  const texts = textsOf(model.language).settings;
  const check = (name: string): string | null => {
    if (!OperatorName.safeParse(name).success) return texts.nameWrong;
    return others.some((other) => other.name === name) ? texts.nameTaken : null;
  };
  return textField('name', label, text, { mostCharacters: 32, check });
}

function oldPasswordField(label: string, model: Model): Field {
  const { needed } = textsOf(model.language).settings;
  return passwordField('old', label, { check: (text) => (text === '' ? needed : null) });
}

function newPasswordFields(model: Model): Field[] {
  const texts = textsOf(model.language).settings;
  // That it is not the name is looked at by the server.
  const check = (password: string): string | null => passwordFault('', password);
  return [
    passwordField('password', texts.newPassword, { check }),
    passwordField('again', texts.again),
  ];
}
