/** The login: user and password, in the middle of the screen. Nothing of the server's data is there before. */

import type { Model } from '../model.ts';
import { dialogBox, wrap } from '../components/dialog.ts';
import {
  focusOn,
  moveFocus,
  newForm,
  passwordField,
  refused,
  textField,
  typeInto,
  valueOf,
  type Form,
} from '../components/form.ts';
import { FORM_LIST, formCaret, formTargets, formView } from '../components/form-view.ts';
import { line, span, type Area, type Picture } from '../picture.ts';
import { request } from '../requests.ts';
import { stay, type Command, type Reaction, type Screen } from '../screen.ts';
import { textsOf } from '../text/catalogue.ts';
import { overviewScreen } from './overview.ts';

const WIDTH = 60;
/** As long as a password can be, and longer: the server says what is wrong with it. */
const MOST_CHARACTERS = 100;

export function loginScreen(form: Form | null = null): Screen {
  const changed = (next: Form): Reaction => stay(loginScreen(next));
  const shown = (model: Model): Form => form ?? emptyForm('', model);
  const screen: Screen = {
    name: 'login',
    isDialog: false,
    isTyping: true,
    title: (model) => textsOf(model.language).login.title,
    commands: (model) => commandsFor(shown(model), screen, changed, model),
    react: (event, model) => {
      const now = shown(model);
      if (event.type === 'refused') {
        // The password is typed anew, the name is as good as it was.
        return changed(focusOn(emptyForm(valueOf(now, 'name'), model), 1));
      }
      if (event.type === 'click' && event.click.type === 'row' && event.click.list === FORM_LIST) {
        return changed(focusOn(now, event.click.index));
      }
      if (event.type !== 'key') return stay(screen);
      const next = typeInto(now, event.key);
      return next === null ? stay(screen) : changed(next);
    },
    view: (model, area) => view(shown(model), model, area),
  };
  return screen;
}

function emptyForm(name: string, model: Model): Form {
  const texts = textsOf(model.language).login;
  const check = (text: string): string | null => (text === '' ? texts.missing : null);
  return newForm([
    textField('name', texts.user, name, { mostCharacters: 64, check }),
    passwordField('password', texts.password, { mostCharacters: MOST_CHARACTERS, check }),
  ]);
}

function commandsFor(
  form: Form,
  screen: Screen,
  changed: (form: Form) => Reaction,
  model: Model,
): Command[] {
  const texts = textsOf(model.language).login;
  const isLast = form.focus === form.fields.length - 1;
  const next = (keys: readonly string[], step: number): Command => ({
    name: step > 0 ? 'next-field' : 'previous-field',
    keys,
    label: texts.next,
    help: texts.nextHelp,
    whyNot: null,
    isQuiet: step < 0,
    run: () => changed(moveFocus(form, step)),
  });
  return [
    {
      name: 'log-in',
      keys: isLast ? ['enter', 'C-s'] : ['C-s'],
      label: texts.logIn,
      help: texts.logInHelp,
      whyNot: whyNotNow(model),
      run: () => {
        const wrong = refused(form);
        if (wrong !== null) return changed(wrong);
        const name = valueOf(form, 'name');
        return stay(
          // Nothing keeps the password longer than needed.
          loginScreen(focusOn(emptyForm(name, model), 1)),
          request(
            texts.loggingIn,
            'operator.login',
            { name, password: valueOf(form, 'password') },
            ({ name: known, loginToken }) => [
              { type: 'home', screen: overviewScreen() },
              { type: 'logged-in', name: known, loginToken },
            ],
          ),
        );
      },
    },
    next(isLast ? ['tab', 'down'] : ['enter', 'tab', 'down'], 1),
    next(['S-tab', 'up'], -1),
  ];
}

function whyNotNow({ connection, underWay, language }: Model): string | null {
  const { login: texts, common } = textsOf(language);
  if (underWay.length > 0) return texts.checking;
  return connection.type === 'login' ? null : common.connecting;
}

function view(form: Form, model: Model, area: Area): Picture {
  const texts = textsOf(model.language).login;
  const { connection, underWay } = model;
  const width = Math.min(WIDTH, area.width - 6);
  const fields = formView(form, model, width);
  const below = underWay.length > 0 ? texts.checking : texts.hint;
  const lines = [
    line(''),
    ...fields.lines,
    line(''),
    ...wrap(below, width).map((text) => line(span(text, 'dim'))),
  ];
  const server = connection.type === 'login' ? connection.server.hostname : '...';
  const { picture, inner } = dialogBox(area, texts.heading(server), lines, width);
  const place = { ...inner, top: inner.top + 1 };
  return { ...picture, targets: formTargets(fields, place), caret: formCaret(fields, place) };
}
