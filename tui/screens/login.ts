/** The login: user and password, in the middle of the screen. Nothing of the server's data is there before. */

import type { DisabledReason } from '../disabled-reason.ts';
import { awaited, type Model } from '../model.ts';
import { dialogBox, wrap } from '../components/dialog.ts';
import {
  focusOn,
  newForm,
  passwordField,
  textField,
  valueOf,
  type Check,
  type Form,
} from '../values/form.ts';
import { formCommands, updateForm } from '../components/form-commands.ts';
import { formCaret, formTargets, formView } from '../components/form-view.ts';
import { line, span, type Area, type Picture } from '../picture.ts';
import { followUp, request } from '../actions.ts';
import { reaction, type Reaction, type ScreenKind } from '../screen.ts';
import { textsOf } from '../text/catalogue.ts';
import type { ScreenStates } from '../screen-states.ts';

const WIDTH = 60;
/** As long as a password can be, and longer: the server says what is wrong with it. */
const MOST_CHARACTERS = 100;

type LoginState = ScreenStates['login'];

export const LOGIN: ScreenKind<LoginState> = {
  isTyping: () => true,
  title: (_, model) => textsOf(model.language).login.title,
  commands: (state, model) => {
    const { login: texts, common } = textsOf(model.language);
    const keys = {
      name: 'log-in',
      label: texts.logIn,
      help: texts.logInHelp,
      disabledReason: refusalForLogin(model),
      submitsEverywhere: false,
      check: checkIn(model),
      submit: () => logIn(state, model),
    };
    return formCommands(state, keys, model).map((command) =>
      command.label === common.nextField || command.label === common.previousField
        ? { ...command, label: texts.next, help: texts.nextHelp }
        : command,
    );
  },
  update: (state, event, model) =>
    event.type === 'refused'
      ? // The password is typed again, the name is as good as it was.
        reaction(newLogin(valueOf(state.form, 'name'), model, 1))
      : updateForm(state, event),
  view: ({ form }, model, area) => view(form, model, area),
};

/** Nothing is typed yet but the name, if it is known. */
export function newLogin(
  name: string,
  { language }: Pick<Model, 'language'>,
  focus = 0,
): LoginState {
  const texts = textsOf(language).login;
  const form = newForm([
    textField('name', texts.user, name, 64),
    passwordField('password', texts.password, MOST_CHARACTERS),
  ]);
  return { form: focusOn(form, focus) };
}

function checkIn({ language }: Model): Check {
  return (_, text) => (text === '' ? textsOf(language).login.missing : null);
}

function logIn({ form }: LoginState, model: Model): Reaction<LoginState> {
  const texts = textsOf(model.language).login;
  const name = valueOf(form, 'name');
  const params = { name, password: valueOf(form, 'password') };
  return reaction(
    // Nothing keeps the password longer than needed.
    newLogin(name, model, 1),
    request(texts.loggingIn, 'operator.login', params, followUp('logged-in', {})),
  );
}

function refusalForLogin(model: Model): DisabledReason | null {
  const { connection, language } = model;
  const { login: texts, common } = textsOf(language);
  if (awaited(model).length > 0) return texts.checking;
  return connection.type === 'login' ? null : common.connecting;
}

function view(form: Form, model: Model, area: Area): Picture {
  const texts = textsOf(model.language).login;
  const { connection } = model;
  const width = Math.min(WIDTH, area.width - 6);
  const fields = formView(form, checkIn(model), model, width);
  const below = awaited(model).length > 0 ? texts.checking : texts.hint;
  const lines = [
    line(''),
    ...fields.lines,
    line(''),
    ...wrap(below, width).map((text) => line(span(text, 'dim'))),
  ];
  const server = connection.type === 'login' ? connection.server.hostname : '...';
  const { picture, inner } = dialogBox(area, texts.heading(server), lines, width);
  const selection = { ...inner, top: inner.top + 1 };
  return {
    ...picture,
    targets: formTargets(fields, selection),
    caret: formCaret(fields, selection),
  };
}
