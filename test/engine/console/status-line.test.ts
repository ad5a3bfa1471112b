import assert from 'node:assert/strict';
import { test } from 'node:test';
import { statusLines } from '../../../engine/console/status-line.ts';
import { ERROR, IDLE, OFFLINE, STANDING, STATES, WORKING } from './sample-state.ts';

const COMMON = 'host=room1-pc01 server=10.77.0.1:7077 build=20261121-1200-abcd';

test('A host that is ready says so in a line of its own, whenever it becomes ready.', () => {
  const lines = [`openclone: state=idle ${COMMON}`, 'openclone: ready'];
  assert.deepEqual(statusLines(null, IDLE), lines);
  assert.deepEqual(statusLines(STATES.done, IDLE), lines);
  assert.deepEqual(statusLines(IDLE, { ...IDLE, addresses: ['eth0 10.77.0.11'] }), []);
});

test('There is a line for each state and step, and none for progress.', () => {
  assert.deepEqual(statusLines(IDLE, WORKING), [
    `openclone: state=working ${COMMON} step=5/12 doing="write partition 2 (ntfs, 12.0 GB)"`,
  ]);
  const { activity } = WORKING;
  assert.ok(activity.type === 'working');
  assert.deepEqual(
    statusLines(WORKING, { ...WORKING, activity: { ...activity, progress: null } }),
    [],
  );
  const renamed = { ...IDLE, standing: { ...STANDING, hostName: 'pc-2' } };
  assert.match(statusLines(IDLE, renamed)[0] ?? '', /^openclone: state=idle host=pc-2 /);
});

test('What went wrong is in the line, in quotes, and stays one printable line.', () => {
  assert.match(
    statusLines(IDLE, STATES.failed)[0] ?? '',
    /state=failed .* error="write partition 1/,
  );
  assert.match(
    statusLines(IDLE, STATES['half-written'])[0] ?? '',
    /disk="\/dev\/sda \(DISK, 4711\)"/,
  );
  assert.match(statusLines(null, STATES.fatal)[0] ?? '', /state=fatal host=- .* error="/);
  const message = `a\u001b[2J"\r\nopenclone: ready ${'ß'.repeat(1000)}`;
  const lines = statusLines(IDLE, {
    ...IDLE,
    activity: {
      type: 'failed',
      title: { type: 'leave', mode: 'exit' },
      at: 0,
      error: { ...ERROR, message },
    },
  });
  assert.equal(lines.length, 1);
  assert.match(lines[0] ?? '', /^[\x20-\x7e]{1,400}$/);
});

test('A host without a server says which problem it has, once.', () => {
  const offline = { ...IDLE, connection: OFFLINE };
  assert.match(
    statusLines(IDLE, offline)[0] ?? '',
    /state=connecting .* problem="The server at \S+ does not/,
  );
  assert.deepEqual(
    statusLines(offline, { ...offline, connection: { ...OFFLINE, attempts: 99 } }),
    [],
  );
});
