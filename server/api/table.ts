/** The handlers of the operators' calls, by noun: together all of the protocol's rows. */

import type { Handlers } from '../../lib/protocol/contract.ts';
import type { OperatorMethods } from '../../lib/protocol/operator-api/table.ts';
import { accountHandlers } from './accounts.ts';
import { bootHandlers } from './boot.ts';
import type { Caller } from './caller.ts';
import type { ApiContext } from './context.ts';
import { groupHandlers } from './groups.ts';
import { hostHandlers } from './hosts.ts';
import { imageHandlers } from './images.ts';
import { jobHandlers } from './jobs.ts';
import { loginHandlers } from './login.ts';
import { runLogHandlers } from './run-log.ts';
import { settingsHandlers } from './settings.ts';
import { taskHandlers } from './tasks.ts';
import { watchHandlers } from './watching.ts';

export function operatorHandlers(context: ApiContext): Handlers<OperatorMethods, [Caller]> {
  return {
    ...loginHandlers(),
    ...watchHandlers(context),
    ...hostHandlers(context),
    ...groupHandlers(context),
    ...imageHandlers(context),
    ...taskHandlers(context),
    ...jobHandlers(context),
    ...runLogHandlers(context),
    ...accountHandlers(context),
    ...settingsHandlers(context),
    ...bootHandlers(context),
  };
}
