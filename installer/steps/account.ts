/** The daemon's user, and the group whose members are operators (useradd(8)). */

import { readFile } from 'node:fs/promises';
import { realPath, type System } from '../system.ts';
import type { InstallStep } from '../step.ts';
import { ACCOUNT, STORE_DIRECTORY } from '../names.ts';

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
      await journal.note({ type: 'group', name: ACCOUNT });
      await system.run('groupadd', ['--system', ACCOUNT]);
    }
    if (await hasEntry(system, '/etc/passwd')) return;
    await journal.note({ type: 'user', name: ACCOUNT });
    await system.run('useradd', [
      ...['--system', '--gid', ACCOUNT, '--home-dir', STORE_DIRECTORY, '--no-create-home'],
      ...['--shell', '/usr/sbin/nologin', '--comment', 'OpenClone server', ACCOUNT],
    ]);
  },
};

async function hasEntry(system: System, file: string): Promise<boolean> {
  return (await accountId(system, file, ACCOUNT)) !== null;
}

/** The number of a user (/etc/passwd) or group (/etc/group), null when there is none. */
export async function accountId(
  system: System,
  file: string,
  name: string,
): Promise<number | null> {
  const lines = (await readFile(realPath(system, file), 'utf8')).split('\n');
  const id = lines.map((line) => line.split(':')).find(([each]) => each === name)?.[2];
  return id === undefined ? null : Number(id);
}
