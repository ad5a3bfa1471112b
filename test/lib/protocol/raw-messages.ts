/** Messages between two peers as they are on the wire. */

import { once } from 'node:events';
import { z } from 'zod';
import { type Pair } from './peer-pair.ts';

const Message = z.object({
  jsonrpc: z.literal('2.0'),
  id: z.number().nullish(),
  error: z
    .object({ code: z.number(), message: z.string(), data: z.unknown().optional() })
    .optional(),
});

/** The next message that a side without a peer gets. */
async function nextMessage({ callerSocket }: Pair): Promise<z.infer<typeof Message>> {
  const [data] = z
    .tuple([z.instanceof(Buffer), z.unknown()])
    .parse(await once(callerSocket, 'message'));
  return Message.parse(JSON.parse(data.toString()));
}

/** Sends `text` and returns what comes back. */
export async function say(pair: Pair, text: string): Promise<z.infer<typeof Message>> {
  const answer = nextMessage(pair);
  pair.callerSocket.send(text);
  return answer;
}

export function request(method: string, params: unknown): string {
  return JSON.stringify({ jsonrpc: '2.0', id: 7, method, params });
}
