/** The server as a service, started, and answering. */

import { setTimeout as delay } from 'node:timers/promises';
import { connectOperator } from '../../lib/client/operator-client.ts';
import { OperatorError } from '../../lib/errors.ts';
import { SITE_FILE } from '../../lib/model/site-file.ts';
import { isUnitActive, lastLinesOf } from '../tools/systemctl.ts';
import type { System } from '../machine/system.ts';
import { runUnit, unitRuns } from './managed-unit.ts';
import type { InstallStep } from '../step.ts';
import { CURRENT, DAEMON_UNIT, UNIT_DIRECTORY } from '../machine/names.ts';

/** A slow machine makes its certificate and reads its store meanwhile. */
const PATIENCE_MS = 60_000;
const POLL_MS = 250;

/** What it reads at its start. */
export const DAEMON_READS = [SITE_FILE, CURRENT, `${UNIT_DIRECTORY}/${DAEMON_UNIT}`];

export const daemon: InstallStep = {
  name: 'daemon',
  title: 'starting the server',
  service: DAEMON_UNIT,
  describe: () => [`service ${DAEMON_UNIT}: enabled and started`],
  check: ({ system, journal }) => unitRuns({ system, journal }, DAEMON_UNIT, DAEMON_READS),
  apply: async ({ system, journal }) => {
    await runUnit({ system, journal }, DAEMON_UNIT, DAEMON_READS);
    await waitUntilItAnswers(system);
  },
};

async function waitUntilItAnswers(system: System): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      const client = await connectOperator({
        socketPath: system.operatorSocket,
        operator: 'installer',
      });
      await client.call('status.get', {}).finally(() => client.close());
      return;
    } catch (cause) {
      // A restarted daemon needs a moment until it is "active" again, so only time decides.
      if (Date.now() < deadline && (await isComing(system))) {
        await delay(POLL_MS);
        continue;
      }
      throw new OperatorError({
        code: 'connection-failed',
        message: 'waiting for the server to answer',
        hint: `See: journalctl --unit ${DAEMON_UNIT}`,
        cause: new Error(await lastLinesOf(system.run, DAEMON_UNIT), { cause }),
      });
    }
  }
}

async function isComing({ run }: System): Promise<boolean> {
  if (await isUnitActive(run, DAEMON_UNIT)) return true;
  const { stdout } = await run('systemctl', ['show', '--property=ActiveState', DAEMON_UNIT]);
  return stdout.trim() === 'ActiveState=activating';
}
