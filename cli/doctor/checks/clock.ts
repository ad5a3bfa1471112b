/** The clock is right, or at least kept right. */

import { OperatorError } from '../../../lib/errors.ts';
import { message } from '../../../lib/model/messages/table.ts';
import type { Check } from '../check.ts';
import { failure, ok, skipped, warning, type Finding } from '../finding.ts';

export const clock: Check = {
  name: 'clock',
  title: message('check.clock'),
  rootBecause: null,
  perform: async ({ build, run }) => {
    const now = new Date();
    const sane = judgeTime(now, build === null ? null : new Date(build.builtAt));
    if (sane !== null) return [sane];
    try {
      const { stdout } = await run('timedatectl', ['show', '--property=NTP,NTPSynchronized']);
      return [judgeSynchronisation(stdout, now)];
    } catch (error) {
      if (!(error instanceof OperatorError)) throw error;
      return [skipped('', message('clock.not-asked'), message('remedy.see-clock'))];
    }
  },
};

/** The hosts take their time from here: null when nothing speaks against it. */
export function judgeTime(now: Date, builtAt: Date | null): Finding | null {
  const time = now.toISOString();
  const remedy = message('remedy.set-clock');
  if (now.getUTCFullYear() < 2026) return failure('', message('clock.long-ago', { time }), remedy);
  if (builtAt === null || now >= builtAt) return null;
  return failure('', message('clock.before-build', { time }), remedy);
}

/** Judges what `timedatectl show` printed. */
export function judgeSynchronisation(text: string, now: Date): Finding {
  const time = now.toISOString();
  if (/^NTPSynchronized=yes$/m.test(text)) {
    return ok('', message('clock.synchronised', { time }));
  }
  const found = /^NTP=yes$/m.test(text)
    ? message('clock.not-yet-synchronised', { time })
    : message('clock.not-synchronised', { time });
  return warning('', found, message('remedy.synchronise'));
}
