/** Shutdown: the host is switched off or restarted, or the engine ends. It happens after the run is reported done. */

import { message } from '../../lib/model/messages/table.ts';
import { step } from '../step-runner.ts';
import type { OperationOf, PlanOf } from './plan.ts';

export function planShutdown(operation: OperationOf<'shutdown'>): Promise<PlanOf<'shutdown'>> {
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
