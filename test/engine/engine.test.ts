import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { Engine } from '../../engine/engine.ts';
import { run } from '../../lib/exec/run.ts';
import { EngineInstanceId, RunId, RunToken } from '../../lib/model/ids.ts';
import type { AssignedOperation, ShutdownMode } from '../../lib/model/operation.ts';
import type { Handlers } from '../../lib/protocol/contract.ts';
import {
  ENGINE_METHODS,
  type EngineMethods,
  type RunEvent,
} from '../../lib/protocol/engine-api.ts';
import { imageOfTable } from './deploy-image.ts';
import {
  makeCertificate,
  SILENT_LOG,
  startEngineServer,
  until,
  type EngineServer,
} from './engine-server.ts';
import { makeScratchDisk, MIB, scratchDirectory, afterTest } from './scratch-disk.ts';

const RUN_ID = RunId.parse('run-0000000001');
const ASSIGNMENT = { runId: RUN_ID, token: RunToken.parse('a'.repeat(64)), operationIndex: 0 };
const EXIT: AssignedOperation = { ...ASSIGNMENT, type: 'shutdown', mode: 'exit' };

/** An engine that sees only `disks`, and a server that gives it `operations` one after the other, then nothing. */
async function startEngine(
  t: TestContext,
  operations: AssignedOperation[],
  options: { disks?: readonly string[]; handlers?: Partial<Handlers<EngineMethods>> } = {},
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
    log: SILENT_LOG,
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

test('The events of a run are numbered on through its operations, and the host is described anew after each.', async (t) => {
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
      ...['--server', `127.0.0.1:${server.port}`, '--certificate', certificate.path],
      ...['--state', await scratchDirectory(t), '--only-disk', '/dev/nonexistent'],
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
