/** Push: sends a notification to an operator's program. */

import type { z } from 'zod';
import type { OperatorNotifications } from '../../lib/protocol/operator-api/status.ts';

export type Push = {
  readonly notify: <K extends keyof OperatorNotifications>(
    name: K,
    params: z.input<OperatorNotifications[K]>,
  ) => void;
  /** Whether the program has not read what it was sent before: it is sent nothing more until it does. */
  readonly isBehind: () => boolean;
};
