/** The clock is right, or at least kept right. */

import { OperatorError } from '../../../lib/errors.ts';
import type { Check } from '../check.ts';
import { failure, ok, skipped, warning, type Finding } from '../finding.ts';

export const clock: Check = {
  name: 'clock',
  title: 'the clock',
  rootBecause: null,
  examine: async ({ build, run }) => {
    const now = new Date();
    const sane = judgeTime(now, build === null ? null : new Date(build.builtAt));
    if (sane !== null) return [sane];
    try {
      const { stdout } = await run('timedatectl', ['show', '--property=NTP,NTPSynchronized']);
      return [judgeSynchronisation(stdout, now)];
    } catch (error) {
      if (!(error instanceof OperatorError)) throw error;
      const found = 'systemd cannot be asked whether the clock is synchronised';
      return [skipped('', found, 'See for yourself: date; chronyc tracking')];
    }
  },
};

/** The hosts take their time from here: null when nothing speaks against it. */
export function judgeTime(now: Date, builtAt: Date | null): Finding | null {
  const found = `it is ${now.toISOString()}`;
  const remedy = 'Set it: timedatectl set-time "YYYY-MM-DD HH:MM:SS", or timedatectl set-ntp true';
  if (now.getUTCFullYear() < 2026) return failure('', `${found}, which is long ago`, remedy);
  if (builtAt === null || now >= builtAt) return null;
  return failure('', `${found}, before the root file system was built`, remedy);
}

/** Judges what `timedatectl show` printed. */
export function judgeSynchronisation(text: string, now: Date): Finding {
  const time = now.toISOString();
  if (/^NTPSynchronized=yes$/m.test(text)) return ok('', `${time}, synchronised`);
  const service = /^NTP=yes$/m.test(text) ? 'not yet synchronised' : 'not synchronised by anything';
  const remedy =
    'timedatectl set-ntp true, and let it reach a time server; hosts take their time from here.';
  return warning('', `${time}, ${service}`, remedy);
}
