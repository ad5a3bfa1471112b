/** Deleting hosts, after a question that says what is lost. */

import { refusalFor } from '../../../lib/rules/capability.ts';
import type { HostView } from '../../../lib/model/host.ts';
import type { Model } from '../../model.ts';
import { unfinishedRuns } from '../../presentation/hosts/host-condition.ts';
import { hostNames } from '../../presentation/hosts/host-names.ts';
import { firstReason } from '../../presentation/hosts/host-work.ts';
import { confirm, notice, request } from '../../actions.ts';
import type { Action } from '../../screen-states.ts';
import { textsOf } from '../../text/catalogue.ts';
import type { HostAction } from './action.ts';

export const DELETE: HostAction = {
  name: 'delete',
  keys: ['x', 'delete'],
  texts: ({ remove, removeHelp }) => ({ label: remove, help: removeHelp }),
  disabledReason: (hosts, model) =>
    firstReason(hosts, ({ id, state, halfWritten }) =>
      refusalFor('host.delete', {
        hostState: state,
        unfinishedRuns: unfinishedRuns(id, model),
        halfWritten,
      }),
    ),
  actions: (hosts, model) => [deleteDialog(hosts, model)],
};

function deleteDialog(hosts: readonly HostView[], model: Model): Action {
  const texts = textsOf(model.language).hosts;
  const [first] = hosts;
  const title = texts.removeTitle(hosts.length, first?.name ?? '');
  return confirm(
    title,
    [hostNames(hosts, model), texts.loses, texts.comesBack],
    texts.remove,
    hosts.map(({ id, name }) =>
      request(texts.removing(name), 'host.delete', { host: id }, [
        notice(texts.removed(hosts.length, name)),
        { type: 'close', name: 'host' },
      ]),
    ),
  );
}
