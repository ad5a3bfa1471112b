/** What an engine is told of its own host, for the host's screen. */

import type { Host } from '../../lib/model/host.ts';
import type { HostStanding } from '../../lib/protocol/engine-api.ts';
import { findRun } from '../lookup.ts';
import type { StoreData } from '../store/schema.ts';

export function standingOf(host: Host, { tasks }: Pick<StoreData, 'tasks'>): HostStanding {
  const { name, approval, halfWritten } = host;
  return {
    hostName: name,
    approval,
    halfWritten:
      halfWritten === null
        ? null
        : {
            disk: halfWritten.disk,
            since: halfWritten.since,
            // The task may have been deleted meanwhile.
            error: findRun(tasks, halfWritten.runId)?.run.error ?? null,
          },
  };
}
