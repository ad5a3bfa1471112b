import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { Engine, type EngineOptions } from '../../engine/engine.ts';
import type { Activity } from '../../engine/console/state.ts';
import { run } from '../../lib/exec/run.ts';
import { EngineInstanceId, RunId, RunToken } from '../../lib/model/ids.ts';
import type { AssignedOperation } from '../../lib/model/operation.ts';
import type { ShutdownMode } from '../../lib/model/operations/shutdown.ts';
import type { Handlers } from '../../lib/protocol/contract.ts';
import {
  ENGINE_METHODS,
  type EngineMethods,
  type RunEvent,
} from '../../lib/protocol/engine-api.ts';
import { PROGRAM_VERSION } from '../../lib/protocol/version.ts';
import { imageOfTable } from './deploy-image.ts';
import {
  logonAnswer,
  makeCertificate,
  SILENT_LOG,
  STANDING,
  startEngineServer,
  type EngineServer,
} from './engine-server.ts';
import { makeScratchDisk, MIB, scratchDirectory, afterTest } from './scratch-disk.ts';
import { until } from '../support/wait.ts';

const RUN_ID = RunId.parse('run-0000000001');
const ASSIGNMENT = { runId: RUN_ID, token: RunToken.parse('a'.repeat(64)), operationIndex: 0 };
const EXIT: AssignedOperation = { ...ASSIGNMENT, type: 'shutdown', mode: 'exit' };

/** As a test starts it: no screen, and a clock that is not its own. */
const BY_HAND = {
  bootInterface: null,
  version: { programVersion: PROGRAM_VERSION, buildId: null },
  show: () => undefined,
  setClock: null,
};

/** An engine that sees only `disks`, and a server that gives it `operations` one after the other, then nothing. */
async function startEngine(
  t: TestContext,
  operations: AssignedOperation[],
  options: {
    disks?: readonly string[];
    handlers?: Partial<Handlers<EngineMethods>>;
    engine?: Partial<EngineOptions>;
  } = {},
): Promise<{ server: EngineServer; engine: Engine; working: Promise<ShutdownMode> }> {
  const certificate = await makeCertificate(t);
  const left = [...operations];
  const server = await startEngineServer(t, {
    certificate,
    handlers: {
      nextOperation: () => Promise.resolve(left.shift() ?? { type: 'idle' }),
      ...options.handlers,
    },
  });
  const engine = new Engine({
    serverHost: '127.0.0.1',
    serverPort: server.port,
    certificate: certificate.certificate,
    instanceId: EngineInstanceId.parse('engine-0000000001'),
    onlyDisks: options.disks ?? [],
    stateDirectory: join(await scratchDirectory(t), 'state'),
    ...BY_HAND,
    log: SILENT_LOG,
    ...options.engine,
  });
  const working = engine.work();
  afterTest(t, () => engine.stop('the test is over'));
  return { server, engine, working };
}

/** The events of all operations in order; their numbers have no gap. */
function eventsOf(server: EngineServer): RunEvent[] {
  let next = 1;
  return server.calls.flatMap(({ name, params }) => {
    if (name !== 'statusUpdate') return [];
    const { firstSequence, events } = ENGINE_METHODS.statusUpdate.params.parse(params);
    assert.equal(firstSequence, next);
    next += events.length;
    return events;
  });
}

test('An engine fetches work as soon as it is logged on, reports it, and logs off when it is told to end.', async (t) => {
  const { server, working } = await startEngine(t, [EXIT]);
  assert.equal(await working, 'exit');
  assert.deepEqual(
    eventsOf(server).map(({ type }) => type),
    ['plan', 'step-started', 'step-ended', 'operation-ended'],
  );
  assert.deepEqual(server.calls.at(-1), { name: 'logoff', params: { reason: 'exit' } });
});

test('An engine that is told to restart its host for another worker logs off, and the host is restarted.', async (t) => {
  const { server, working } = await startEngine(t, [{ type: 'restart', into: 'disk' }]);
  assert.equal(await working, 'reboot');
  assert.deepEqual(eventsOf(server), []);
  const [logon] = server.calls.filter(({ name }) => name === 'logon');
  assert.match(JSON.stringify(logon), /"worker":"engine"/);
  assert.deepEqual(server.calls.at(-1), {
    name: 'logoff',
    params: { reason: 'to start from disk' },
  });
});

test('The events of a run are numbered on through its operations, and the host is described again after each.', async (t) => {
  const disk = await makeScratchDisk(t, {
    sizeBytes: 24 * MIB,
    script: 'label: gpt\nsize=10M, type=linux\n',
  });
  const image = await imageOfTable(disk.address);
  const blank = await makeScratchDisk(t, { sizeBytes: 24 * MIB, script: '' });
  const { server, working } = await startEngine(
    t,
    [
      {
        ...ASSIGNMENT,
        type: 'partition',
        disk: { type: 'address', value: blank.address },
        image,
      },
      { ...EXIT, operationIndex: 1 },
    ],
    { disks: [blank.address] },
  );
  assert.equal(await working, 'exit');
  const ends = eventsOf(server).filter((event) => event.type === 'operation-ended');
  assert.deepEqual(
    ends.map(({ operationIndex, outcome, diskOutcome }) => [operationIndex, outcome, diskOutcome]),
    [
      [0, 'completed', 'complete'],
      [1, 'completed', 'untouched'],
    ],
  );
  const logons = server.calls.filter(({ name }) => name === 'logon');
  assert.match(JSON.stringify(logons[0]), /"tableType":"none"/);
  assert.match(JSON.stringify(logons.at(-1)), /"tableType":"gpt"/);
});

test('Work that cannot even be planned is reported, with the disk untouched.', async (t) => {
  const { server } = await startEngine(t, [
    {
      ...ASSIGNMENT,
      type: 'capture',
      disk: { type: 'address', value: '/dev/sdz' },
      compression: 'zstd',
    },
  ]);
  await until('it is reported', () => eventsOf(server).length > 0);
  const [end] = eventsOf(server);
  assert.ok(end?.type === 'operation-ended');
  assert.deepEqual(
    [end.outcome, end.diskOutcome, end.error?.code],
    ['failed', 'untouched', 'disk-not-found'],
  );
});

test('An idle engine starts when the server says that there is work, without asking all the time.', async (t) => {
  const work: AssignedOperation[] = [];
  const { server, working } = await startEngine(t, [], {
    handlers: { nextOperation: () => Promise.resolve(work.shift() ?? { type: 'idle' }) },
  });
  const asked = (): number => server.calls.filter(({ name }) => name === 'nextOperation').length;
  await until('it has asked', () => asked() > 0);
  work.push(EXIT);
  for (const peer of server.peers) peer.notify('workAvailable', {});
  assert.equal(await working, 'exit');
  // At its start, when it was logged on, and now.
  assert.ok(asked() <= 3);
});

test('An order to stop that overtakes its operation still stops it.', async (t) => {
  let give = (): void => undefined;
  const given = new Promise<void>((resolve) => (give = resolve));
  const { server } = await startEngine(t, [], {
    handlers: {
      nextOperation: async () => {
        await given;
        return server.calls.some(({ name }) => name === 'statusUpdate') ? { type: 'idle' } : EXIT;
      },
    },
  });
  await until('it asks', () => server.calls.some(({ name }) => name === 'nextOperation'));
  for (const peer of server.peers) {
    peer.notify('cancel', { runId: RUN_ID, outcome: 'aborted', reason: 'alice cancelled it' });
  }
  give();
  await until('it is reported', () => eventsOf(server).length > 0);
  const end = eventsOf(server).at(-1);
  assert.ok(end?.type === 'operation-ended');
  assert.deepEqual([end.outcome, end.error?.code], ['aborted', 'cancelled']);
});

test('A clock that was never set takes the time of the server over, and a nearly right one does not.', async (t) => {
  for (const [offMs, times] of [
    [-26 * 365 * 86_400_000, 1],
    [30_000, 0],
  ] as const) {
    const serverTime = new Date(Date.now() + offMs).toISOString();
    const set: number[] = [];
    const { working } = await startEngine(t, [EXIT], {
      handlers: { logon: () => Promise.resolve(logonAnswer({ serverTime })) },
      engine: { setClock: (epochMs) => Promise.resolve(void set.push(epochMs)) },
    });
    assert.equal(await working, 'exit');
    assert.deepEqual(set, Array(times).fill(Date.parse(serverTime)));
  }
});

test('A clock that cannot be set does not keep the engine from its work.', async (t) => {
  const { working } = await startEngine(t, [EXIT], {
    handlers: {
      logon: () => Promise.resolve(logonAnswer({ serverTime: '2000-01-01T00:00:00.000Z' })),
    },
    engine: { setClock: () => Promise.reject(new Error('Operation not permitted')) },
  });
  assert.equal(await working, 'exit');
});

test('A host that is taken in asks for work at once.', async (t) => {
  const work: AssignedOperation[] = [];
  const { server, working } = await startEngine(t, [], {
    handlers: {
      nextOperation: () => Promise.resolve(work.shift() ?? { type: 'idle' }),
      logon: () => Promise.resolve(logonAnswer({ standing: { ...STANDING, approval: 'pending' } })),
    },
  });
  await until('it has asked', () => server.calls.some(({ name }) => name === 'nextOperation'));
  work.push(EXIT);
  for (const peer of server.peers) peer.notify('hostChanged', STANDING);
  assert.equal(await working, 'exit');
});

test('The log of a run says what was planned, what failed and why, and not its token.', async (t) => {
  const shown: Activity['type'][] = [];
  const { server } = await startEngine(
    t,
    [{ ...ASSIGNMENT, type: 'capture', disk: { type: 'only' }, compression: 'zstd' }],
    { engine: { show: ({ activity }) => activity !== undefined && shown.push(activity.type) } },
  );
  const log = (): string =>
    server.calls
      .filter(({ name }) => name === 'statusUpdate')
      .flatMap(({ params }) => ENGINE_METHODS.statusUpdate.params.parse(params).log)
      .map(({ level, text }) => `${level} ${text}`)
      .join('\n');
  await until('its end is there', () => log().includes('operation 1 failed'));
  assert.match(log(), /^info operation 1: making an image of the disk of this host/);
  assert.match(
    log(),
    /error operation 1 failed, disk untouched\nerror {3}disk-not-found: .+\n.*hint: /,
  );
  assert.ok(!log().includes(ASSIGNMENT.token));
  await until('it is on the screen', () => shown.includes('failed'));
  assert.deepEqual(shown.slice(0, 3), ['idle', 'working', 'failed']);
});

test('A second engine with the same state directory is refused.', async (t) => {
  const certificate = await makeCertificate(t);
  const server = await startEngineServer(t, { certificate });
  const stateDirectory = join(await scratchDirectory(t), 'state');
  await mkdir(stateDirectory);
  const make = (): Engine =>
    new Engine({
      serverHost: '127.0.0.1',
      serverPort: server.port,
      certificate: certificate.certificate,
      instanceId: EngineInstanceId.parse('engine-0000000001'),
      onlyDisks: [],
      stateDirectory,
      ...BY_HAND,
      log: SILENT_LOG,
    });
  const holder = spawn('flock', [stateDirectory, 'sh', '-c', 'echo held; exec cat'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await once(holder.stdout, 'data');
  await assert.rejects(make().work(), { code: 'not-allowed', message: new RegExp(stateDirectory) });
  const ended = once(holder, 'exit');
  holder.stdin.end();
  await ended;
});

const PROGRAM = join(import.meta.dirname, '../../engine/main.ts');

test('The program ends with 0 when it is told to by a signal, and with 2 and a usage for wrong arguments.', async (t) => {
  const certificate = await makeCertificate(t);
  const server = await startEngineServer(t, { certificate });
  const child = spawn(
    process.execPath,
    [
      PROGRAM,
      '--server',
      `127.0.0.1:${server.port}`,
      '--certificate',
      certificate.path,
      '--state',
      await scratchDirectory(t),
      '--only-disk',
      '/dev/nonexistent',
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const ended = once(child, 'exit');
  afterTest(t, () => {
    child.kill('SIGKILL');
    return ended;
  });
  await until('it asks for work', () => server.calls.some(({ name }) => name === 'nextOperation'));
  child.kill('SIGTERM');
  assert.deepEqual(await ended, [0, null]);

  for (const args of [[], ['--server', 'x:99999999', '--certificate', certificate.path]]) {
    const { stderr } = await run(process.execPath, [PROGRAM, ...args], { allowedStatuses: [2] });
    assert.match(stderr, /--server/);
  }
});

test('A certificate that cannot be read ends the program with 1, and says so.', async () => {
  const args = ['--server', '127.0.0.1', '--certificate', '/nonexistent.crt'];
  const { stderr } = await run(process.execPath, [PROGRAM, ...args], { allowedStatuses: [1] });
  assert.match(stderr, /openclone-engine: .*nonexistent\.crt/);
});
