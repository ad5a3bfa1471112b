/** Shutdown: the host is switched off or restarted, or the engine ends. It happens after the run is reported done. */

import { message } from '../../lib/model/messages/table.ts';
import type { WorkOperation } from '../../lib/model/operation.ts';
import { step, type PlannedOperation } from '../step-runner.ts';

export function planShutdown(
  operation: Extract<WorkOperation, { type: 'shutdown' }>,
): Promise<PlannedOperation> {
  return Promise.resolve({
    disk: '',
    steps: [
      step('shutdown-host', message(`step.${operation.mode}`), () => Promise.resolve(undefined), {
        writes: false,
      }),
    ],
    outcome: 'untouched',
    leave: operation.mode,
    cleanUp: () => Promise.resolve('untouched'),
    release: () => Promise.resolve(),
  });
}
