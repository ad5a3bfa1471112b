/** Putting hosts into a group: one that is there, a new one, or none. */

import { Name } from '../../../lib/model/names.ts';
import type { HostView } from '../../../lib/model/host.ts';
import type { Model } from '../../model.ts';
import { choiceDialog } from '../../components/choice-dialog.ts';
import { textDialog } from '../../components/form-dialog.ts';
import { checkWith } from '../../components/text-checks.ts';
import { request } from '../../requests.ts';
import type { Action } from '../../screen.ts';
import { textsOf } from '../../text/catalogue.ts';
import { idsOf, type HostAction } from './action.ts';

export const TO_GROUP: HostAction = {
  name: 'group',
  keys: ['m'],
  texts: ({ toGroup, toGroupHelp }) => ({ label: toGroup, help: toGroupHelp }),
  whyNot: () => null,
  actions: (hosts, model) => [groupDialog(hosts, model)],
};

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
