/** What a host that is woken will do. */

import type { HostId } from '../../lib/model/ids.ts';
import { isEnded } from '../../lib/model/task.ts';
import { runsToBeginAgain } from '../tasks/begin-again.ts';
import type { Live } from '../live.ts';
import type { Store } from '../store/store.ts';
import type { Prospect } from './waker.ts';

/** By the same reasons as the boot choice of docs/design/netboot.md. */
export function prospectOf(
  { store, live }: { readonly store: Store; readonly live: Live },
  hostId: HostId,
): Prospect {
  if (live.engineOf(hostId) !== undefined) return 'on';
  const { hosts, tasks } = store.read();
  const host = hosts.find(({ id }) => id === hostId);
  if (host === undefined) return 'unknown';
  if (host.halfWritten !== null) return 'engine';
  if (host.approval !== 'approved') return 'disk';
  const own = tasks.flatMap(({ runs }) => runs.filter((run) => run.hostId === hostId));
  if (own.some(({ state }) => !isEnded(state))) return 'engine';
  const toBeginAgain = runsToBeginAgain(tasks, Date.now());
  return own.some(({ id }) => toBeginAgain.has(id)) ? 'engine' : 'disk';
}
