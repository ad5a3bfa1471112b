/** Deploying, second step: a group, several hosts, or one. */

import type { HostView } from '../../../lib/model/host.ts';
import { push } from '../../actions.ts';
import { TOP } from '../../values/selection.ts';
import { span } from '../../picture.ts';
import { isRunning } from '../../presentation/hosts/host-filter.ts';
import { targetChooser } from '../../presentation/hosts/target-chooser.ts';
import { textsOf } from '../../text/catalogue.ts';
import type { ScreenStates } from '../../screen-states.ts';
import { imageOf } from './plan.ts';

export const DEPLOY_TARGETS = targetChooser<ScreenStates['deploy-targets']>({
  list: 'deploy-targets',
  title: (state, model) => {
    const name = imageOf(state, model)?.image.name ?? '';
    return textsOf(model.language).deploy.targetsTitle(name);
  },
  words: ({ language }) => {
    const { deploy: texts, hosts } = textsOf(language);
    return {
      groupRow: texts.groupRow,
      groupState: (members) => {
        const off = countOff(members);
        return span(texts.groupHosts(members.length, off), off > 0 ? 'warn' : 'plain');
      },
      head: (marked) =>
        marked.length === 0
          ? texts.targetsHead
          : texts.targetsMarked(marked.length, countOff(marked)),
      next: (count) => (count === 0 ? texts.next : texts.nextWith(count)),
      nextHelp: texts.targetsHelp,
      markHelp: texts.markHelp,
      none: hosts.empty,
    };
  },
  next: (hostIds, { imageId }) => [
    push('deploy-disk', { targets: { imageId, hostIds }, selection: TOP }),
  ],
});

function countOff(hosts: readonly HostView[]): number {
  return hosts.filter((host) => !isRunning(host)).length;
}
