/** Whether a task is being sent to the server already: starting it again would make a second task. */

import type { HostId } from '../../lib/model/ids.ts';
import type { Model } from '../model.ts';

export function isTaskBeingMade({ pending }: Model, hosts: readonly HostId[]): boolean {
  const meant = new Set<string>(hosts);
  return pending.some(
    ({ method, params }) =>
      method === 'task.create' && params.targets.some((each) => meant.has(each)),
  );
}
