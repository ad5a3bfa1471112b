import assert from 'node:assert/strict';
import { randomFillSync } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import { open, readFile, writeFile } from 'node:fs/promises';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline as connect } from 'node:stream/promises';
import { describe, test } from 'node:test';
import { makePipe } from '../../../lib/exec/pipe.ts';
import { startPipeline, type Pipeline, type Stage } from '../../../lib/exec/pipeline.ts';
import { openFiles, openPipes, untilOver, withFifo } from './processes.ts';

const NOWHERE = { input: 'none', output: 'none' } as const;

function sh(script: string, rest: Partial<Stage> = {}): Stage {
  return { tool: 'sh', args: ['-c', script], ...rest };
}

/** Everything the pipeline puts out. */
async function read(pipeline: Pipeline): Promise<Buffer> {
  assert.ok(pipeline.output !== null);
  const chunks: Buffer[] = [];
  for await (const chunk of pipeline.output) {
    assert.ok(Buffer.isBuffer(chunk));
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

describe('a pipeline', () => {
  test('a pipeline moves 64 MB through three programs byte for byte, from file to file', async () => {
    await withFifo(async (_, directory) => {
      const content = randomFillSync(Buffer.alloc(64 * 1024 * 1024));
      const from = join(directory, 'from');
      const to = join(directory, 'to');
      await writeFile(from, content);
      const source = await open(from);
      const target = await open(to, 'w');
      try {
        const stages = [
          { tool: 'cat', args: [] },
          { tool: 'zstd', args: ['-1', '-c'] },
          { tool: 'zstd', args: ['-d', '-c'] },
        ];
        const ends = { input: { fd: source.fd }, output: { fd: target.fd } };
        const { input, output, finished, pids } = startPipeline(stages, ends);
        assert.deepEqual([input, output, pids.length], [null, null, 3]);
        await finished;
      } finally {
        await source.close();
        await target.close();
      }
      assert.ok(content.equals(await readFile(to)));
    });
  });

  test('a pipeline takes its input from this process and gives its output back to it', async () => {
    const content = randomFillSync(Buffer.alloc(20_000_001));
    const pipeline = startPipeline(
      [
        { tool: 'zstd', args: ['-1', '-c'] },
        { tool: 'zstd', args: ['-d', '-c'] },
      ],
      { input: 'stream', output: 'stream' },
    );
    assert.ok(pipeline.input !== null);
    const [, received] = await Promise.all([
      connect(Readable.from([content]), pipeline.input),
      read(pipeline),
      pipeline.finished,
    ]);
    assert.ok(content.equals(received));
  });

  test('a pipeline keeps data on file descriptor 3 apart from what a program prints', async () => {
    const texts: string[] = [];
    const pipeline = startPipeline(
      [
        sh('echo progress; echo data >&3; echo problem >&2', {
          outputFd: 3,
          onText: (text) => texts.push(text),
        }),
        sh('echo more; cat >&3', { outputFd: 3, onText: (text) => texts.push(text) }),
      ],
      { input: 'none', output: 'stream' },
    );
    assert.equal((await read(pipeline)).toString(), 'data\n');
    await pipeline.finished;
    assert.deepEqual(texts.join('').split('\n').sort(), ['', 'more', 'problem', 'progress']);
  });

  test('a pipeline gives a descriptor that a program can open again by its name', async () => {
    const pipeline = startPipeline([sh('echo data > /dev/fd/3', { outputFd: 3 })], {
      input: 'none',
      output: 'stream',
    });
    assert.equal((await read(pipeline)).toString(), 'data\n');
    await pipeline.finished;
  });

  for (const outputFd of [1, 3] as const) {
    test(`a pipeline keeps its output on ${outputFd} until it is read, also after its end`, async () => {
      const pipeline = startPipeline([sh(`echo late >&${outputFd}`, { outputFd })], {
        input: 'none',
        output: 'stream',
      });
      await pipeline.finished;
      assert.equal((await read(pipeline)).toString(), 'late\n');
    });

    test(`a pipeline ends when it is killed while nobody reads its output on ${outputFd}`, async () => {
      const before = openFiles();
      const stage = sh(`exec cat /dev/zero >&${outputFd}`, { outputFd });
      const pipeline = startPipeline([stage], { input: 'none', output: 'stream' });
      const { output } = pipeline;
      assert.ok(output !== null);
      const closed = new Promise((resolve) => output.once('close', resolve));
      pipeline.kill('SIGKILL');
      await assert.rejects(pipeline.finished, { message: /ended by SIGKILL/ });
      await closed;
      assert.deepEqual(openFiles(), before);
    });
  }

  test('a pipeline runs its programs in the C locale', async () => {
    const pipeline = startPipeline([{ tool: 'env', args: [] }], {
      input: 'none',
      output: 'stream',
    });
    assert.match((await read(pipeline)).toString(), /^LC_ALL=C$/m);
    await pipeline.finished;
  });
});

describe('the failure of a pipeline', () => {
  test('the failure of a pipeline is that of the stage that failed, whichever it is', async () => {
    for (const failing of [0, 1, 2]) {
      const stages = [0, 1, 2].map((index) =>
        sh(`cat; echo "stage ${index} says so" >&2; exit ${index === failing ? 7 : 0}`),
      );
      await assert.rejects(startPipeline(stages, NOWHERE).finished, {
        code: 'tool-failed',
        message: /\(exit status 7\)$/,
        cause: new Error(`stage ${failing} says so`),
      });
    }
  });

  test('the failure of a pipeline is that of the first one when those behind it got too little', async () => {
    const stages = [
      sh('head -c 1000000 /dev/zero | zstd -c | head -c 20; exit 5'),
      { tool: 'zstd', args: ['-d', '-c'] },
      { tool: 'grep', args: ['x'] },
    ];
    await assert.rejects(startPipeline(stages, NOWHERE).finished, { message: /exit status 5/ });
  });

  test('the failure of a pipeline is that of the one behind when those before it died of a broken pipe', async () => {
    const stages = [
      { tool: 'cat', args: ['/dev/zero'] },
      { tool: 'cat', args: [] },
      sh('head -c 10 > /dev/null; echo "disk is full" >&2; exit 6'),
    ];
    await assert.rejects(startPipeline(stages, NOWHERE).finished, {
      message: /\(exit status 6\)$/,
      cause: new Error('disk is full'),
    });
  });

  test('the failure of a pipeline is that of the one behind when those before it complained of a broken pipe', async () => {
    const stages = [
      sh("trap '' PIPE; exec cat /dev/zero"),
      sh('head -c 10 > /dev/null; echo "disk is full" >&2; exit 6'),
    ];
    await assert.rejects(startPipeline(stages, NOWHERE).finished, {
      cause: new Error('disk is full'),
    });
  });

  test('the failure of a pipeline is that of the broken pipe when the one behind stopped reading without a complaint', async () => {
    const stages = [
      { tool: 'cat', args: ['/dev/zero'] },
      { tool: 'head', args: ['-c', '10'] },
    ];
    await assert.rejects(startPipeline(stages, NOWHERE).finished, {
      message: 'running cat /dev/zero (ended by SIGPIPE)',
    });
  });

  test('the failure of a pipeline is not an exit status that is allowed', async () => {
    const stages = [sh('exit 1', { allowedStatuses: [0, 1] }), { tool: 'cat', args: [] }];
    await startPipeline(stages, NOWHERE).finished;
    await assert.rejects(
      startPipeline([sh('exit 0', { allowedStatuses: [1] })], NOWHERE).finished,
      { message: /exit status 0/ },
    );
  });

  test('the failure of a pipeline is a missing program, wherever it stands', async () => {
    for (const missing of [0, 1, 2]) {
      const stages = [0, 1, 2].map((index) => ({
        tool: index === missing ? 'no-such-program' : 'cat',
        args: index === 0 ? ['/dev/zero'] : [],
      }));
      const { finished, pids } = startPipeline(stages, NOWHERE);
      await assert.rejects(finished, {
        code: 'tool-missing',
        message: 'running no-such-program: there is no such program on this machine',
      });
      assert.equal(pids.length, 2);
      await untilOver(pids);
    }
  });

  test('the failure of a pipeline comes also when a program has yet to open the pipe to the one that is gone', async () => {
    const pipeline = startPipeline(
      [
        sh('cat > /dev/null; echo data > /dev/fd/3', { outputFd: 3 }),
        { tool: 'no-such-program', args: [] },
      ],
      { input: 'stream', output: 'none' },
    );
    setImmediate(() => pipeline.input?.end());
    await assert.rejects(pipeline.finished, { code: 'tool-missing' });
  });

  test('the failure of a pipeline comes also when this process stops reading', async () => {
    const pipeline = startPipeline([{ tool: 'cat', args: ['/dev/zero'] }], {
      input: 'none',
      output: 'stream',
    });
    pipeline.output?.destroy();
    await assert.rejects(pipeline.finished, { message: /SIGPIPE/ });
  });

  test('the failure of a pipeline comes when the last stage ends while this process still writes', async () => {
    const pipeline = startPipeline([sh('exit 9')], { input: 'stream', output: 'none' });
    pipeline.input?.write(Buffer.alloc(5_000_000));
    await assert.rejects(pipeline.finished, { message: /exit status 9/ });
  });
});

test('a signal reaches every stage of a pipeline', async () => {
  const stages = [1, 2, 3].map(() => ({ tool: 'sleep', args: ['1000'] }));
  const pipeline = startPipeline(stages, NOWHERE);
  pipeline.kill('SIGINT');
  await assert.rejects(pipeline.finished, { message: 'running sleep 1000 (ended by SIGINT)' });
  await untilOver(pipeline.pids);
  pipeline.kill('SIGKILL');
});

test('no file descriptor stays open, however a pipeline ends', async () => {
  const zero = openSync('/dev/zero', 'r');
  try {
    const before = openFiles();
    const cat: Stage = { tool: 'cat', args: [] };
    const head: Stage = { tool: 'head', args: ['-c', '1000000'] };
    const missing: Stage = { tool: 'no-such-program', args: [] };
    for (const stages of [[head], [head, cat], [head, cat, cat], [head, missing, cat], [missing]]) {
      for (const output of ['none', 'stream'] as const) {
        const pipeline = startPipeline(stages, { input: { fd: zero }, output });
        if (output === 'stream') await read(pipeline);
        await pipeline.finished.catch(() => undefined);
      }
    }
    assert.deepEqual(openFiles(), before);
  } finally {
    closeSync(zero);
  }
});

test('a program that cannot even be tried leaves neither pipes nor other programs', async () => {
  const before = openPipes();
  const { readFd, writeFd } = makePipe();
  const stages = [
    { tool: 'sleep', args: ['1000'] },
    { tool: 'cat', args: ['no argument may have a \0'] },
  ];
  // What the first stage has as its input ends when nobody has it any more.
  const ends = { input: { fd: writeFd }, output: 'stream' } as const;
  assert.throws(() => startPipeline(stages, ends), TypeError);
  closeSync(writeFd);
  await new Socket({ fd: readFd, writable: false }).resume().toArray();
  assert.deepEqual(openPipes(), before);
});

test('a pipe carries bytes between two descriptors and leaves no name behind', async () => {
  const before = openFiles();
  const { readFd, writeFd } = makePipe();
  const pipeline = startPipeline([sh('echo through')], {
    input: 'none',
    output: { fd: writeFd },
  });
  closeSync(writeFd);
  const other = startPipeline([{ tool: 'cat', args: [] }], {
    input: { fd: readFd },
    output: 'stream',
  });
  closeSync(readFd);
  assert.equal((await read(other)).toString(), 'through\n');
  await Promise.all([pipeline.finished, other.finished]);
  assert.deepEqual(openFiles(), before);
});
