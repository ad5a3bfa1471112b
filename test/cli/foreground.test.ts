import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { runForeground } from '../../lib/exec/foreground.ts';
import { run } from '../../lib/exec/run.ts';
import { startService } from '../../lib/exec/service.ts';
import { CLI_PROGRAM } from './small-server.ts';

const MODULE = new URL('../../lib/exec/foreground.ts', import.meta.url).href;

describe('a program in the foreground', () => {
  test('a program in the foreground gives its exit status, 128 + N after signal N', async () => {
    assert.equal(await runForeground('sh', ['-c', 'exit 7']), 7);
    assert.equal(await runForeground('sh', ['-c', 'kill -TERM $$']), 143);
  });

  test('a program in the foreground gets the signals of its caller, once each', async () => {
    const child =
      'let n=0;process.on("SIGTERM",()=>{n+=1;setImmediate(()=>process.exit(40+n))});setInterval(()=>{},1e6);console.log("ready")';
    const caller = `import {runForeground} from ${JSON.stringify(MODULE)};process.exitCode=await runForeground(process.execPath,['-e',${JSON.stringify(child)}])`;
    const service = startService(process.execPath, ['--input-type=module', '-e', caller], {
      deathSignal: 'KILL',
      input: 'none',
      output: 'stream',
      onText: () => undefined,
    });
    await new Promise((resolve) => service.output?.once('data', resolve));
    service.kill('SIGTERM');
    assert.equal((await service.ended).status, 41);
  });

  test('a program in the foreground is the server for `openclone server`, with its help and its exit status', async () => {
    const help = await run(process.execPath, [CLI_PROGRAM, 'server', '--help']);
    assert.match(help.stdout, /Usage: openclone server/);
    const wrong = await run(process.execPath, [CLI_PROGRAM, 'server', '--no-such-option'], {
      allowedStatuses: [2],
    });
    assert.match(wrong.stderr, /unknown option/);
  });
});
