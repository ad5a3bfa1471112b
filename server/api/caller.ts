/** Who makes a call: known or not, and what of the connection a handler may use. */

import type { Identity } from '../login/identity.ts';
import type { StoreOfCalls } from '../store/operator-store.ts';
import type { Watches } from '../watches/watches.ts';

export type Caller = {
  readonly identity: Identity;
  /** What is changed through it is changed by this operator. */
  readonly store: StoreOfCalls;
  /** Null where the transport cannot push. */
  readonly watches: Watches | null;
  /** It is known now who speaks. */
  readonly onKnown: () => void;
  /** Ends the connection. */
  readonly close: () => void;
};
