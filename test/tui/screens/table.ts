/** All pictures of docs/screens, in the order of its list. */

import assert from 'node:assert/strict';
import type { Shot } from './picture.ts';

const SMALL = { columns: 80, rows: 24 };
const LARGE = { columns: 120, rows: 40 };

export const SHOTS: readonly Shot[] = [
  {
    ...SMALL,
    name: 'overview',
    title: 'The first screen: server, disk space, what runs, what failed, and the way to the rest',
    moves: [/deploy win11/],
  },
  { ...LARGE, name: 'overview-120x40', title: 'The same with more room', moves: [/deploy win11/] },
  {
    ...SMALL,
    name: 'overview-ascii',
    title: 'The same on a terminal that knows ASCII alone (LANG=C)',
    moves: [/deploy win11/],
    unicode: false,
  },
  {
    ...SMALL,
    name: 'overview-german',
    title: 'The same in German (LANG=de_DE.UTF-8)',
    moves: [/deploy win11/],
    language: 'de',
  },
  {
    ...SMALL,
    name: 'overview-offline',
    title: 'The connection to the server is lost: the data is old, and says so',
    moves: [/deploy win11/],
    event: async (driver) => {
      driver.app.put({ type: 'lost', reason: 'connection closed (1006)', now: driverTime(65) });
      await driver.waitFor('No connection');
    },
  },
  {
    columns: 64,
    rows: 18,
    name: 'too-small',
    title: 'A terminal that is smaller than 80x24',
    moves: [/deploy win11/],
  },
  { ...SMALL, name: 'room', title: 'The hosts of a group as tiles', moves: ['r', /pc-20/] },
  { ...SMALL, name: 'hosts', title: 'All hosts', moves: ['h', /pc-10/] },
  { ...SMALL, name: 'groups', title: 'The groups', moves: ['g', /3 groups/] },
  {
    ...SMALL,
    name: 'group-members',
    title: 'Who is in a group; changes are saved together',
    moves: ['g', 'enter', /20 in the group/, 'space', 'down', 'space', /2 to go/],
  },
  { ...SMALL, name: 'images', title: 'The images; ♦ is protected', moves: ['i', /4 images/] },
  {
    ...LARGE,
    name: 'image',
    title: 'One image: its disk to scale, and its versions',
    moves: ['i', 'enter', /to scale/],
  },
  {
    ...SMALL,
    name: 'image-delete',
    title: 'Before an image is deleted',
    share: null,
    moves: ['i', 'x', /gone for good/],
  },
  {
    ...SMALL,
    name: 'image-verified',
    title: 'A verification that found damage',
    moves: ['i', 'v', /damaged/],
    handlers: {
      'image.verify': ({ image }) =>
        Promise.resolve([
          {
            imageId: image,
            versionId: 'version-0000000010',
            filesChecked: 5,
            bytesChecked: 42_000_000,
            problems: [
              { file: 'p3.partclone.zst', problem: 'its SHA-256 is not that of the manifest' },
            ],
          },
        ]),
    },
  },
  { ...SMALL, name: 'tasks', title: 'The tasks, newest first', moves: ['t', /3 listed/] },
  {
    ...SMALL,
    name: 'task',
    title: 'One task, host by host; below, why the one under the cursor failed',
    moves: ['t', 'enter', 'down', 'down', 'down', /Replace the disk/],
  },
  {
    ...LARGE,
    name: 'task-120x40',
    title: 'The same with more room',
    moves: ['t', 'enter', 'down', 'down', 'down', /Replace the disk/],
  },
  {
    ...SMALL,
    name: 'run',
    title: 'What one host did, step by step',
    moves: ['t', 'down', 'down', 'enter', 'down', 'down', 'enter', /smaller than its partition/],
  },
  {
    ...SMALL,
    name: 'run-log',
    title: 'What the engine of a host said',
    moves: ['t', 'enter', 'l', /line 59/],
  },
  {
    ...SMALL,
    name: 'task-cancel',
    title: 'Before a task is cancelled',
    moves: ['t', 'c', /18 hosts work/],
  },
  {
    ...SMALL,
    name: 'transmission',
    title: 'A multicast transmission, live',
    moves: ['v', /38\.4 GB/],
  },
  {
    ...LARGE,
    name: 'transmission-120x40',
    title: 'The same with more room',
    moves: ['v', /38\.4 GB/],
  },
  {
    ...SMALL,
    name: 'new-task',
    title: 'A task that is being put together, and why it cannot start yet',
    share: null,
    moves: [
      ...['t', 'n', /Which hosts/, 'down', 'enter', /Nothing to do yet/],
      ...[
        'a',
        /Add an operation/,
        'down',
        'enter',
        /table of an image alone/,
        'enter',
        /like win11/,
      ],
      ...[
        'a',
        /Add an operation/,
        'down',
        'down',
        'enter',
        /Transmission/,
        'enter',
        'enter',
        /win11, automatic/,
      ],
      ...['a', /Add an operation/, 'end', 'enter', /At the end/, 'enter', /switch off/],
    ],
  },
  {
    ...SMALL,
    name: 'new-task-operation',
    title: 'Adding an operation: what cannot be added says why',
    share: null,
    moves: ['t', 'n', /Which hosts/, 'enter', /Nothing to do yet/, 'a', /Add an operation/],
  },
  {
    ...SMALL,
    name: 'help',
    title: 'The keys of a screen, made from its commands',
    moves: ['v', /38\.4 GB/, '?', /Keys:/],
  },
  {
    ...SMALL,
    name: 'refused',
    title: 'What the server refuses is told with cause and hint',
    moves: ['g', 'n', /New group/, 'Labor', 'enter', /Failed/],
  },
];

function driverTime(secondsAgo: number): number {
  assert.ok(secondsAgo >= 0);
  return Date.parse('2026-11-21T08:10:00.000Z') - secondsAgo * 1000;
}
