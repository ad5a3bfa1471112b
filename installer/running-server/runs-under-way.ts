/** How many hosts the running server works on, as the installed command tells. */

import { connect } from 'node:net';
import { z } from 'zod';
import { OperatorError } from '../../lib/errors.ts';
import { askServer } from './ask-server.ts';
import type { System } from '../machine/system.ts';

/** Of whatever version the running server is. */
const Status = z.object({
  tasks: z.array(z.object({ runs: z.array(z.object({ state: z.string() })) })),
});

/**
 * 0 when no server listens: nothing can be disturbed then. Throws `not-allowed` when one does that does not say, for
 * whatever reason: disks may be written meanwhile.
 */
export async function runsUnderWay(system: System): Promise<number> {
  try {
    if (!(await isListening(system.operatorSocket))) return 0;
    return countRuns(await askServer(system, ['status']));
  } catch (cause) {
    throw new OperatorError({
      code: 'not-allowed',
      message: 'asking the running server how many hosts are being worked on: it does not say',
      hint: 'See `openclone status` and journalctl --unit openclone. When you know that no host is being worked on, stop the server (systemctl stop openclone), or give --force.',
      cause,
    });
  }
}

/** From what `openclone status --json` prints. */
export function countRuns(text: string): number {
  return Status.parse(JSON.parse(text)).tasks.flatMap(({ runs }) =>
    runs.filter(({ state }) => state === 'running'),
  ).length;
}

/** Whether somebody accepts connections there; a daemon that was killed leaves its socket's file. */
async function isListening(socketPath: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect(socketPath);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', (error) => {
      const code = 'code' in error ? error.code : undefined;
      if (code === 'ENOENT' || code === 'ECONNREFUSED') resolve(false);
      else reject(error);
    });
  });
}
