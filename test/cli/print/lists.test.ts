import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { errorLines } from '../../../cli/print/error.ts';
import { exitStatusLines } from '../../../cli/print/exit-statuses.ts';
import { groupDetails, groupTable } from '../../../cli/print/groups.ts';
import { hostDetails, hostTable } from '../../../cli/print/hosts.ts';
import { imageDetails, imageTable, verificationLines } from '../../../cli/print/images.ts';
import { diskLossLines } from '../../../cli/print/data-loss.ts';
import { statusLines } from '../../../cli/print/status.ts';
import { cut, padStart, widthOf } from '../../../lib/columns.ts';
import { fields, table } from '../../../cli/print/table.ts';
import { taskDetails, taskTable } from '../../../cli/print/tasks.ts';
import type { Image } from '../../../lib/model/image.ts';
import { taskViewOf } from '../../../lib/client/task-view.ts';
import { ERROR_TREATMENT } from '../../../lib/model/error-treatment.ts';
import { RunId } from '../../../lib/model/ids.ts';
import { doneRun, failedRun, sampleProgress, sampleTask, workingRun } from '../../support/tasks.ts';
import { SAMPLE_GROUP, sampleHost } from '../../support/hosts.ts';
import { SAMPLE_IMAGE, SAMPLE_MANIFEST } from '../../support/images.ts';
import { sampleStatus } from '../../support/servers.ts';
import { textsOf } from '../../../cli/text/catalogue.ts';
import { verbatim } from '../../../lib/model/messages/table.ts';

const ENGLISH = textsOf('en');

process.env['TZ'] = 'UTC';

const HOST = sampleHost(1, 'pc-01');
const RUN = RunId.parse('run-0000000001');

describe('columns', () => {
  test('columns are aligned by characters, umlauts included, and numbers to the right', () => {
    assert.deepEqual(
      table(
        [{ title: 'NAME' }, { title: 'SIZE', align: 'right' }, { title: 'END' }],
        [
          ['Müller', '1', 'x'],
          ['Mu\u0308ller', '1000', 'y'],
          ['a', '20', ''],
        ],
      ),
      ['NAME    SIZE  END', 'Müller     1  x', 'Mu\u0308ller  1000  y', 'a         20'],
    );
  });

  test('columns let nothing through that a terminal would act on', () => {
    const evil = 'a\u001b]0;title\u0007\nb\u009b2J\u202ec';
    for (const line of [
      ...table([{ title: 'X' }], [[evil]]),
      ...fields([['X', evil]]),
      ...hostTable(ENGLISH, [{ ...HOST, name: evil, groupName: evil, address: evil }]),
      ...groupDetails(ENGLISH, { ...SAMPLE_GROUP, name: evil }),
      ...imageTable(ENGLISH, [{ ...SAMPLE_IMAGE, name: evil }]),
      ...imageDetails(ENGLISH, SAMPLE_IMAGE, { ...SAMPLE_MANIFEST, name: evil }, evil),
      ...diskLossLines(ENGLISH, [{ ...HOST, name: evil }], { type: 'only' }, evil),
      ...errorLines(ENGLISH, { code: 'not-found', message: evil, hint: evil, causes: [evil] }),
      ...statusLines(
        ENGLISH,
        sampleStatus([{ ...sampleTask([workingRun(1)]), title: verbatim(evil) }]),
        { columns: 80, rows: 24 },
        true,
      ),
    ]) {
      assert.doesNotMatch(line, /[\u0000-\u001f\u007f-\u009f\u202e]/);
    }
  });

  test('columns are cut with a mark, and padded', () => {
    assert.equal(cut('Müllerin', 4), 'Mül…');
    assert.equal(cut('abc', 3), 'abc');
    assert.equal(cut('abc', 0), '');
    assert.equal(padStart('ü', 3), '  ü');
    assert.equal(widthOf('u\u0308'), 1);
  });
});

describe('hosts and groups', () => {
  test('hosts and groups: a list of hosts', () => {
    assert.deepEqual(
      hostTable(ENGLISH, [HOST, { ...HOST, name: 'x', state: 'off', systemInfo: null }]),
      [
        'HOST   STATE  LAST WORK  GROUP   MAC                ADDRESS    DISKS   LAST SEEN',
        'pc-01  ready  -          room-1  52:54:00:77:00:01  10.77.0.1  500 GB  now',
        'x      off    -          room-1  52:54:00:77:00:01  10.77.0.1  -       2026-11-21 07:00',
      ],
    );
  });

  test('hosts and groups: a host with its machine, disks and partitions', () => {
    const text = hostDetails(ENGLISH, HOST).join('\n');
    assert.match(text, /^Machine: +Dell Inc\. OptiPlex 7010$/m);
    assert.match(
      text,
      /^Network: +eth0, 52:54:00:77:00:01, link up, 1000 Mbit\/s, 10\.77\.0\.1\/24$/m,
    );
    assert.match(text, /^Size: +500 GB \(500107862016 bytes\)$/m);
    assert.match(text, /^ {2} 1 +100 MB +ntfs +System +-$/m);
  });

  test('hosts and groups groups', () => {
    assert.deepEqual(groupTable(ENGLISH, [SAMPLE_GROUP]), [
      'GROUP   HOSTS  CREATED',
      'room-1      2  2026-11-21 07:00',
    ]);
    assert.match(groupDetails(ENGLISH, SAMPLE_GROUP).join('\n'), /^Hosts: +pc-01, pc-02$/m);
  });
});

describe('images', () => {
  test('a list of images, with one that has no version yet', () => {
    assert.deepEqual(
      imageTable(ENGLISH, [SAMPLE_IMAGE, { ...SAMPLE_IMAGE, name: 'new', versions: [] }]),
      [
        'IMAGE  CAPTURED          FROM      DISK   STORED  VERSIONS',
        'win11  2026-11-21 07:00  golden  500 GB  42.0 MB         1',
        'new    -                 -            -      0 B         0',
      ],
    );
  });

  test('an image with partitions, gaps and versions', () => {
    const text = imageDetails(ENGLISH, SAMPLE_IMAGE, SAMPLE_MANIFEST, '/srv/x').join('\n');
    assert.match(text, /^Needs: +400 MB \(400000000 bytes\)$/m);
    assert.match(text, /^ {3}1 +105 MB +ntfs +Müller +21\.0 MB +p1\.partclone\.zst$/m);
    assert.match(text, /made again with its UUID/);
    assert.match(text, /^ {3}- +1\.05 MB +gap/m);
    assert.match(text, /^ {2}version-0000000002 .* zstd$/m);
    assert.doesNotMatch(text, /warned/);
  });

  test('images: what the capture of the shown version warned of', () => {
    const [newest] = SAMPLE_IMAGE.versions;
    assert.ok(newest !== undefined);
    const id = SAMPLE_MANIFEST.versionId;
    const versions = [
      { ...newest, id, warnings: ['p3 was copied 1:1', '\u001b[31mx'].map(verbatim) },
    ];
    const text = imageDetails(
      ENGLISH,
      { ...SAMPLE_IMAGE, versions },
      SAMPLE_MANIFEST,
      '/srv/x',
    ).join('\n');
    assert.match(text, /^Its capture warned:\n {2}p3 was copied 1:1\n {2}[^\u001b]*x\n\n/m);
  });

  test('images: a verification', () => {
    const base = { imageId: SAMPLE_IMAGE.id, filesChecked: 1, bytesChecked: 1000 };
    const [version] = SAMPLE_IMAGE.versions;
    assert.ok(version !== undefined);
    assert.deepEqual(
      verificationLines(ENGLISH, 'win11', [
        { ...base, versionId: version.id, problems: [] },
        { ...base, versionId: version.id, problems: [{ file: 'a', problem: verbatim('b') }] },
      ]),
      [
        'win11, version-0000000002: sound (1 file, 1.00 kB read)',
        'win11, version-0000000002: 1 problem (1 file, 1.00 kB read)',
        '  a: b',
      ],
    );
  });
});

describe('tasks and status', () => {
  const task = sampleTask([workingRun(1), failedRun(2), doneRun(3)]);
  const status = sampleStatus([task, sampleTask([doneRun(1)])], [sampleProgress(1, 0.5)]);

  test('tasks and status: a list of tasks', () => {
    assert.deepEqual(taskTable(ENGLISH, [task]), [
      'TASK             STATE    DONE  CREATED           BY    WHAT',
      'task-0000000001  running   1/3  2026-11-21 07:00  anna  deploy win11 to room-1',
    ]);
  });

  test('tasks and status: a task with its hosts, steps and errors', () => {
    const text = taskDetails(ENGLISH, taskViewOf(task, status), [SAMPLE_IMAGE]).join('\n');
    assert.match(
      text,
      /^Operation: +deploy win11 \(version of 2026-11-21 07:00\) to disk only, auto, waiting 2:00 min/m,
    );
    assert.match(text, /^pc-01: running: write partition 1 \(ntfs, 60.0 MB\) \(50 %\)$/m);
    assert.match(text, /^ {2}done {10}write partition 1 .* \(60\.0 MB, 0 s\)$/m);
    assert.match(text, /^ {2}error: writing to \/dev\/sda1: No space left on device$/m);
    assert.match(text, /^ {2}hint: Replace the disk\.$/m);
  });

  test('tasks and status: a task names what it deploys by its id when the image or its version is deleted', () => {
    const operation = (images: readonly Image[]): string =>
      taskDetails(ENGLISH, taskViewOf(task, status), images).find((line) =>
        line.startsWith('Operation:'),
      ) ?? '';
    assert.match(operation([]), /deploy an image that is deleted \(version-0000000002\) to disk/);
    assert.match(
      operation([{ ...SAMPLE_IMAGE, versions: [] }]),
      /deploy win11 \(version-0000000002, which is deleted\) to disk/,
    );
  });

  test('tasks and status: a run that has no disk of its own names none', () => {
    const noDisk = sampleTask([{ ...doneRun(1), disk: '' }]);
    const view = taskViewOf(noDisk, sampleStatus([noDisk]));
    assert.doesNotMatch(taskDetails(ENGLISH, view, []).join('\n'), /^ +disk:/m);
  });

  test('tasks and status: the status of everything', () => {
    const text = statusLines(ENGLISH, status, { columns: 100, rows: 40 }, true).join('\n');
    assert.match(text, /^Images: +750 MB free in \/srv\/openclone\/images \(25 % used\)$/m);
    assert.match(text, /^task-0000000001 running: deploy win11 to room-1$/m);
    assert.match(text, /^ {2}pc-01 {2}running/m);
    assert.match(text, /^task-0000000001 +done +1\/1/m);
    assert.doesNotMatch(text, /Hosts boot|problem|approval/);
  });

  test('tasks and status: the status says what hosts boot, who waits for approval, and what is wrong', () => {
    const lines = (boot: { build: string | null }): string =>
      statusLines(
        ENGLISH,
        {
          ...status,
          hosts: { ...status.hosts, pending: 4 },
          boot,
          problems: [
            {
              what: verbatim('the boot files\u001b[2J are old'),
              hint: verbatim('Look at the disk.'),
            },
          ],
        },
        { columns: 100, rows: 40 },
        true,
      ).join('\n');
    const text = lines({ build: '20261121-1' });
    assert.match(text, /^Hosts boot: +20261121-1$/m);
    assert.match(text, /^Hosts: +.*7 off; 4 wait for approval$/m);
    assert.match(
      text,
      /^problem: the boot files[^\u001b]* are old\n {3}hint: Look at the disk\.$/m,
    );
    assert.match(lines({ build: null }), /^Hosts boot: +their own disks: there is no build$/m);
  });

  test('tasks and status: a host that may not work says so first', () => {
    const half = {
      ...HOST,
      debugShell: true,
      halfWritten: {
        runId: RUN,
        disk: '/dev/sda (X, serial 1, 5 bytes)',
        since: HOST.registeredAt,
      },
    };
    assert.match(
      hostTable(ENGLISH, [{ ...HOST, approval: 'pending' }])[1] ?? '',
      /^pc-01 +pending, ready/,
    );
    assert.match(hostTable(ENGLISH, [half])[1] ?? '', /^pc-01 +ready +half written/);
    const text = hostDetails(ENGLISH, half).join('\n');
    assert.match(text, /^Half written: +\/dev\/sda \(X, serial 1, 5 bytes\), since 2026-11-21/m);
    assert.match(text, /^Debug shell: +on its console/m);
    assert.match(text, /^Approval: +approved$/m);
    assert.doesNotMatch(hostDetails(ENGLISH, HOST).join('\n'), /Half written|Debug shell/);
    const never = hostTable(ENGLISH, [{ ...HOST, state: 'off', lastSeenAt: null }])[1] ?? '';
    assert.match(never, / never$/);
  });
});

describe('errors and losses', () => {
  test('errors and losses: an error is one line with its causes, and a hint', () => {
    assert.deepEqual(
      errorLines(ENGLISH, { code: 'not-found', message: 'm', hint: 'do', causes: ['c1', 'c2'] }),
      ['openclone: m: c1: c2', 'hint: do'],
    );
  });

  test('errors and losses: the exit statuses name every code once', () => {
    const text = exitStatusLines(ENGLISH).join('\n');
    for (const code of Object.keys(ERROR_TREATMENT)) {
      assert.equal(text.match(new RegExp(`(?<![a-z-])${code}(?![a-z-])`, 'g'))?.length, 1, code);
    }
    assert.match(text, /^ {4}9 {2}not-found$/m);
  });

  test('errors and losses: the disks that will be lost are named, unknown and missing ones too', () => {
    assert.deepEqual(
      diskLossLines(
        ENGLISH,
        [HOST, { ...HOST, name: 'pc-02', systemInfo: null }],
        { type: 'only' },
        'The image win11',
      ),
      [
        'The image win11 goes to 2 hosts. Everything on these disks will be lost:',
        '  HOST   DISK           MODEL            SERIAL      SIZE',
        '  pc-01  /dev/sda       Samsung SSD 860  S3Z8NB01  500 GB',
        '  pc-02  not known yet  -                -              -',
      ],
    );
    const missing = diskLossLines(
      ENGLISH,
      [HOST],
      { type: 'address', value: '/dev/sdb' },
      'The image x',
    );
    assert.match(missing[2] ?? '', /no such disk/);
  });
});

test('a list of hosts says which host is in its own system, and the details of a host which of its workers is connected', () => {
  const host = { ...HOST, state: 'idle' as const, address: '10.77.0.101' };
  const agent = { ...host, workers: ['agent' as const] };
  const engine = { ...host, workers: ['engine' as const] };
  assert.match(hostTable(ENGLISH, [agent]).join('\n'), /pc-01 +ready \(agent\) /);
  assert.match(hostTable(ENGLISH, [engine]).join('\n'), /pc-01 +ready {2}/);
  const details = (each: typeof host): string => hostDetails(ENGLISH, each).join('\n');
  assert.match(details(agent), /Connected from: +10\.77\.0\.101 \(agent\)/);
  assert.match(details(engine), /Connected from: +10\.77\.0\.101 \(engine\)/);
  // A server of an older version does not say.
  assert.match(details(host), /Connected from: +10\.77\.0\.101\n/);
});
