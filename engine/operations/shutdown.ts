/** Shutdown: the host is switched off, started anew, or the engine ends. It happens after the run is reported done. */

import type { WorkOperation } from '../../lib/model/operation.ts';
import { step, type PlannedOperation } from '../step-runner.ts';

const TITLES = {
  'power-off': 'switch the host off',
  reboot: 'start the host anew',
  exit: 'end the engine',
} as const;

export function planShutdown(
  operation: Extract<WorkOperation, { type: 'shutdown' }>,
): Promise<PlannedOperation> {
  return Promise.resolve({
    disk: '',
    steps: [
      step('shutdown-host', TITLES[operation.mode], () => Promise.resolve(undefined), {
        writes: false,
      }),
    ],
    outcome: 'untouched',
    cleanUp: () => Promise.resolve('untouched'),
    release: () => Promise.resolve(),
  });
}
