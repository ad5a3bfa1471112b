/** Putting hosts into a group. */

import { push } from '../../actions.ts';
import { TOP } from '../../values/selection.ts';
import { idsOf, type HostAction } from './action.ts';

export const MOVE_TO_GROUP: HostAction = {
  name: 'group',
  keys: ['m'],
  texts: ({ toGroup, toGroupHelp }) => ({ label: toGroup, help: toGroupHelp }),
  disabledReason: () => null,
  actions: (hosts) => [push('to-group', { hostIds: idsOf(hosts), selection: TOP })],
};
