/** The daemon answers operators, is of this version, and has no complaints. */

import { stat } from 'node:fs/promises';
import { PROGRAM_VERSION } from '../../../lib/protocol/version.ts';
import { message } from '../../../lib/model/messages/table.ts';
import type { Check } from '../check.ts';
import { failure, ok, warning, type Finding } from '../finding.ts';

export const server: Check = {
  name: 'server',
  title: message('check.server'),
  rootBecause: null,
  needs: { unit: 'openclone.service' },
  perform: async ({ build, connect, socketPath }) => {
    const client = await connect();
    try {
      const { problems } = await client.call('status.get', {});
      return [
        judgeVersion(client.server.programVersion),
        ...problems
          // That there is no build is what the check rootfs says.
          .filter(({ what }) => build !== null || what.id !== 'server.no-build')
          // How much room there is, is what the check space says.
          .filter(({ what }) => what.id !== 'server.low-space')
          .map(({ what, hint }) => failure('', what, hint)),
        ...(await socketFindings(socketPath)),
      ];
    } finally {
      client.close();
    }
  },
};

export function judgeVersion(running: string): Finding {
  if (running === PROGRAM_VERSION) return ok('', message('daemon.answers', { version: running }));
  const found = message('daemon.other-version', { running, installed: PROGRAM_VERSION });
  return warning('', found, message('remedy.restart-when-idle'));
}

/** Who can open the socket may do everything: nobody but root and the group. */
async function socketFindings(socketPath: string): Promise<Finding[]> {
  const mode = await stat(socketPath).then(
    (found) => found.mode,
    () => null,
  );
  if (mode === null || (mode & 0o007) === 0) return [];
  const found = message('daemon.open-socket', { mode: (mode & 0o777).toString(8) });
  return [failure(socketPath, found, `chmod 660 ${socketPath}`)];
}
