/** The operator's workplace with a real room: captured and deployed by keys alone, on a terminal of 80x24. */

import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { withTmux, type Tmux } from '../tui/tmux.ts';
import { openRoom, type BlankDisk, type Room } from './room.ts';
import { makeSmallDisk, SMALL_DISK_BYTES } from './small-disk.ts';
import { compareDisks, describeDisk, formatDifference, type DiskFacts } from './verify.ts';

const MAIN = resolve(import.meta.dirname, '../../tui/main.ts');
const GOLDEN = 4;
const TARGETS = [1, 2, 3] as const;
const NAMES = ['ws-1', 'ws-2', 'ws-3', 'golden'] as const;
const WORK_LIMIT_MS = 240_000;

test('a disk is captured, and deployed to a group, by keys alone; the copies are true', async () => {
  const room = await openRoom({ hosts: NAMES.length });
  try {
    const source = await makeSource(room);
    const expected = await describe(room, source);
    const targets = await startRoom(room, source.device);
    await withTmux(
      { command: `TERM=tmux-256color ${process.execPath} ${MAIN} --socket ${room.socketPath}` },
      async (tmux) => {
        await tmux.waitFor('There is no image yet');
        await captureByKeys(tmux);
        await makeGroupByKeys(tmux);
        await deployByKeys(tmux);
        await newTaskByKeys(tmux);
        await tmux.keys('C-c');
      },
    );
    for (const host of [...TARGETS, GOLDEN]) await room.stopEngine(host);
    for (const target of targets) {
      await room.detachDisk(target.device);
      const device = await room.attachDisk(target.file, { readOnly: true });
      const found = await describe(room, { file: target.file, device });
      assert.deepEqual(compareDisks(expected, found).map(formatDifference), []);
    }
  } finally {
    await room.close();
  }
});

async function captureByKeys(tmux: Tmux): Promise<void> {
  await tmux.keys('c');
  await tmux.waitFor(/golden/);
  // The hosts are listed by name: golden is the first one.
  await tmux.keys('Enter');
  await tmux.waitFor('/dev/loop');
  await tmux.keys('Enter');
  await tmux.waitFor('Image name');
  await tmux.keys('C-u');
  await tmux.type('Grundbild Ä');
  await tmux.waitFor('Grundbild Ä');
  await tmux.keys('Enter');
  await tmux.waitFor('capture golden to Grundbild Ä');
  await tmux.waitFor(/1 of 1 done/, WORK_LIMIT_MS);
  await home(tmux);
}

async function makeGroupByKeys(tmux: Tmux): Promise<void> {
  await tmux.keys('g');
  await tmux.waitFor('No groups');
  await tmux.keys('n');
  await tmux.waitFor('New group');
  await tmux.type('Übungsraum');
  await tmux.keys('Enter');
  await tmux.waitFor('The group Übungsraum is made.');
  await tmux.keys('Enter');
  await tmux.waitFor('0 in the group');
  await tmux.keys('Down', 'Space', 'Space', 'Space');
  await tmux.waitFor('3 to come');
  await tmux.keys('s');
  await tmux.waitFor(/Übungsraum +3 +3/);
  await home(tmux);
}

/** From the overview to a running transmission; no more than a dozen keys are allowed. */
async function deployByKeys(tmux: Tmux): Promise<void> {
  const steps: readonly (readonly [key: string, shown: string])[] = [
    ['d', 'step 1 of 5'],
    ['Enter', 'step 2 of 5'],
    ['Enter', 'step 3 of 5'],
    ['Enter', 'step 4 of 5'],
    ['Enter', 'step 5 of 5'],
    ['y', 'Transmission: deploy Grundbild Ä to Übungsraum'],
  ];
  assert.ok(steps.length <= 12);
  for (const [key, shown] of steps) {
    await tmux.keys(key);
    await tmux.waitFor(shown);
  }
  const done = NAMES.slice(0, 3).map((name) => new RegExp(`${name} +✓ done`));
  await tmux.waitFor(['3 of 3 hosts done', ...done], WORK_LIMIT_MS);
  await home(tmux);
}

/** The same disks once more, by a task of two operations: the transmission waits for all of the first one. */
async function newTaskByKeys(tmux: Tmux): Promise<void> {
  const steps: readonly (readonly [keys: readonly string[], shown: string | RegExp])[] = [
    [['t'], 'listed, newest first'],
    [['n'], 'Which hosts?'],
    // The group is the first row.
    [['Enter'], 'Nothing to do yet'],
    [['a'], 'Add an operation'],
    [['Down', 'Enter'], 'write the partition table of an image alone'],
    [['Enter'], /1 +partition +like Grundbild Ä/],
    [['a'], 'Add an operation'],
    [['Down', 'Down', 'Enter'], 'Transmission'],
    [['Enter', 'Enter', 'Enter'], /2 +deploy +Grundbild Ä, automatic/],
    [['s'], 'of 3 hosts will be lost'],
    [['y'], 'Started: partition like Grundbild Ä, deploy Grundbild Ä'],
  ];
  for (const [keys, shown] of steps) {
    await tmux.keys(...keys);
    await tmux.waitFor(shown);
  }
  await tmux.waitFor('3 of 3 done', WORK_LIMIT_MS);
  // All three in one transmission, though each wrote its table by itself before.
  await tmux.keys('t');
  await tmux.waitFor(['3 of 3 hosts done', /finished +3 hosts took part/]);
  await home(tmux);
}

/** Back to the overview, as an operator goes there. */
async function home(tmux: Tmux): Promise<void> {
  for (;;) {
    const before = (await tmux.lines()).join('\n');
    if (before.includes('q quit')) return;
    await tmux.keys('Escape');
    await tmux.waitFor((lines) => lines.join('\n') !== before);
  }
}

async function makeSource(room: Room): Promise<BlankDisk> {
  const file = join(room.directory, 'source.img');
  await makeSmallDisk(room.run, file, join(room.directory, 'mnt'));
  return { file, device: await room.attachDisk(file) };
}

/** The server, an engine with a blank disk for every target, and the one that is captured. */
async function startRoom(room: Room, goldenDevice: string): Promise<BlankDisk[]> {
  await room.startServer();
  const targets: BlankDisk[] = [];
  for (const host of TARGETS) {
    const disk = await room.newBlankDisk(SMALL_DISK_BYTES);
    targets.push(disk);
    await room.startEngine(host, [disk.device]);
  }
  await room.startEngine(GOLDEN, [goldenDevice]);
  for (const [index, name] of NAMES.entries()) await room.nameHost(index + 1, name);
  // Nobody would start the lab's engines again after a restart.
  const { exitStatus } = await room.cli(['settings', '--afterwards', 'wait']);
  assert.equal(exitStatus, 0);
  return targets;
}

async function describe(
  room: Room,
  disk: { readonly file: string; readonly device: string },
): Promise<DiskFacts> {
  const directory = join(room.directory, 'read');
  mkdirSync(directory, { recursive: true });
  return describeDisk(room.run, { ...disk, directory });
}
