/** Tells that work waits for hosts that are off, and for how long; offers to wake them. */

import { formatMoment, printable } from '../lib/format.ts';
import type { OperatorClient } from '../lib/client/operator-client.ts';
import type { HostView } from '../lib/model/host.ts';
import { withServer, type Context } from './command.ts';
import type { Texts } from './text/catalogue.ts';

/** More hosts than these are counted, not named. */
const NAMED_HOSTS = 5;

/** Until when work that is given now waits: `waitMs` is what the operator said, else the server's setting counts. */
async function waitEnd(client: OperatorClient, waitMs: number | undefined): Promise<string> {
  const ms = waitMs ?? (await client.call('settings.get', {})).waitHours * 3_600_000;
  return formatMoment(new Date(Date.now() + ms).toISOString());
}

/** The lines that say how the work of those of `hosts` that are off goes on; none when all are on. */
export async function offLines(
  { questions }: Texts,
  client: OperatorClient,
  hosts: readonly HostView[],
  { wake, waitMs }: { readonly wake: boolean; readonly waitMs: number | undefined },
): Promise<string[]> {
  const off = hosts.filter(({ state }) => state === 'off');
  if (off.length === 0) return [];
  const until = await waitEnd(client, waitMs);
  const names = off.slice(0, NAMED_HOSTS).map(({ name }) => name);
  const more = off.length > names.length ? [questions.andMore(off.length - names.length)] : [];
  const who = printable([...names, ...more].join(', '));
  const what = wake ? questions.offAndWoken : questions.offAndWaited;
  return [questions.off(off.length, who, what(off.length, until))];
}

/** Whether the host, which is off, is to be woken after all: asked on a terminal, else it is said that it is off. */
export async function offersWaking(
  context: Context,
  host: string,
  waitMs: number | undefined,
): Promise<boolean> {
  const { texts } = context.output;
  const lines = await withServer(context, async (client) => {
    const found = await client.call('host.show', { host });
    return offLines(texts, client, [found], { wake: false, waitMs });
  });
  if (lines.length === 0 || context.output.quiet || context.output.json) return false;
  context.output.printError(lines);
  return context.offer(texts.questions.switchOn);
}
