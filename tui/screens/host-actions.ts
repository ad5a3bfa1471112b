/** What can be done with hosts, the same in list, room and details: one command a row. */

import { whyNot } from '../../lib/model/capability.ts';
import type { HostView } from '../../lib/model/host.ts';
import type { HostId } from '../../lib/model/ids.ts';
import { Name } from '../../lib/model/names.ts';
import type { ShutdownMode } from '../../lib/model/operation.ts';
import type { Model } from '../model.ts';
import { choiceDialog } from '../parts/choice-dialog.ts';
import { confirmDialog } from '../parts/confirm-dialog.ts';
import { textDialog } from '../parts/form-dialog.ts';
import { unfinishedRuns } from '../parts/host-condition.ts';
import { isRunning } from '../parts/host-filter.ts';
import { firstReason, whyNotWork } from '../parts/host-work.ts';
import { checkWith } from '../parts/text-checks.ts';
import { request } from '../requests.ts';
import { stay, type Action, type Command, type Screen } from '../screen.ts';
import { textsOf, type Texts } from '../text/catalogue.ts';
import { addressRuleScreen } from './address-rule.ts';
import { openCapture } from './capture/host.ts';
import { openDeploy } from './deploy/image.ts';
import { nameRuleScreen } from './name-rule.ts';

type ActionRow = {
  readonly name: string;
  readonly keys: readonly string[];
  readonly texts: (texts: Texts['hosts']) => { readonly label: string; readonly help: string };
  /** `hosts` are not empty. */
  readonly whyNot: (hosts: readonly HostView[], model: Model) => string | null;
  readonly actions: (hosts: readonly HostView[], model: Model) => readonly Action[];
};

/** The commands for `chosen`: what is marked, or what the cursor is on; in the order in which it is shown. */
export function hostActions(
  chosen: readonly HostView[],
  model: Model,
  screen: Screen,
): readonly Command[] {
  const texts = textsOf(model.language).hosts;
  return ROWS.map((row) => ({
    name: row.name,
    keys: row.keys,
    ...row.texts(texts),
    whyNot: chosen.length === 0 ? texts.empty : row.whyNot(chosen, model),
    run: () => stay(screen, ...row.actions(chosen, model)),
  }));
}

const always = (): null => null;
const idsOf = (hosts: readonly HostView[]): HostId[] => hosts.map(({ id }) => id);

const ROWS: readonly ActionRow[] = [
  {
    name: 'deploy',
    keys: ['d'],
    texts: ({ deploy, deployHelp }) => ({ label: deploy, help: deployHelp }),
    whyNot: whyNotWork,
    actions: (hosts, model) => openDeploy(model, { hostIds: idsOf(hosts) }),
  },
  {
    name: 'capture',
    keys: ['c'],
    texts: ({ capture, captureHelp }) => ({ label: capture, help: captureHelp }),
    whyNot: (hosts, model) =>
      hosts.length > 1 ? textsOf(model.language).hosts.captureOne : whyNotWork(hosts),
    actions: ([host], model) => (host === undefined ? [] : openCapture(model, host)),
  },
  {
    name: 'wake',
    keys: ['w'],
    texts: ({ wake, wakeHelp }) => ({ label: wake, help: wakeHelp }),
    whyNot: (hosts, model) => (hosts.every(isRunning) ? textsOf(model.language).hosts.allOn : null),
    actions: wakeActions,
  },
  shutdownRow('reboot', ['b'], ({ reboot, rebootHelp }) => ({ label: reboot, help: rebootHelp })),
  shutdownRow('power-off', ['o'], ({ powerOff, powerOffHelp }) => ({
    label: powerOff,
    help: powerOffHelp,
  })),
  {
    name: 'group',
    keys: ['m'],
    texts: ({ toGroup, toGroupHelp }) => ({ label: toGroup, help: toGroupHelp }),
    whyNot: always,
    actions: (hosts, model) => [groupDialog(hosts, model)],
  },
  {
    name: 'names',
    keys: ['u'],
    texts: ({ names, namesHelp }) => ({ label: names, help: namesHelp }),
    whyNot: always,
    actions: (hosts, model) => [{ type: 'push', screen: nameRuleScreen(idsOf(hosts), model) }],
  },
  {
    name: 'addresses',
    keys: ['i'],
    texts: ({ addresses, addressesHelp }) => ({ label: addresses, help: addressesHelp }),
    whyNot: always,
    actions: (hosts, model) => [{ type: 'push', screen: addressRuleScreen(idsOf(hosts), model) }],
  },
  {
    name: 'approve',
    keys: ['p'],
    texts: ({ approve, approveHelp }) => ({ label: approve, help: approveHelp }),
    whyNot: (hosts, model) =>
      hosts.some(({ approval }) => approval === 'pending')
        ? null
        : textsOf(model.language).hosts.nonePending,
    actions: (hosts, model) => {
      const texts = textsOf(model.language).hosts;
      const pending = hosts.filter(({ approval }) => approval === 'pending');
      return [
        request(texts.approving(pending.length), 'host.approve', { hosts: idsOf(pending) }, () => [
          { type: 'notice', text: texts.approved(pending.length), isBad: false },
        ]),
      ];
    },
  },
  {
    name: 'delete',
    keys: ['x', 'delete'],
    texts: ({ remove, removeHelp }) => ({ label: remove, help: removeHelp }),
    whyNot: (hosts, model) =>
      firstReason(hosts, ({ id, state }) =>
        whyNot('host.delete', { hostState: state, unfinishedRuns: unfinishedRuns(id, model) }),
      ),
    actions: (hosts, model) => [deleteDialog(hosts, model)],
  },
];

function wakeActions(hosts: readonly HostView[], model: Model): readonly Action[] {
  const texts = textsOf(model.language).hosts;
  const targets = idsOf(hosts.filter((host) => !isRunning(host)));
  return [
    request(texts.waking(targets.length), 'host.wake', { targets }, ({ waking }) => [
      { type: 'notice', text: texts.woken(waking.length), isBad: false },
    ]),
  ];
}

function shutdownRow(
  mode: Exclude<ShutdownMode, 'exit'>,
  keys: readonly string[],
  texts: ActionRow['texts'],
): ActionRow {
  return {
    name: mode,
    keys,
    texts,
    whyNot: (hosts, model) => {
      const running = hosts.filter(isRunning);
      return running.length === 0 ? textsOf(model.language).hosts.allOff : whyNotWork(running);
    },
    actions: (hosts, model) => {
      const words = textsOf(model.language).hosts;
      const running = hosts.filter(isRunning);
      const { label } = texts(words);
      const working = running.filter(({ state }) => state === 'working').length;
      const ask = confirmDialog(
        words.shutdownTitle(label, running.length),
        [
          listed(running, model),
          ...(working === 0 ? [] : [words.shutdownWorking(working)]),
          ...(running.length === hosts.length
            ? []
            : [words.shutdownOff(hosts.length - running.length)]),
        ],
        label,
        [
          request(
            words.shuttingDown(label, running.length),
            'task.shutdown',
            { targets: idsOf(running), mode },
            ({ title }) => [{ type: 'notice', text: words.taskMade(title), isBad: false }],
          ),
        ],
      );
      return [{ type: 'push', screen: ask }];
    },
  };
}

const NEW_GROUP = 'new';
const NO_GROUP = 'none';

function groupDialog(hosts: readonly HostView[], model: Model): Action {
  const texts = textsOf(model.language).hosts;
  const moved = (group: string | null, name: string): Action =>
    request(
      texts.moving(hosts.length),
      'host.editMany',
      { changes: hosts.map(({ id }) => ({ host: id, group })) },
      () => [{ type: 'notice', text: texts.moved(hosts.length, name), isBad: false }],
    );
  const isNone = hosts.every(({ groupId }) => groupId === null);
  return {
    type: 'push',
    screen: choiceDialog({
      name: 'to-group',
      title: texts.toGroupTitle(hosts.length),
      options: [
        ...model.groups.map(({ id, name, hosts: members }) => ({
          value: id,
          label: `${name} (${members.length})`,
          whyNot: hosts.every(({ groupId }) => groupId === id) ? texts.isThere : null,
        })),
        { value: NEW_GROUP, label: texts.newGroup, whyNot: null },
        { value: NO_GROUP, label: texts.noGroup, whyNot: isNone ? texts.isThere : null },
      ],
      choose: (value) => {
        if (value === NO_GROUP) return [moved(null, '-')];
        if (value === NEW_GROUP) return [newGroupDialog(hosts, model)];
        return [moved(value, model.groups.find(({ id }) => id === value)?.name ?? value)];
      },
    }),
  };
}

function newGroupDialog(hosts: readonly HostView[], model: Model): Action {
  const { hosts: texts, groups } = textsOf(model.language);
  return {
    type: 'push',
    screen: textDialog({
      name: 'group-add',
      title: texts.toGroupTitle(hosts.length),
      label: groups.add,
      prompt: groups.prompt,
      text: '',
      check: (text) =>
        checkWith(Name, text) ??
        (model.groups.some(({ name }) => name.toLowerCase() === text.toLowerCase())
          ? groups.nameTaken
          : null),
      submit: (name) => [
        request(groups.adding(name), 'group.create', { name, hosts: idsOf(hosts) }, () => [
          { type: 'notice', text: texts.moved(hosts.length, name), isBad: false },
        ]),
      ],
    }),
  };
}

function deleteDialog(hosts: readonly HostView[], model: Model): Action {
  const texts = textsOf(model.language).hosts;
  const [first] = hosts;
  const title = texts.removeTitle(hosts.length, first?.name ?? '');
  return {
    type: 'push',
    screen: confirmDialog(
      title,
      [listed(hosts, model), texts.loses, texts.comesBack],
      texts.remove,
      hosts.map(({ id, name }) =>
        request(texts.removing(name), 'host.delete', { host: id }, () => [
          { type: 'notice', text: texts.removed(hosts.length, name), isBad: false },
          { type: 'close', name: 'host' },
        ]),
      ),
    ),
  };
}

const MOST_LISTED = 24;

/** Their names, as many as a dialog has room for. */
function listed(hosts: readonly HostView[], { language }: Model): string {
  const names = hosts.slice(0, MOST_LISTED).map(({ name }) => name);
  const more = hosts.length - names.length;
  return `${names.join(', ')}${more === 0 ? '' : textsOf(language).hosts.andMore(more)}`;
}
