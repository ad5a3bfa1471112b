/** Which group a list of hosts shows alone. */

import { choiceDialog } from '../components/choice-dialog.ts';
import { textsOf } from '../text/catalogue.ts';
import type { ScreenStates } from '../screen-states.ts';

export const CHOOSE_GROUP = choiceDialog<ScreenStates['choose-group']>({
  list: 'choose-group',
  title: (_, { language }) => textsOf(language).hosts.inGroup,
  options: (_, { groups }) =>
    groups.map(({ id, name, hosts }) => ({
      value: id,
      label: `${name} (${hosts.length})`,
      disabledReason: null,
    })),
  choose: (value, _, { groups }) => {
    const group = groups.find(({ id }) => id === value);
    return group === undefined
      ? []
      : [{ type: 'tell', event: { type: 'group-chosen', groupId: group.id } }];
  },
});
