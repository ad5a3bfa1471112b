/** DisabledReason: why something cannot be done right now, in English; screens say it in their language. */

export type DisabledReason = string;
