import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { toReport } from '../../../lib/errors.ts';
import { startPipeline } from '../../../lib/exec/pipeline.ts';
import { run } from '../../../lib/exec/run.ts';
import { callOf, tellingLine } from '../../../lib/exec/tool-words.ts';
import { ADD_PARTITION } from '../../../lib/disk/add-partition.ts';

/** As the programs wrote it to their standard error, with the version; and the line of it that counts. */
const SAID: readonly (readonly [program: string, said: string, line: string])[] = [
  [
    'mkswap 2.38.1',
    "mkswap: invalid option -- 'Z'\nTry 'mkswap --help' for more information.\n",
    "mkswap: invalid option -- 'Z'",
  ],
  [
    'xfs_logprint 6.1.0',
    "xfs_logprint: invalid option -- 'Z'\nUsage: xfs_logprint [options...] <device>\n\nOptions:\n    -c\t            try to continue if an error occurs while parsing the log\n    -C <filename>   copy the log from the filesystem to filename\n    -e\t            exit when an error is found in the log\n",
    "xfs_logprint: invalid option -- 'Z'",
  ],
  [
    'xfs_logprint 6.1.0 with nothing but its usage',
    'Usage: xfs_logprint [options...] <device>\n\nOptions:\n    -c\t            try to continue if an error occurs while parsing the log\n    -d\t            dump the log in log-record format\n',
    'it only explained how it is called',
  ],
  [
    'argparse of Python 3.11',
    'usage: tool [-h] disk\ntool: error: the following arguments are required: disk\n',
    'tool: error: the following arguments are required: disk',
  ],
  [
    'dd 9.1',
    "dd: error reading '/dev/sda': Input/output error\n0+0 records in\n0+0 records out\n0 bytes copied, 0.5 s, 0.0 kB/s\n",
    "dd: error reading '/dev/sda': Input/output error",
  ],
  [
    'partclone 0.3.23',
    'Partclone v0.3.23 http://partclone.org\nStarting to clone device (/dev/sda1) to image (-)\nReading Super Block\n\rElapsed: 00:00:01, Remaining: 00:00:00, Completed: 100.00%\nextfsclone.c: ext filesystem has blocks that were not yet written\nPartclone fail, please check /tmp/partclone.log !\n',
    'extfsclone.c: ext filesystem has blocks that were not yet written',
  ],
  [
    'apt-get 2.6.1',
    'W: Some index files failed to download.\nE: Unable to locate package xyz\n',
    'E: Unable to locate package xyz',
  ],
  [
    'dpkg 1.21 below apt-get',
    'dpkg: error processing package x (--configure):\n installed x package post-installation script subprocess returned error exit status 1\nErrors were encountered while processing:\n x\nE: Sub-process /usr/bin/dpkg returned an error code (1)\n',
    'dpkg: error processing package x (--configure):',
  ],
  ['progress alone', ' 10%\r 20%\r 30%\n', ''],
  [
    'colours',
    '\u001b[31mzstd: /*stdin*\\: unsupported format\u001b[0m\n',
    'zstd: /*stdin*\\: unsupported format',
  ],
  ['nothing', '', ''],
  ['blank lines', '\n \r\n\t\n', ''],
];

const FAILURES: readonly (readonly [way: string, script: string, cause: RegExp | null])[] = [
  [
    'with usage text',
    'echo "Usage: x [-a] [-b]" >&2; for i in $(seq 99); do echo "  -$i  an option of error $i" >&2; done; exit 1',
    /^it only explained how it is called$/,
  ],
  [
    'with megabytes of words',
    'echo "x: error: the first reason" >&2; yes "many more words" | head -c 9000000 >&2; exit 1',
    /^x: error: the first reason$/,
  ],
  ['with one endless line', 'head -c 9000000 /dev/zero | tr "\\0" x >&2; exit 1', /^x{199}…$/],
  ['with binary output', 'head -c 3000000 /dev/urandom >&2; exit 1', null],
  [
    'with terminal sequences',
    'printf "\\033]0;title\\007\\033[2Jx: bad \\033[31mdisk\\033[0m\\n" >&2; exit 1',
    /^\]0;title x: bad disk$/,
  ],
  ['with no output', 'exit 1', null],
  ['killed by a signal', 'kill -SEGV $$', null],
  [
    'with the text of a program',
    `echo 'syntax error at -e line 1, near "my (' >&2; exit 9`,
    /^syntax error at -e line 1, near "my \($/,
  ],
];

describe('a program that fails', () => {
  for (const [way, script, cause] of FAILURES) {
    for (const start of ['run', 'pipeline'] as const) {
      test(`a program that fails: ${way} gives a call without program text and at most one line (${start})`, async () => {
        const failing =
          start === 'run'
            ? run('sh', ['-c', script])
            : startPipeline([{ tool: 'sh', args: ['-c', script] }], {
                input: 'none',
                output: 'none',
              }).finished;
        const error: unknown = await failing.then(
          () => assert.fail('it did not fail'),
          (thrown: unknown) => thrown,
        );
        const report = toReport(error);
        assert.equal(report.code, 'tool-failed');
        assert.match(report.message, /^running sh -c … \((exit status \d+|ended by SIG\w+)\)$/);
        for (const text of [report.message, report.hint, ...report.causes]) {
          assert.ok(text.length <= 320 && !/[\p{C}]/u.test(text), text);
          assert.doesNotMatch(text, /head -c|seq 99/);
        }
        assert.ok(report.causes.length <= 1);
        if (cause !== null && start === 'run') assert.match(report.causes[0] ?? '', cause);
      });
    }
  }

  test('a program that fails because it took too long, or printed too much, says so', async () => {
    await assert.rejects(run('sleep', ['1000'], { timeoutMs: 50 }), {
      code: 'tool-failed',
      message: /^running sleep 1000 \(it took longer than \d+ s\)$/,
    });
    const maxOutputBytes = 100_000;
    await assert.rejects(run('head', ['-c', '200000', '/dev/zero'], { maxOutputBytes }), {
      code: 'tool-failed',
      message: 'running head -c 200000 /dev/zero (it printed more than 100 kB)',
    });
  });

  test('a program that fails because the system does not start it says so', async () => {
    await assert.rejects(run('/etc/passwd', []), {
      code: 'tool-failed',
      message: 'running /etc/passwd (it could not be started)',
      cause: new Error('the system answers EACCES'),
    });
  });

  test('as perl does that tells the kernel of a partition shows nothing of the program', async () => {
    await assert.rejects(run('perl', ['-e', ADD_PARTITION, '/dev/null', '3', '63', '100']), {
      message: 'running perl -e … /dev/null 3 63 100 (exit status 25)',
      cause: new Error('/dev/null: adding partition 3: Inappropriate ioctl for device'),
    });
  });
});

describe('the line that counts', () => {
  for (const [program, said, line] of SAID) {
    test(`the line that counts of ${program}`, () => assert.equal(tellingLine(said), line));
  }
});

describe('the call of a program', () => {
  const CALLS: readonly (readonly [string, readonly string[], string])[] = [
    ['mkfs.ext4', ['-q', '/dev/sda1'], 'mkfs.ext4 -q /dev/sda1'],
    ['zstd', ['-q', '-c', '-3'], 'zstd -q -c -3'],
    ['/usr/bin/python3.11', ['-c', 'import os'], '/usr/bin/python3.11 -c …'],
    ['ip', ['netns', 'exec', 'x', 'bash', '-ec', 'rm x'], 'ip netns exec x bash -ec …'],
    ['node', ['--eval', 'x()', 'file'], 'node --eval … file'],
    ['tee', ['one\ntwo'], 'tee one…'],
    ['tee', ['\u001b[2Jx'], 'tee x'],
  ];
  for (const [tool, args, call] of CALLS) {
    test(`the call of a program: "${call}"`, () => {
      assert.equal(callOf(tool, args), call);
    });
  }
  test('the call of a program is short, however long its arguments are', () => {
    assert.ok(
      callOf('tee', ['x'.repeat(9000), ...Array.from({ length: 99 }, () => 'word')]).length <= 300,
    );
  });
});
