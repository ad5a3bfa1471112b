/** What holds for the whole server, and who may work with it. */

import { refusalFor } from '../../lib/rules/capability.ts';
import { isRegistrationOpen } from '../../lib/rules/registration.ts';
import type { OperatorView } from '../../lib/model/operator-account.ts';
import type { Model } from '../model.ts';
import { choiceDialog } from '../components/choice-dialog.ts';
import { confirmDialog } from '../components/confirm-dialog.ts';
import { textDialog } from '../components/form-dialog.ts';
import { listScreen } from '../components/list-screen.ts';
import { formatTime } from '../presentation/time-format.ts';
import { TOP, type Selection } from '../components/selection.ts';
import { openRegistration } from '../presentation/registration.ts';
import { widthFor, type Column } from '../components/table-view.ts';
import { line, span } from '../picture.ts';
import { request } from '../requests.ts';
import { stay, type Action, type Command, type Screen } from '../screen.ts';
import { textsOf } from '../text/catalogue.ts';
import { defaultsDialog } from './defaults.ts';
import { addDialog, passwordDialog, readOperators, renameDialog } from './operators.ts';

type SettingsState = {
  /** Null until they have been read. */
  readonly operators: readonly OperatorView[] | null;
  readonly place: Selection;
};

/** The settings, which are read at the same time. */
export function openSettings(model: Model): readonly Action[] {
  const isOnline = model.connection.type === 'online';
  // Without a connection they are read with the next one.
  return [{ type: 'push', screen: settingsScreen() }, ...(isOnline ? readAll(model) : [])];
}

function readAll(model: Model): readonly Action[] {
  const { reading } = textsOf(model.language).settings;
  return [request(reading, 'settings.get', {}), readOperators(model)];
}

export function settingsScreen(state: SettingsState = { operators: null, place: TOP }): Screen {
  const list = listScreen<OperatorView>({
    name: 'settings',
    title: (model) => textsOf(model.language).settings.title,
    place: state.place,
    at: (place) => settingsScreen({ ...state, place }),
    rows: () => state.operators ?? [],
    keyOf: ({ name }) => name,
    columns,
    head: (rows, model) => {
      const { settings: texts, common } = textsOf(model.language);
      const { settings } = model;
      if (settings === null) return line(` ${common.reading}`);
      const registration = openRegistration(model) ?? texts.off;
      const minutes = texts.minutes(String(settings.idleMinutes));
      return line(` ${texts.head(registration, minutes, rows.length)}`);
    },
    subheads: (model) => {
      const { settings: texts, capture, deploy } = textsOf(model.language);
      const { settings } = model;
      if (settings === null) return [];
      const { captureCompression, afterwards, deployWake, waitHours, checkAddresses } = settings;
      const after = { reboot: deploy.reboot, 'power-off': deploy.powerOff, stay: deploy.stay };
      const wake = deployWake ? texts.on : texts.off;
      const defaults = texts.defaultsHead(
        capture.compressionNames[captureCompression],
        after[afterwards ?? 'stay'],
        wake,
        waitHours,
      );
      const isChecked = checkAddresses !== false;
      return [
        line(` ${defaults}`),
        line(
          span(
            ` ${texts.checkIs(isChecked ? texts.on : texts.off)}   ${isChecked ? texts.checkOn : texts.checkOff}`,
            isChecked ? 'plain' : 'warn',
          ),
        ),
      ];
    },
    empty: (model) => {
      const { settings: texts, common } = textsOf(model.language);
      return state.operators === null ? [common.reading] : [texts.empty, texts.emptyHint];
    },
    commands: (operator, model) => commandsFor(operator, state, model, screen),
  });
  const screen: Screen = {
    ...list,
    react: (event, model) => {
      if (event.type === 'answered' && event.method === 'operator.list') {
        return stay(settingsScreen({ ...state, operators: event.result }));
      }
      // Others may have changed them meanwhile, or they were never read.
      if (event.type === 'connected') return stay(screen, ...readAll(model));
      return withoutList(list.react(event, model), list, screen);
    },
  };
  return screen;
}

/** The list answers itself when nothing changes: that is this screen. */
function withoutList(
  reaction: ReturnType<Screen['react']>,
  list: Screen,
  screen: Screen,
): ReturnType<Screen['react']> {
  return reaction.screen === list ? { ...reaction, screen } : reaction;
}

function columns(rows: readonly OperatorView[], model: Model): Column<OperatorView>[] {
  const texts = textsOf(model.language).settings;
  const shown = ({ name }: OperatorView): string =>
    isOwn(name, model) ? `${name} (${texts.you})` : name;
  const moments = rows.map(({ createdAt }) => formatTime(createdAt));
  return [
    {
      title: texts.name,
      width: widthFor([texts.name, ...rows.map(shown)], 16, 40),
      cell: shown,
    },
    {
      title: texts.since,
      width: widthFor([texts.since, ...moments], 16, 20),
      cell: ({ createdAt }) => formatTime(createdAt),
    },
  ];
}

function isOwn(name: string, { isLoggedIn, operator }: Model): boolean {
  return isLoggedIn && operator === name;
}

function commandsFor(
  operator: OperatorView | null,
  { operators }: SettingsState,
  model: Model,
  screen: Screen,
): Command[] {
  const { settings: texts, common } = textsOf(model.language);
  const { settings } = model;
  const known = operators ?? [];
  const unread = operators === null || settings === null ? common.reading : null;
  const none = unread ?? (operator === null ? texts.noOperator : null);
  const does = (actions: (chosen: OperatorView) => readonly Action[]): Command['run'] => {
    return () => stay(screen, ...(operator === null ? [] : actions(operator)));
  };
  const isOn = settings !== null && isRegistrationOpen(settings, model.now);
  const isChecked = settings?.checkAddresses !== false;
  return [
    {
      name: 'add',
      keys: ['n', 'insert'],
      label: texts.add,
      help: texts.addHelp,
      whyNot: unread,
      run: () => stay(screen, addDialog(known, model)),
    },
    {
      name: 'password',
      keys: ['p'],
      label: texts.password,
      help: texts.passwordHelp,
      whyNot: none,
      run: does(({ name }) => [passwordDialog(name, isOwn(name, model), model)]),
    },
    {
      name: 'rename',
      keys: ['e'],
      label: texts.rename,
      help: texts.renameHelp,
      whyNot: none,
      run: does(({ name }) => [renameDialog(name, isOwn(name, model), known, model)]),
    },
    {
      name: 'delete',
      keys: ['x', 'delete'],
      label: texts.remove,
      help: texts.removeHelp,
      whyNot: none ?? refusalFor('operator.delete', { operators: known.length }),
      run: does(({ name }) => [deleteDialog(name, model)]),
    },
    {
      name: 'registration',
      keys: ['r'],
      label: isOn ? texts.registrationOff : texts.registrationOn,
      help: texts.registrationHelp,
      whyNot: unread,
      run: () => stay(screen, isOn ? setRegistration('off', model) : registrationDialog(model)),
    },
    {
      name: 'check',
      keys: ['a'],
      label: texts.check,
      help: texts.checkHelp,
      whyNot: unread,
      run: () => stay(screen, switchCheck(!isChecked, model)),
    },
    {
      name: 'idle',
      keys: ['t'],
      label: texts.idle,
      help: texts.idleHelp,
      whyNot: unread,
      run: () => stay(screen, idleDialog(model)),
    },
    {
      name: 'defaults',
      keys: ['d'],
      label: texts.defaults,
      help: texts.defaultsHelp,
      whyNot: unread,
      run: () => stay(screen, ...(settings === null ? [] : [defaultsDialog(settings, model)])),
    },
    {
      name: 'log-out',
      keys: ['o'],
      label: texts.logOut,
      help: texts.logOutHelp,
      whyNot: model.isLoggedIn ? null : texts.notLoggedIn,
      run: () => stay(screen, request(texts.loggingOut, 'operator.logout', {})),
    },
  ];
}

/** For how many minutes automatic registration is proposed: a room, an afternoon, a day. */
const REGISTRATION_MINUTES = [30, 60, 240, 1440] as const;

function registrationDialog(model: Model): Action {
  const texts = textsOf(model.language).settings;
  const options = [
    ...REGISTRATION_MINUTES.map((minutes) => ({
      value: String(minutes),
      label: texts.registrationFor(minutes),
    })),
    { value: 'on', label: texts.registrationForGood },
  ];
  return {
    type: 'push',
    screen: choiceDialog({
      name: 'registration',
      title: texts.registrationTitle,
      options: options.map((each) => ({ ...each, whyNot: null })),
      choose: (value, now) => [setRegistration(value === 'on' ? 'on' : Number(value), now)],
    }),
  };
}

/** On or off until somebody says otherwise, or on for so many minutes. */
function setRegistration(wanted: 'on' | 'off' | number, model: Model): Action {
  const texts = textsOf(model.language).settings;
  const change =
    typeof wanted === 'number'
      ? { automaticRegistrationMinutes: wanted }
      : { automaticRegistration: wanted === 'on' };
  return request(texts.switching, 'settings.set', change, (settings) => [
    {
      type: 'notice',
      text: texts.registrationIs(openRegistration({ ...model, settings }) ?? texts.off),
      isBad: false,
    },
  ]);
}

function switchCheck(checkAddresses: boolean, model: Model): Action {
  const texts = textsOf(model.language).settings;
  return request(texts.switchingCheck, 'settings.set', { checkAddresses }, () => [
    { type: 'notice', text: texts.checkIs(checkAddresses ? texts.on : texts.off), isBad: false },
  ]);
}

function idleDialog(model: Model): Action {
  const texts = textsOf(model.language).settings;
  const isRight = (text: string): boolean => /^\d{1,4}$/.test(text) && +text >= 1 && +text <= 1440;
  const screen = textDialog({
    name: 'settings-idle',
    title: texts.idleTitle,
    label: texts.set,
    prompt: texts.idlePrompt,
    text: String(model.settings?.idleMinutes ?? ''),
    check: (text) => (isRight(text) ? null : texts.idleWrong),
    submit: (text) => [
      request(texts.settingIdle, 'settings.set', { idleMinutes: Number(text) }, () => [
        { type: 'notice', text: texts.idleIs(text), isBad: false },
      ]),
    ],
  });
  return { type: 'push', screen };
}

function deleteDialog(name: string, model: Model): Action {
  const texts = textsOf(model.language).settings;
  const remove = request(texts.removing(name), 'operator.delete', { name }, () => [
    { type: 'notice', text: texts.removed(name), isBad: false },
    readOperators(model),
  ]);
  const title = texts.removeTitle(name);
  return {
    type: 'push',
    screen: confirmDialog(title, [texts.removeText(name)], texts.remove, [remove]),
  };
}
