/** What a message may be before anything of it is looked at: JSON and schemas alone would cost gigabytes of memory. */

export type MessageLimits = {
  readonly maxBytes: number;
  /** Values in it: elements of arrays and members of objects. */
  readonly maxValues: number;
  readonly maxDepth: number;
  /** How long a message may take from its first byte to its last. */
  readonly maxMs: number;
  /** The most calls answered at once: the next ones are read when one of them is answered. */
  readonly maxCalls: number;
  /** A peer that leaves this much unread is not read from either. */
  readonly maxUnreadBytes: number;
};

const KIB = 1024;
const MIB = 1024 * KIB;

/** Anybody who can reach the server, until it is known who speaks. A whole register has 2 kB, at most MAX_SYSTEM_INFO_BYTES. */
export const STRANGER_LIMITS: MessageLimits = {
  maxBytes: 64 * KIB,
  maxValues: 20_000,
  maxDepth: 32,
  maxMs: 10_000,
  maxCalls: 16,
  maxUnreadBytes: MIB,
};

/** The engine of an approved host. */
export const ENGINE_LIMITS: MessageLimits = {
  maxBytes: MIB,
  maxValues: 50_000,
  maxDepth: 32,
  maxMs: 60_000,
  maxCalls: 16,
  maxUnreadBytes: 32 * MIB,
};

/** The description of a captured image, on the data channel: it holds table areas and the headers of swap areas. */
export const DESCRIPTION_LIMITS: Pick<MessageLimits, 'maxBytes' | 'maxValues' | 'maxDepth'> = {
  maxBytes: 16 * MIB,
  maxValues: 100_000,
  maxDepth: 32,
};

/** An operator: deploying to 10,000 hosts is 2.6 MB, naming as many by rule has 40,000 values. */
export const OPERATOR_LIMITS: MessageLimits = {
  maxBytes: 4 * MIB,
  maxValues: 100_000,
  maxDepth: 32,
  maxMs: 60_000,
  maxCalls: 256,
  maxUnreadBytes: 64 * MIB,
};

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPENING = new Set([0x5b, 0x7b]);
const CLOSING = new Set([0x5d, 0x7d]);

/**
 * Why `json` (UTF-8) has more in it than `limits` allow, or null. It is not checked otherwise: of what is no JSON the
 * answer may be either.
 */
export function whyTooMuch(
  json: Uint8Array,
  { maxBytes, maxValues, maxDepth }: Pick<MessageLimits, 'maxBytes' | 'maxValues' | 'maxDepth'>,
): string | null {
  if (json.length > maxBytes)
    return `a message of ${json.length} bytes, where ${maxBytes} are allowed`;
  let values = 1;
  let depth = 0;
  for (let at = 0; at < json.length; at += 1) {
    const byte = json[at] ?? 0;
    if (byte === QUOTE) {
      at = endOfString(json, at);
    } else if (byte === COMMA) {
      values += 1;
    } else if (OPENING.has(byte)) {
      values += 1;
      depth += 1;
      if (depth > maxDepth)
        return `a message of more than ${maxDepth} levels, where no more are allowed`;
    } else if (CLOSING.has(byte)) {
      depth -= 1;
    }
    if (values > maxValues)
      return `a message of more than ${maxValues} values, where no more are allowed`;
  }
  return null;
}

/** Where the string ends that begins at `start`; the end of all when it does not. */
function endOfString(json: Uint8Array, start: number): number {
  let at = start + 1;
  while (at < json.length && json[at] !== QUOTE) at += json[at] === BACKSLASH ? 2 : 1;
  return at;
}
