/** The daemon answers operators, is of this version, and has no complaints. */

import { stat } from 'node:fs/promises';
import { PROGRAM_VERSION } from '../../../lib/protocol/version.ts';
import type { Check } from '../check.ts';
import { failure, ok, warning, type Finding } from '../finding.ts';
import { render } from '../../../lib/messages/render.ts';

export const server: Check = {
  name: 'server',
  title: 'the daemon',
  rootBecause: null,
  needs: { unit: 'openclone.service' },
  examine: async ({ build, connect, socketPath }) => {
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
          .map(({ what, hint }) => failure('', render('en', what), render('en', hint))),
        ...(await socketFindings(socketPath)),
      ];
    } finally {
      client.close();
    }
  },
};

export function judgeVersion(running: string): Finding {
  if (running === PROGRAM_VERSION) return ok('', `OpenClone ${running} answers`);
  const found = `OpenClone ${running} runs, ${PROGRAM_VERSION} is installed`;
  return warning('', found, 'When no host is working: systemctl restart openclone.service');
}

/** Who can open the socket may do everything: nobody but root and the group. */
async function socketFindings(socketPath: string): Promise<Finding[]> {
  const mode = await stat(socketPath).then(
    (found) => found.mode,
    () => null,
  );
  if (mode === null || (mode & 0o007) === 0) return [];
  const found = `everybody on this machine may give orders: its mode is ${(mode & 0o777).toString(8)}`;
  return [failure(socketPath, found, `chmod 660 ${socketPath}`)];
}
