/** The names of groups: a new one, and another name. */

import type { GroupView } from '../../lib/model/group.ts';
import { Name } from '../../lib/model/names.ts';
import { notice, request } from '../actions.ts';
import { formDialog } from '../components/form-dialog.ts';
import { valueOf } from '../values/form.ts';
import { checkWith } from '../components/text-checks.ts';
import type { DisabledReason } from '../disabled-reason.ts';
import type { Model } from '../model.ts';
import { textsOf } from '../text/catalogue.ts';
import type { ScreenStates } from '../screen-states.ts';

/** An empty group, or one for hosts that were chosen. */
export const GROUP_ADD = formDialog<ScreenStates['group-add']>({
  title: ({ hostIds }, { language }) => {
    const { groups, hosts } = textsOf(language);
    return hostIds.length === 0 ? groups.addTitle : hosts.toGroupTitle(hostIds.length);
  },
  label: (_, { language }) => textsOf(language).groups.add,
  checks: { text: (text, _, model) => checkName(text, model.groups, model) },
  submit: ({ form, hostIds }, { language }) => {
    const { groups: texts, hosts } = textsOf(language);
    const name = valueOf(form, 'text');
    const count = hostIds.length;
    return [
      request(texts.adding(name), 'group.create', { name, hosts: [...hostIds] }, [
        notice(count === 0 ? texts.added(name) : hosts.moved(count, name)),
      ]),
    ];
  },
});

export const GROUP_RENAME = formDialog<ScreenStates['group-rename']>({
  title: ({ name }, { language }) => textsOf(language).groups.renameTitle(name),
  label: (_, { language }) => textsOf(language).groups.rename,
  checks: {
    text: (text, { groupId }, model) => {
      const others = model.groups.filter(({ id }) => id !== groupId);
      return checkName(text, others, model);
    },
  },
  submit: ({ form, groupId, name: before }, { language }) => {
    const texts = textsOf(language).groups;
    const name = valueOf(form, 'text');
    const edit = { group: groupId, name, add: [], remove: [] };
    return [request(texts.renaming(before), 'group.edit', edit, [notice(texts.renamed(name))])];
  },
});

function checkName(
  text: string,
  others: readonly GroupView[],
  model: Model,
): DisabledReason | null {
  const isTaken = others.some(({ name }) => name.toLowerCase() === text.toLowerCase());
  return checkWith(Name, text) ?? (isTaken ? textsOf(model.language).groups.nameTaken : null);
}
