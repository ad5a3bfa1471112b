/** Connections from the network that nobody has logged in on: few, and not for long. */

import type { ConnectionLimits } from '../net/connections.ts';

export const LOGIN_LIMITS: ConnectionLimits = {
  strangersPerAddress: 8,
  perAddress: 8,
  strangers: 64,
  inAll: 64,
};

/** How long a connection may stay without a login. */
export const PATIENCE_MS = 5 * 60_000;
