/** Putting hosts into a group: one that is there, a new one, or none. */

import type { HostView } from '../../lib/model/host.ts';
import type { GroupId } from '../../lib/model/ids.ts';
import { notice, push, request } from '../actions.ts';
import { choiceDialog } from '../components/choice-dialog.ts';
import { textForm } from '../components/form-dialog.ts';
import type { Model } from '../model.ts';
import { hostsOf } from '../presentation/hosts/chosen-hosts.ts';
import { textsOf } from '../text/catalogue.ts';
import type { Action, ScreenStates } from '../screen-states.ts';

const NEW_GROUP = 'new';
const NO_GROUP = 'none';

export const TO_GROUP = choiceDialog<ScreenStates['to-group']>({
  list: 'to-group',
  title: ({ hostIds }, { language }) => textsOf(language).hosts.toGroupTitle(hostIds.length),
  options: ({ hostIds }, model) => {
    const texts = textsOf(model.language).hosts;
    const hosts = hostsOf(hostIds, model);
    const areIn = (group: GroupId | null): boolean =>
      hosts.every(({ groupId }) => groupId === group);
    return [
      ...model.groups.map(({ id, name, hosts: members }) => ({
        value: id,
        label: `${name} (${members.length})`,
        disabledReason: areIn(id) ? texts.isThere : null,
      })),
      { value: NEW_GROUP, label: texts.newGroup, disabledReason: null },
      {
        value: NO_GROUP,
        label: texts.noGroup,
        disabledReason: areIn(null) ? texts.isThere : null,
      },
    ];
  },
  choose: (value, { hostIds }, model) => {
    const hosts = hostsOf(hostIds, model);
    if (value === NO_GROUP) return [moveHosts(hosts, null, '-', model)];
    if (value === NEW_GROUP) {
      const form = textForm(textsOf(model.language).groups.prompt, '');
      return [push('group-add', { form, hostIds })];
    }
    const name = model.groups.find(({ id }) => id === value)?.name ?? value;
    return [moveHosts(hosts, value, name, model)];
  },
});

function moveHosts(
  hosts: readonly HostView[],
  group: string | null,
  name: string,
  { language }: Model,
): Action {
  const texts = textsOf(language).hosts;
  const changes = hosts.map(({ id }) => ({ host: id, group }));
  return request(texts.moving(hosts.length), 'host.editMany', { changes }, [
    notice(texts.moved(hosts.length, name)),
  ]);
}
