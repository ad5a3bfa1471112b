/** The check of the operators: who may give orders. */

import { message } from '../../../lib/model/messages/table.ts';
import type { Check } from '../check.ts';
import { ok, skipped, warning, type Finding } from '../finding.ts';

const GROUP = 'openclone';

export const operators: Check = {
  name: 'operators',
  title: message('check.operators'),
  rootBecause: null,
  needs: { unit: 'openclone.service' },
  perform: async ({ connect, run }) => {
    const { stdout } = await run('getent', ['group', GROUP], { allowedStatuses: [0, 2] });
    const client = await connect().catch(() => null);
    if (client === null) {
      return [
        judgeGroup(stdout),
        skipped(message('about.accounts'), message('operators.no-daemon')),
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
  const about = message('about.group', { group: GROUP });
  if (line.trim() === '') {
    return warning(about, message('operators.no-group'), message('remedy.install-group'));
  }
  const members = (line.trim().split(':')[3] ?? '').split(',').filter((name) => name !== '');
  return ok(
    about,
    members.length === 0
      ? message('operators.root-alone')
      : message('operators.members', { names: members.join(', ') }),
  );
}

export function judgeAccounts(names: readonly string[]): Finding {
  const about = message('about.accounts');
  if (names.length > 0)
    return ok(about, message('operators.accounts', { names: names.join(', ') }));
  return warning(about, message('operators.no-account'), 'openclone operator add NAME');
}
