/** openclone host wake */

import { z } from 'zod';
import { ERROR_TREATMENT } from '../../lib/model/error-treatment.ts';
import type { HostId } from '../../lib/model/ids.ts';
import type { Wake } from '../../lib/model/wake.ts';
import { done, withServer, type Context, type Outcome } from '../command.ts';
import { defineAction } from '../define-action.ts';
import { FlagInput, TargetsInput } from '../input.ts';
import { INTERRUPTED_STATUS } from '../print/exit-statuses.ts';
import { connectionLost } from '../print/connection-lost.ts';
import { wakeLine } from '../print/wakes.ts';
import { RECONNECTION, watchStatus } from '../watch.ts';

export const hostWake = defineAction({
  input: z.object({ targets: TargetsInput, detach: FlagInput }),
  run: async (context, { targets, detach }) => {
    const { texts } = context.output;
    const { waking, alreadyOn } = await withServer(context, (client) =>
      client.call('host.wake', { targets }),
    );
    const on = alreadyOn.length === 0 ? [] : [texts.status.alreadyOn(alreadyOn.join(', '))];
    if (detach)
      return done([...on, ...waking.map((wake) => wakeLine(texts, wake))], { waking, alreadyOn });
    if (!context.output.quiet && !context.output.json) context.output.print(on);
    return waitFor(context, waking, alreadyOn);
  },
});

/** Waits until nothing of it is under way any more. */
async function waitFor(
  context: Context,
  waking: readonly Wake[],
  alreadyOn: readonly string[],
): Promise<Outcome> {
  const { texts } = context.output;
  const leaving = new AbortController();
  const forget = context.onInterrupt(() => leaving.abort());
  const wanted = new Map<HostId, Wake>(waking.map((wake) => [wake.hostId, wake]));
  let now: readonly Wake[] = waking;
  const seen = await watchStatus({
    connect: context.connect,
    signal: leaving.signal,
    reconnection: RECONNECTION,
    onStatus: ({ wakes }) => {
      now = wakes.filter(({ hostId }) => wanted.has(hostId));
      return Promise.resolve(now.every(({ state }) => state !== 'waking'));
    },
    onLost: (end) => context.output.printError([connectionLost(texts, end)]),
    onBack: () => context.output.printError([texts.tasks.connectedAgain]),
  }).finally(forget);
  const left = new Set(now.map(({ hostId }) => hostId));
  const came = waking.filter(({ hostId }) => !left.has(hostId)).map(({ hostName }) => hostName);
  const missing = now.filter(({ state }) => state === 'missing');
  return {
    text: [
      ...(came.length === 0 ? [] : [texts.status.on(came.join(', '))]),
      ...now.map((wake) => wakeLine(texts, wake)),
    ],
    json: { came, alreadyOn, wakes: now },
    exitStatus:
      seen === 'interrupted'
        ? INTERRUPTED_STATUS
        : missing.length > 0
          ? ERROR_TREATMENT['timed-out'].exitStatus
          : 0,
  };
}
