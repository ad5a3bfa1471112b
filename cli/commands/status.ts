/** openclone status */

import { z } from 'zod';
import { done, withServer, type Context } from '../command.ts';
import { defineAction } from '../define-action.ts';
import { Block } from '../display.ts';
import { FlagInput } from '../input.ts';
import { connectionLost } from '../print/connection-lost.ts';
import { statusLines } from '../print/status.ts';
import type { Status } from '../../lib/model/status.ts';
import { RECONNECTION, watchStatus } from '../watch.ts';
import { withTexts } from '../print/json-messages.ts';

export const status = defineAction({
  input: z.object({ watch: FlagInput }),
  run: async (context, { watch }) => {
    if (watch) return watchUntilInterrupted(context);
    return withServer(context, async (client) => {
      const now = await client.call('status.get', {});
      return done(linesOf(context, now), now);
    });
  },
});

async function watchUntilInterrupted(
  context: Context,
): Promise<{ text: string[]; exitStatus: number }> {
  const { output } = context;
  const show = showing(context);
  const leaving = new AbortController();
  const forget = context.onInterrupt(() => leaving.abort());
  try {
    await watchStatus({
      connect: context.connect,
      signal: leaving.signal,
      reconnection: RECONNECTION,
      onStatus: (now) => {
        show(now);
        return Promise.resolve(false);
      },
      onLost: (end) => output.printError([connectionLost(output.texts, end)]),
      onBack: () => output.printError([output.texts.tasks.connectedAgain]),
    });
  } finally {
    forget();
  }
  return { text: [], exitStatus: 0 };
}

function showing(context: Context): (now: Status) => void {
  const { output } = context;
  if (output.json) return (now) => output.print([JSON.stringify(withTexts(now))]);
  if (!output.live) return (now) => output.print([...linesOf(context, now), '']);
  const block = new Block(output);
  return (now) => block.draw(linesOf(context, now));
}

function linesOf({ output }: Context, now: Status): string[] {
  return statusLines(output.texts, now, output.size(), output.unicode);
}
