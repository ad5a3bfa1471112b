/**
 * What goes wrong in rooms, done to real servers and engines: each fault must end in a defined state, reach the
 * operator with what was being done, on what and why, and never leave a disk that boots half an image.
 */

import assert from 'node:assert/strict';
import {
  closeSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { OperatorError } from '../../lib/errors.ts';
import type { ErrorReport } from '../../lib/model/error-report.ts';
import type { TaskId } from '../../lib/model/ids.ts';
import type { Run, Task } from '../../lib/model/task.ts';
import { shapeLink } from './network.ts';
import { openRoom, type BlankDisk, type Room } from './room.ts';
import { makeSmallDisk, SMALL_DISK_BYTES } from './small-disk.ts';
import { hashFile } from './tree.ts';
import { compareDisks, describeDisk, formatDifference, type DiskFacts } from './verify.ts';
import { isDoing, Watch } from './watch.ts';
import { captureTask, deployTask, partitionTask } from '../support/task-requests.ts';
import { english } from '../support/messages.ts';

const SOURCE = 1;
const TARGETS = [2, 3, 4] as const;
const SLOW = '60mbit';
const SERVER = ['--heartbeat', '500', '--grace', '1500', '--retries-until-drop', '20'];

describe('faults', { concurrency: false }, () => {
  let room: Room;
  let watch: Watch;
  let source: { file: string; device: string };
  let sourceHash: string;
  let sourceFacts: DiskFacts;
  const disks = new Map<number, BlankDisk>();

  const diskOf = (host: number): BlankDisk => {
    const disk = disks.get(host);
    assert.ok(disk, `host ${host} has a disk`);
    return disk;
  };

  before(async () => {
    room = await openRoom({ hosts: 4 });
    const file = join(room.directory, 'source.img');
    await makeSmallDisk(room.run, file, join(room.directory, 'mnt'));
    source = { file, device: await room.attachDisk(file) };
    sourceHash = hashFile(file);
    sourceFacts = await describe_(source);
    await room.startServer(SERVER);
    await room.startEngine(SOURCE, [source.device]);
    await room.nameHost(SOURCE, 'golden');
    for (const host of TARGETS) {
      disks.set(host, await room.newBlankDisk(SMALL_DISK_BYTES));
      await startTarget(host);
      await room.nameHost(host, `ws-${host}`);
    }
    watch = await Watch.open(room.socketPath);
    await captured('golden');
  });

  // Closing the room ends the watch's connection too, whatever became of the tests.
  after(() => room.close());

  async function describe_(disk: { file: string; device: string }): Promise<DiskFacts> {
    const directory = join(room.directory, 'verify');
    await mkdir(directory, { recursive: true });
    return describeDisk(room.run, { ...disk, directory });
  }

  async function startTarget(host: number): Promise<void> {
    await room.startEngine(host, [diskOf(host).device]);
  }

  async function capture(imageName: string): Promise<TaskId> {
    const task = await watch.client.call(
      'task.create',
      captureTask({
        host: 'golden',
        disk: { type: 'address', value: source.device },
        imageName,
        compression: 'zstd',
        afterwards: null,
      }),
    );
    return task.id;
  }

  async function captured(imageName: string): Promise<void> {
    const task = await watch.untilEnded(await capture(imageName));
    assert.deepEqual(statesOf(task), ['completed']);
  }

  async function deploy(
    hosts: readonly number[],
    options: {
      transport?: 'auto' | 'unicast' | 'multicast';
      image?: string;
      gatherMs?: number;
    } = {},
  ): Promise<TaskId> {
    const task = await watch.client.call(
      'task.create',
      deployTask({
        image: options.image ?? 'golden',
        targets: hosts.map((host) => `ws-${host}`),
        disk: { type: 'only' },
        transport: options.transport ?? 'auto',
        gatherMs: options.gatherMs ?? 60_000,
        afterwards: null,
      }),
    );
    return task.id;
  }

  async function assertVerified(host: number): Promise<void> {
    const differences = compareDisks(sourceFacts, await describe_(diskOf(host)));
    assert.deepEqual(differences.map(formatDifference), []);
  }

  function assertUnbootable(host: number): void {
    const { file } = diskOf(host);
    assert.ok(isZero(file, 0, 1024), 'MBR and GPT header are cleared');
    assert.ok(isZero(file, SMALL_DISK_BYTES - 512, 512), 'the backup GPT header is cleared');
  }

  test('faults: a deploy to three hosts is one transmission, and every disk equals the source', async () => {
    const before = await room.sentBytes();
    const task = await watch.untilEnded(await deploy(TARGETS));
    const errors = JSON.stringify(task.runs.map(({ error }) => error));
    assert.deepEqual(statesOf(task), ['completed', 'completed', 'completed'], errors);
    assert.deepEqual(
      task.runs.map((run) => run.diskOutcome),
      ['complete', 'complete', 'complete'],
    );
    const image = await watch.client.call('image.show', { image: 'golden' });
    const storedBytes = image.image.versions[0]?.storedBytes ?? 0;
    const sent = (await room.sentBytes()) - before;
    assert.ok(sent < 1.3 * storedBytes, `sent ${sent} bytes for an image of ${storedBytes}`);
    for (const host of TARGETS) await assertVerified(host);
    assert.equal(hashFile(source.file), sourceHash, 'the source disk is as it was');
  });

  test('faults: a host that loses its power in a session fails alone; it gets its image when it is back', async () => {
    await room.shape(SLOW);
    const id = await deploy(TARGETS);
    await watch.untilRun(id, 1, (run) => isDoing(run, 'write-p1'));
    await room.killEngine(TARGETS[1]);
    const task = await watch.untilEnded(id);
    await room.shape(null);
    assert.deepEqual(statesOf(task), ['completed', 'interrupted', 'completed']);
    const lost = task.runs[1];
    assert.equal(lost?.diskOutcome, 'unknown');
    assert.match(errorOf(lost).message, /write partition 1.*did not come back/);
    assertUnbootable(TARGETS[1]);
    await assertVerified(TARGETS[0]);
    await assertVerified(TARGETS[2]);
    await startTarget(TARGETS[1]);
    const again = await watch.untilRun(id, 1, ({ state }) => state === 'completed');
    assert.deepEqual([again.restarts, again.diskOutcome], [1, 'complete']);
    await assertVerified(TARGETS[1]);
  });

  test('faults: a host that stops answering in a session is dropped from it, and gets its image after all', async () => {
    await room.shape(SLOW);
    const id = await deploy(TARGETS);
    await watch.untilRun(id, 1, (run) => isDoing(run, 'write-p1'));
    const receivers = await room.processesOf(TARGETS[1], 'udp-receiver');
    assert.equal(receivers.length, 1);
    for (const pid of receivers) process.kill(pid, 'SIGSTOP');
    const { hosts } = await watch.client.call('inventory.watch', { intervalMs: 1000 });
    const stopped = hosts.find(({ name }) => name === `ws-${TARGETS[1]}`)?.id ?? assert.fail();
    // On a busy machine others can be silent for a moment, too: until it is this one alone.
    const waiting = await watch.until('a session that names the silent host', (status) => {
      const session = status.sessions.find(({ taskId }) => taskId === id);
      const silent = session?.members.filter(({ runId }) => session.silent?.runIds.includes(runId));
      if (session === undefined || silent?.length !== 1) return undefined;
      return silent[0]?.hostId === stopped ? { session, progress: status.progress } : undefined;
    });
    const { sentBytes, totalBytes } = waiting.session;
    for (const { total } of waiting.progress) assert.equal(total.fraction, sentBytes / totalBytes);
    await watch.untilRun(id, 1, (run) => run.droppedFrom !== null);
    await room.shape(null);
    const task = await watch.untilEnded(id);
    assert.deepEqual(statesOf(task), ['completed', 'completed', 'completed']);
    assert.deepEqual(
      task.runs.map((run) => run.missedSessions),
      [0, 1, 0],
    );
    const steps = task.runs[1]?.steps.filter((step) => step.id === 'write-p1') ?? [];
    assert.deepEqual(
      steps.map((step) => step.state),
      ['failed', 'completed'],
    );
    assert.match(steps[0]?.error?.message ?? '', /dropped from the session/);
    for (const host of TARGETS) await assertVerified(host);
  });

  test('faults: a cancelled deploy ends within two seconds and leaves a disk that does not boot', async () => {
    await room.shape(SLOW);
    const [host] = TARGETS;
    const id = await deploy([host]);
    await watch.untilRun(id, 0, (run) => isDoing(run, 'write-p1'));
    const cancelledAt = Date.now();
    await watch.client.call('task.cancel', { task: id, host: null });
    const task = await watch.untilEnded(id);
    await room.shape(null);
    assert.deepEqual(statesOf(task), ['aborted']);
    const [run] = task.runs;
    const endedAt = Date.parse(run?.endedAt ?? '');
    // A requirement of the task, not a measurement: two seconds are the promise to the operator.
    assert.ok(endedAt - cancelledAt < 2000, `it took ${endedAt - cancelledAt} ms`);
    assert.equal(run?.diskOutcome, 'cleared');
    assert.match(errorOf(run).message, /cancelled by test/);
    assertUnbootable(host);
  });

  test('faults: an image with a flipped byte makes no host report success, and none boots', async () => {
    await captured('flipped');
    const { directory, manifest } = await watch.client.call('image.show', { image: 'flipped' });
    const stream = manifest.partitions[0]?.content;
    assert.ok(stream?.type === 'stream');
    flipByte(join(directory, stream.stream.name), Math.floor(stream.stream.sizeBytes / 2));
    const [verification] = await watch.client.call('image.verify', {
      image: 'flipped',
      allVersions: false,
    });
    assert.deepEqual(
      verification?.problems.map(({ file }) => file),
      [stream.stream.name],
    );
    for (const transport of ['multicast', 'unicast'] as const) {
      const hosts = TARGETS.slice(0, 2);
      const task = await watch.untilEnded(await deploy(hosts, { image: 'flipped', transport }));
      assert.deepEqual(statesOf(task), ['failed', 'failed']);
      for (const run of task.runs) {
        assert.equal(run.diskOutcome, 'cleared');
        assert.match(errorOf(run).code, /hash-mismatch|disk-write-failed/);
      }
      hosts.forEach(assertUnbootable);
    }
  });

  test('faults: a disk that is too small is refused before the first byte', async () => {
    const [host] = TARGETS;
    const small = await room.newBlankDisk(64 * 1024 * 1024);
    await withDisk(host, small, async () => {
      const before = hashFile(small.file);
      const task = await watch.untilEnded(await deploy([host]));
      assert.deepEqual(statesOf(task), ['failed']);
      const error = errorOf(task.runs[0]);
      assert.equal(error.code, 'disk-too-small');
      assert.match(error.message, /67108864/);
      assert.equal(task.runs[0]?.diskOutcome, 'untouched');
      assert.equal(hashFile(small.file), before);
    });
  });

  test('faults: a disk that is mounted is refused with the name of what holds it', async () => {
    const [host] = TARGETS;
    await watch.untilEnded(await deploy([host]));
    const { device, file } = diskOf(host);
    const mountPoint = join(room.directory, 'held');
    await mkdir(mountPoint);
    await room.run('mount', ['-o', 'ro,noload', `${device}p1`, mountPoint]);
    const before = hashFile(file);
    try {
      const task = await watch.untilEnded(await deploy([host]));
      assert.deepEqual(statesOf(task), ['failed']);
      const error = errorOf(task.runs[0]);
      assert.equal(error.code, 'disk-busy');
      assert.ok(error.message.includes(mountPoint), error.message);
      assert.equal(task.runs[0]?.diskOutcome, 'untouched');
    } finally {
      await room.run('umount', [mountPoint]);
    }
    assert.equal(hashFile(file), before);
  });

  test('faults: a capture whose engine is killed leaves the old image and no staged data', async () => {
    const before = await watch.client.call('image.show', { image: 'golden' });
    await shapeLink(room.run, room.hostNamespace(SOURCE), SLOW);
    const id = await capture('golden');
    await watch.untilRun(id, 0, (run) => isDoing(run, 'capture-p1'));
    await room.killEngine(SOURCE);
    const task = await watch.untilEnded(id);
    await shapeLink(room.run, room.hostNamespace(SOURCE), null);
    assert.deepEqual(statesOf(task), ['interrupted']);
    assert.match(errorOf(task.runs[0]).message, /read partition 1/);
    const afterwards = await watch.client.call('image.show', { image: 'golden' });
    assert.deepEqual(afterwards.image.versions, before.image.versions);
    // The host comes back without the run: its data is of no use any more, and it captures again.
    await room.startEngine(SOURCE, [source.device]);
    const again = await watch.untilRun(id, 0, ({ state }) => state === 'completed');
    assert.equal(again.restarts, 1);
    assert.deepEqual(stagedIn(room), []);
    assert.equal(hashFile(source.file), sourceHash, 'the source disk is as it was');
    const renewed = await watch.client.call('image.show', { image: 'golden' });
    assert.notEqual(renewed.image.versions[0]?.id, before.image.versions[0]?.id);
  });

  test('faults: a capture outlives a server that is killed and started again', async () => {
    await shapeLink(room.run, room.hostNamespace(SOURCE), SLOW);
    const id = await capture('survivor');
    await watch.untilRun(id, 0, (run) => isDoing(run, 'capture-p1'));
    watch.close();
    await room.killServer();
    await room.startServer([...SERVER, '--grace', '20000']);
    watch = await Watch.open(room.socketPath);
    const task = await watch.untilEnded(id);
    await shapeLink(room.run, room.hostNamespace(SOURCE), null);
    assert.deepEqual(statesOf(task), ['warned']);
    const step = task.runs[0]?.steps.find((each) => each.id === 'capture-p1');
    assert.match(english(step?.notes), /the connection was lost/);
    const [verification] = await watch.client.call('image.verify', {
      image: 'survivor',
      allVersions: false,
    });
    assert.deepEqual(verification?.problems, []);
    await restartServer();
  });

  test('faults: a server killed in the middle of a session leaves no run in progress and no half disk that boots', async () => {
    await room.shape(SLOW);
    const id = await deploy(TARGETS);
    await watch.untilRun(id, 0, (run) => isDoing(run, 'write-p1'));
    watch.close();
    await room.killServer();
    await room.startServer([...SERVER, '--grace', '20000']);
    await room.shape(null);
    watch = await Watch.open(room.socketPath);
    const task = await watch.untilEnded(id);
    for (const [index, run] of task.runs.entries()) {
      assert.equal(run.state, 'failed');
      assert.equal(run.diskOutcome, 'cleared');
      assert.equal(errorOf(run).code, 'stream-broken');
      assertUnbootable(TARGETS[index] ?? 0);
    }
    await restartServer();
  });

  test('faults: a source that cannot be read in the middle fails the capture and names the partition', async () => {
    const file = join(room.directory, 'failing.img');
    await room.run('cp', ['--sparse=always', source.file, file]);
    // The first partition alone: what lies behind it would be found unreadable before anything is captured.
    await room.run('sfdisk', ['--quiet', '--delete', file, '2', '3']);
    const device = await room.attachDisk(file);
    // Behind the end of its file a loop device gives input/output errors, as a failing disk does.
    truncateSync(file, 60 * 1024 * 1024);
    await room.stopEngine(SOURCE);
    await room.startEngine(SOURCE, [device]);
    const task = await watch.client.call(
      'task.create',
      captureTask({
        host: 'golden',
        disk: { type: 'address', value: device },
        imageName: 'failing',
        compression: 'zstd',
        afterwards: null,
      }),
    );
    const ended = await watch.untilEnded(task.id);
    assert.deepEqual(statesOf(ended), ['failed']);
    const error = errorOf(ended.runs[0]);
    assert.equal(error.code, 'disk-read-failed');
    assert.match(error.message, /loop\d+p1/);
    await assert.rejects(
      watch.client.call('image.show', { image: 'failing' }),
      (thrown) => thrown instanceof OperatorError && thrown.code === 'not-found',
    );
    assert.deepEqual(stagedIn(room), []);
    await room.stopEngine(SOURCE);
    await room.detachDisk(device);
    await rm(file);
    await room.startEngine(SOURCE, [source.device]);
  });

  test('faults: a full image store fails the capture, says so, and keeps the images that are there', async () => {
    const filler = join(room.directory, 'small-store');
    await mkdir(filler);
    await room.run('mount', ['-t', 'tmpfs', '-o', 'size=20m', 'tmpfs', filler]);
    watch.close();
    await room.stopServer();
    try {
      await room.startServer([...SERVER, '--images', filler]);
      await room.engine(SOURCE).waitForEvent('online', 60_000);
      watch = await Watch.open(room.socketPath);
      await watch.until('the engine of golden', ({ hosts }) =>
        hosts.idle >= 4 ? true : undefined,
      );
      const task = await watch.untilEnded(await capture('too-big'));
      assert.deepEqual(statesOf(task), ['failed']);
      assert.equal(errorOf(task.runs[0]).code, 'image-store-full');
      assert.deepEqual(
        readdirSync(filler).filter((name) => !name.startsWith('.')),
        [],
      );
      watch.close();
    } finally {
      await room.stopServer();
      await room.run('umount', ['--lazy', filler]);
    }
    await room.startServer(SERVER);
    watch = await Watch.open(room.socketPath);
    await watch.until('all engines', ({ hosts }) => (hosts.idle >= 4 ? true : undefined));
    const images = await watch.client.call('image.list', {});
    assert.deepEqual(images.map(({ name }) => name).toSorted(), ['flipped', 'golden', 'survivor']);
  });

  test('faults: a host that comes late is not waited for beyond the time given, and gets the image afterwards', async () => {
    const [late, ...others] = TARGETS;
    await room.stopEngine(late);
    const id = await deploy(TARGETS, { gatherMs: 500 });
    for (const index of others.map((host) => TARGETS.indexOf(host))) {
      await watch.untilRun(id, index, (run) => run.state === 'completed');
    }
    await watch.untilRun(id, 0, (run) => run.state === 'waiting');
    await startTarget(late);
    const task = await watch.untilEnded(id);
    assert.deepEqual(statesOf(task), ['completed', 'completed', 'completed']);
    await assertVerified(late);
  });

  test('faults: a person restores the image by hand with the commands that image show prints', async () => {
    const disk = await room.newBlankDisk(SMALL_DISK_BYTES);
    const { stdout } = await room.run(process.execPath, [
      'cli/main.ts',
      '--socket',
      room.socketPath,
      'image',
      'show',
      '--by-hand',
      'golden',
    ]);
    const script = stdout.replace(/^DISK=.*$/m, `DISK=${disk.device}`);
    assert.notEqual(script, stdout, 'the disk is to be filled in');
    await room.run('sh', ['-s'], { input: script });
    const differences = compareDisks(sourceFacts, await describe_(disk));
    assert.deepEqual(differences.map(formatDifference), []);
  });

  test('faults: a partition task writes the table of an image and nothing else', async () => {
    const [host] = TARGETS;
    const { id } = await watch.client.call(
      'task.create',
      partitionTask({
        image: 'golden',
        targets: [`ws-${host}`],
        disk: { type: 'only' },
        afterwards: null,
      }),
    );
    assert.deepEqual(statesOf(await watch.untilEnded(id)), ['completed']);
    const table = async (device: string): Promise<string> =>
      (await room.run('sfdisk', ['--dump', device])).stdout.replaceAll(device, 'DISK');
    assert.equal(await table(diskOf(host).device), await table(source.device));
    const { stdout } = await room.run('blkid', ['-p', `${diskOf(host).device}p1`], {
      allowedStatuses: [0, 2],
    });
    assert.doesNotMatch(stdout, / TYPE=/, 'no file system is left');
  });

  test('faults: the server stops cleanly, and nothing it or the engines wrote holds a secret', async () => {
    watch.close();
    assert.deepEqual(await room.stopServer(), { status: 0, signal: null });
    const key = readFileSync(join(room.directory, 'data/run-token.key')).toString('hex');
    for (const name of readdirSync(room.logDirectory)) {
      const log = readFileSync(join(room.logDirectory, name), 'utf8');
      assert.ok(!log.includes(key), `${name} holds the key`);
      assert.doesNotMatch(log, /"token"|PRIVATE KEY|[^0-9a-f][0-9a-f]{64}[^0-9a-f].*run-token/);
    }
  });

  async function restartServer(): Promise<void> {
    watch.close();
    await room.stopServer();
    await room.startServer(SERVER);
    watch = await Watch.open(room.socketPath);
    await watch.until('all engines', ({ hosts }) => (hosts.idle >= 4 ? true : undefined));
  }

  async function withDisk(host: number, disk: BlankDisk, work: () => Promise<void>): Promise<void> {
    await room.stopEngine(host);
    await room.startEngine(host, [disk.device]);
    await work();
    await room.stopEngine(host);
    await startTarget(host);
  }
});

function statesOf(task: Task): string[] {
  return task.runs.map((run) => run.state);
}

function errorOf(run: Run | undefined): ErrorReport {
  assert.ok(run?.error, 'the run says why it failed');
  assert.notEqual(run.error.hint, '', 'the error says what to do');
  return run.error;
}

function stagedIn(room: Room): string[] {
  return readdirSync(join(room.imageDirectory, '.incoming'));
}

function isZero(file: string, offset: number, length: number): boolean {
  const buffer = Buffer.alloc(length, 1);
  const fd = openSync(file, 'r');
  readSync(fd, buffer, 0, length, offset);
  closeSync(fd);
  return buffer.every((byte) => byte === 0);
}

function flipByte(file: string, offset: number): void {
  const byte = Buffer.alloc(1);
  const fd = openSync(file, 'r+');
  readSync(fd, byte, 0, 1, offset);
  byte.writeUInt8(byte.readUInt8(0) ^ 0x10);
  writeSync(fd, byte, 0, 1, offset);
  closeSync(fd);
}
