/** What holds for the whole server, and who may work with it. */

import { refusalFor } from '../../lib/rules/capability.ts';
import { isRegistrationOpen } from '../../lib/rules/registration.ts';
import type { OperatorView } from '../../lib/model/operator-account.ts';
import type { Language } from '../../lib/model/language.ts';
import type { Model } from '../model.ts';
import { textForm } from '../components/form-dialog.ts';
import { listScreen } from '../components/list-screen.ts';
import { formatTime } from '../presentation/time-format.ts';
import { TOP } from '../values/selection.ts';
import { openRegistration } from '../presentation/registration.ts';
import { widthFor, type Column } from '../components/table-view.ts';
import { line, span } from '../picture.ts';
import { confirm, notice, push, request } from '../actions.ts';
import { perform, reaction, type Command } from '../screen.ts';
import { textsOf } from '../text/catalogue.ts';
import { openDefaults } from './defaults.ts';
import { readOperators, readSettings } from './open.ts';
import { addOperator, changePassword, renameOperator } from './operators.ts';
import { setRegistration } from './registration.ts';
import type { Action, ScreenStates } from '../screen-states.ts';

type SettingsState = ScreenStates['settings'];

export const SETTINGS = listScreen<OperatorView, SettingsState>({
  list: 'settings',
  title: (_, model) => textsOf(model.language).settings.title,
  rows: (_, { operators }) => operators ?? [],
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
      line(` ${texts.hostLanguageIs(texts.languages[settings.hostLanguage])}`),
    ];
  },
  empty: (model, { operators }) => {
    const { settings: texts, common } = textsOf(model.language);
    return operators === null ? [common.reading] : [texts.empty, texts.emptyHint];
  },
  heard: (event, model, state) => {
    if (event.type === 'answered' && event.method === 'operator.list') {
      return reaction({ ...state, operators: event.result });
    }
    // Others may have changed them meanwhile, or they were never read.
    return event.type === 'connected' ? perform(...readSettings(model)) : null;
  },
  commands: commandsFor,
});

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
  model: Model,
  { operators }: SettingsState,
): Command[] {
  const { settings: texts, common } = textsOf(model.language);
  const { settings } = model;
  const known = operators ?? [];
  const unread = operators === null || settings === null ? common.reading : null;
  const none = unread ?? (operator === null ? texts.noOperator : null);
  const does = (actions: (chosen: OperatorView) => readonly Action[]): Command['run'] => {
    return () => perform(...(operator === null ? [] : actions(operator)));
  };
  const isOn = settings !== null && isRegistrationOpen(settings, model.now);
  const isChecked = settings?.checkAddresses !== false;
  return [
    {
      name: 'add',
      keys: ['n', 'insert'],
      label: texts.add,
      help: texts.addHelp,
      disabledReason: unread,
      run: () => perform(addOperator(known, model)),
    },
    {
      name: 'password',
      keys: ['p'],
      label: texts.password,
      help: texts.passwordHelp,
      disabledReason: none,
      run: does(({ name }) => [changePassword(name, isOwn(name, model), model)]),
    },
    {
      name: 'rename',
      keys: ['e'],
      label: texts.rename,
      help: texts.renameHelp,
      disabledReason: none,
      run: does(({ name }) => [renameOperator(name, isOwn(name, model), known, model)]),
    },
    {
      name: 'delete',
      keys: ['x', 'delete'],
      label: texts.remove,
      help: texts.removeHelp,
      disabledReason: none ?? refusalFor('operator.delete', { operators: known.length }),
      run: does(({ name }) => [deleteOperator(name, model)]),
    },
    {
      name: 'registration',
      keys: ['r'],
      label: isOn ? texts.registrationOff : texts.registrationOn,
      help: texts.registrationHelp,
      disabledReason: unread,
      run: () =>
        perform(isOn ? setRegistration('off', model) : push('registration', { selection: TOP })),
    },
    {
      name: 'check',
      keys: ['a'],
      label: texts.check,
      help: texts.checkHelp,
      disabledReason: unread,
      run: () => perform(switchCheck(!isChecked, model)),
    },
    {
      name: 'host-language',
      keys: ['l'],
      label: texts.hostLanguage,
      help: texts.hostLanguageHelp,
      disabledReason: unread,
      run: () => perform(switchHostLanguage(settings?.hostLanguage === 'de' ? 'en' : 'de', model)),
    },
    {
      name: 'idle',
      keys: ['t'],
      label: texts.idle,
      help: texts.idleHelp,
      disabledReason: unread,
      run: () => perform(openIdle(model)),
    },
    {
      name: 'defaults',
      keys: ['d'],
      label: texts.defaults,
      help: texts.defaultsHelp,
      disabledReason: unread,
      run: () => perform(...(settings === null ? [] : [openDefaults(settings, model)])),
    },
    {
      name: 'log-out',
      keys: ['o'],
      label: texts.logOut,
      help: texts.logOutHelp,
      disabledReason: model.isLoggedIn ? null : texts.notLoggedIn,
      run: () => perform(request(texts.loggingOut, 'operator.logout', {})),
    },
  ];
}

function switchCheck(checkAddresses: boolean, model: Model): Action {
  const texts = textsOf(model.language).settings;
  return request(texts.switchingCheck, 'settings.set', { checkAddresses }, [
    notice(texts.checkIs(checkAddresses ? texts.on : texts.off)),
  ]);
}

function switchHostLanguage(hostLanguage: Language, model: Model): Action {
  const texts = textsOf(model.language).settings;
  return request(texts.switchingHostLanguage, 'settings.set', { hostLanguage }, [
    notice(texts.hostLanguageIs(texts.languages[hostLanguage])),
  ]);
}

function openIdle({ language, settings }: Model): Action {
  const minutes = String(settings?.idleMinutes ?? '');
  return push('settings-idle', { form: textForm(textsOf(language).settings.idlePrompt, minutes) });
}

function deleteOperator(name: string, model: Model): Action {
  const texts = textsOf(model.language).settings;
  return confirm(texts.removeTitle(name), [texts.removeText(name)], texts.remove, [
    request(texts.removing(name), 'operator.delete', { name }, [
      notice(texts.removed(name)),
      readOperators(model),
    ]),
  ]);
}
