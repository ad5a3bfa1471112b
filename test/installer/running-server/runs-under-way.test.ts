import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { describe, test } from 'node:test';
import { runsUnderWay } from '../../../installer/running-server/runs-under-way.ts';
import { uninstall } from '../../../installer/uninstall.ts';
import { writeRecord } from '../../../installer/changes/record.ts';
import { OperatorError } from '../../../lib/errors.ts';
import { run } from '../../../lib/exec/run.ts';
import type { System } from '../../../installer/machine/system.ts';
import { withMachine, type Call } from '../samples.ts';

const BUSY = JSON.stringify({
  tasks: [{ runs: [{ state: 'running' }, { state: 'waiting' }, { state: 'running' }] }],
});

/** Somebody listens at the machine's socket while `use` goes on. */
async function withListener(system: System, use: () => Promise<void>): Promise<void> {
  const server = createServer((socket) => socket.on('error', () => undefined));
  await new Promise<void>((resolve) => server.listen(system.operatorSocket, resolve));
  try {
    await use();
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

function silent(): string {
  throw new OperatorError({
    code: 'tool-failed',
    message: 'running openclone (ended by SIGKILL)',
    hint: '-',
  });
}

const REFUSED = { code: 'not-allowed', hint: /--force/ } as const;

describe('hosts that are being worked on', () => {
  test('hosts that are being worked on are none where no server listens', async () => {
    await withMachine(async (system, calls) => {
      assert.equal(await runsUnderWay(system), 0);
      assert.deepEqual(calls, []);
    }, silent);
  });

  test('hosts that are being worked on are none where a killed server has left its socket', async () => {
    await withMachine(async (system) => {
      const leave = `const server = require('node:net').createServer().listen(process.argv[1], () => process.kill(process.pid, 'SIGKILL'))`;
      await assert.rejects(run(process.execPath, ['-e', leave, system.operatorSocket]));
      assert.equal(await runsUnderWay(system), 0);
    }, silent);
  });

  test('hosts that are being worked on are counted by the server that listens', async () => {
    await withMachine(
      async (system) => {
        await withListener(system, async () => assert.equal(await runsUnderWay(system), 2));
      },
      () => BUSY,
    );
  });

  for (const [what, answer] of [
    ['hangs or refuses', silent],
    ['says something else', () => '{"version":99}'],
    ['says no JSON', () => 'hello'],
  ] as const) {
    test(`hosts that are being worked on are not none when the server ${what}`, async () => {
      await withMachine(async (system) => {
        await withListener(system, () => assert.rejects(runsUnderWay(system), REFUSED));
      }, answer);
    });
  }

  test('hosts that are being worked on: unknown keep OpenClone from being removed, unless by force', async () => {
    const answer = ([tool]: Call): string => (tool.endsWith('openclone') ? silent() : '');
    await withMachine(async (system) => {
      await writeRecord(system, {
        programVersion: '9.9.9',
        changes: [{ type: 'directory', path: '/opt/nothing', tree: false, data: null }],
      });
      const options = {
        system,
        prompter: null,
        purgeData: false,
        removePackages: false,
        dryRun: false,
        print: () => undefined,
      };
      await withListener(system, async () => {
        await assert.rejects(uninstall({ ...options, force: false }), REFUSED);
        assert.equal(await uninstall({ ...options, force: true }), 0);
      });
    }, answer);
  });
});
