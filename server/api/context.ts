/** What the operators' calls work with, the same for every caller. */

import type { Log } from '../../lib/log.ts';
import type { ChangeSignal } from '../events/change-signal.ts';
import type { EventLog } from '../events/event-log.ts';
import type { Logins } from '../login/identity.ts';
import type { Store } from '../store/store.ts';
import type { RunLogs } from '../tasks/run-logs.ts';
import type { Work } from '../tasks/work.ts';
import type { ViewContext } from '../views/context.ts';

export type ApiContext = ViewContext & {
  /** Handlers read it; they change it as their caller (Caller.store). */
  readonly store: Store;
  readonly work: Work;
  readonly runLogs: RunLogs;
  readonly changes: ChangeSignal;
  /** What operators are to know of afterwards. */
  readonly events: EventLog;
  readonly logins: Logins;
  readonly log: Log;
};
