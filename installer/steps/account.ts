/** The daemon's user, and the group whose members are operators (useradd(8)). */

import { makeGroup, makeUser } from '../changes/account.ts';
import { accountId } from '../facts/accounts.ts';
import type { System } from '../machine/system.ts';
import type { InstallStep } from '../step.ts';
import { ACCOUNT, STORE_DIRECTORY } from '../machine/names.ts';

export const account: InstallStep = {
  name: 'account',
  title: 'adding the user and group openclone',
  describe: () => [
    `system user ${ACCOUNT}: the server runs as it`,
    `system group ${ACCOUNT}: its members may work with \`openclone\` (sudo usermod -aG ${ACCOUNT} NAME)`,
  ],
  check: async ({ system }) =>
    (await hasEntry(system, '/etc/group')) && (await hasEntry(system, '/etc/passwd')),
  apply: async ({ system, journal }) => {
    if (!(await hasEntry(system, '/etc/group'))) {
      await makeGroup({ system, journal }, ACCOUNT);
    }
    if (await hasEntry(system, '/etc/passwd')) return;
    await makeUser(
      { system, journal },
      { name: ACCOUNT, home: STORE_DIRECTORY, comment: 'OpenClone server' },
    );
  },
};

async function hasEntry(system: System, file: string): Promise<boolean> {
  return (await accountId(system, file, ACCOUNT)) !== null;
}
