/** DisabledReason: why something cannot be done right now. */

import type { Message } from '../lib/model/message.ts';

export type DisabledReason =
  /** In the language of the UI. */
  | string
  | Message
  /** Of one of several hosts. */
  | { readonly host: string; readonly reason: Message };
