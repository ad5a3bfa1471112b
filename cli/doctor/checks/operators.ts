/** The check of the operators: who may give orders. */

import type { Check } from '../check.ts';
import { ok, skipped, warning, type Finding } from '../finding.ts';

const GROUP = 'openclone';

export const operators: Check = {
  name: 'operators',
  title: 'operators',
  rootBecause: null,
  needs: { unit: 'openclone.service' },
  examine: async ({ connect, run }) => {
    const { stdout } = await run('getent', ['group', GROUP], { allowedStatuses: [0, 2] });
    const client = await connect().catch(() => null);
    if (client === null) {
      return [
        judgeGroup(stdout),
        skipped('accounts', 'the daemon does not answer: see the check server'),
      ];
    }
    try {
      const accounts = await client.call('operator.list', {});
      return [judgeGroup(stdout), judgeAccounts(accounts.map(({ name }) => name))];
    } finally {
      client.close();
    }
  },
};

/** Judges the line of group(5), empty when there is no such group. */
export function judgeGroup(line: string): Finding {
  const about = `group ${GROUP}`;
  if (line.trim() === '') {
    const remedy = 'Run `sudo ./install.sh` again: it makes the group.';
    return warning(about, 'there is no such group: only root can give orders', remedy);
  }
  const members = (line.trim().split(':')[3] ?? '').split(',').filter((name) => name !== '');
  const found =
    members.length === 0
      ? 'nobody but root gives orders without a password'
      : `give orders on this machine without a password: ${members.join(', ')}`;
  return ok(about, found);
}

export function judgeAccounts(names: readonly string[]): Finding {
  if (names.length > 0) return ok('accounts', names.join(', '));
  const found = 'there is none: nobody can sign in at a host or from elsewhere';
  return warning('accounts', found, 'openclone operator add NAME');
}
