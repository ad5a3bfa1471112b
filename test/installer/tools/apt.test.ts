/** apt 2.6, dpkg 1.21: their locks, and what they say when sources cannot be read. */

import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { causesOf, OperatorError } from '../../../lib/errors.ts';
import { run, type Run } from '../../../lib/exec/run.ts';
import {
  findMirrors,
  finishInterrupted,
  lockHolderOf,
  parseUpdate,
  updateLists,
  waitingForApt,
} from '../../../installer/tools/apt.ts';
import { packages } from '../../../installer/steps/packages.ts';
import { EMPTY, withApt, withDebian } from '../small-debian.ts';
import { sampleContext, samplePlan, withMachine, type Call } from '../samples.ts';

/** Holds the lock of fcntl(2) on a file until its input ends, as apt and dpkg do. */
const HOLDER = `
  use Fcntl; open(my $f, ">", $ARGV[0]) or die;
  my $lock = pack("s s x4 q q l x4", F_WRLCK, 0, 0, 0, 0);
  fcntl($f, F_SETLK, $lock) or die;
  $| = 1; print "held\\n"; <STDIN>;
`;

async function hold(path: string): Promise<ChildProcess> {
  const holder = spawn('perl', ['-e', HOLDER, path], { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(holder.stdout, 'data');
  return holder;
}

describe("apt's locks", () => {
  test("apt's locks are waited for, that of the lists too, and who holds one is said", async () => {
    await withApt(EMPTY, async (options, directory) => {
      const holder = await hold(join(directory, 'lists/lock'));
      const said: string[] = [];
      const waiting = waitingForApt((tool, args, rest) => run(tool, [...options, ...args], rest), {
        // It lets go only when we wait for it.
        say: (text) => {
          said.push(text);
          holder.stdin?.end();
        },
        signal: new AbortController().signal,
      });
      assert.deepEqual(await updateLists(waiting), { type: 'current' });
      assert.deepEqual(said, [
        `Waiting: perl (process ${String(holder.pid)}) installs or updates packages …`,
      ]);
    });
  });

  test("apt's locks are waited for no longer than until somebody interrupts", async () => {
    await withApt(EMPTY, async (options, directory) => {
      const holder = await hold(join(directory, 'lists/lock'));
      const interruption = new AbortController();
      const waiting = waitingForApt((tool, args, rest) => run(tool, [...options, ...args], rest), {
        say: () => interruption.abort(),
        signal: interruption.signal,
      });
      await assert.rejects(
        updateLists(waiting),
        (error) => error instanceof OperatorError && error.code === 'cancelled',
      );
      holder.stdin?.end();
    });
  });

  test("apt's locks are known by what each program says of them", () => {
    const taken =
      'E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 77 (unattended-upgr)';
    assert.equal(lockHolderOf(taken), 'unattended-upgr (process 77)');
    const dpkg = 'dpkg: error: dpkg frontend lock was locked by another process with pid 78';
    assert.equal(lockHolderOf(dpkg), 'process 78');
    assert.equal(
      lockHolderOf('E: Unable to lock directory /var/lib/apt/lists/'),
      'another program',
    );
    assert.equal(lockHolderOf('E: Unable to locate package udpcast'), null);
  });
});

describe('package sources', () => {
  test('package sources without a Release file are told of, and are no failure by themselves', async () => {
    await withApt(`${EMPTY}\ndeb file:/nowhere stable main`, async (options) => {
      const lists = await updateLists((tool, args, rest) => run(tool, [...options, ...args], rest));
      assert.ok(lists.type === 'incomplete' && !lists.isUnreachable);
      assert.match(
        lists.said.join('\n'),
        /file:\/nowhere stable Release' does not have a Release file/,
      );
    });
  });

  test('package sources whose mirror does not answer are known, although apt-get ends with status 0', async () => {
    // Nobody listens at the discard port of the loopback.
    await withApt('deb http://127.0.0.1:9/debian stable main', async (options) => {
      const lists = await updateLists((tool, args, rest) => run(tool, [...options, ...args], rest));
      assert.ok(lists.type === 'incomplete' && lists.isUnreachable, JSON.stringify(lists));
    });
    const unresolved =
      "W: Failed to fetch http://mirror/debian/dists/stable/InRelease  Temporary failure resolving 'mirror'\nW: Some index files failed to download.";
    const lists = parseUpdate(unresolved);
    assert.ok(lists.type === 'incomplete' && lists.isUnreachable);
  });

  test('package sources are tried before anything is asked, by way of apt and without changing its lists', async () => {
    let tried: readonly string[] = [];
    const answers = async (source: string): Promise<boolean> => {
      let isThere = false;
      await withApt(source, async (options) => {
        const mirrors = await findMirrors((tool, args, rest) =>
          run(tool, [...options, ...args], rest),
        );
        isThere = mirrors.isReachable;
        tried = mirrors.tried;
      });
      return isThere;
    };
    const away = 'deb http://127.0.0.1:9/debian stable main';
    assert.equal(
      await answers(`${away}\ndeb http://127.0.0.1:9/debian stable-updates main`),
      false,
    );
    assert.equal(tried.length, 1, 'each mirror once, not each suite of it');
    assert.match(tried[0] ?? '', /^http:\/\/127\.0\.0\.1:9\/debian \(Could not connect to .+\)$/);
    assert.equal(await answers(`deb http://127.0.0.1:9/debian stable main\n${EMPTY}`), true);
    // Whatever it answers, it is there.
    const mirror = createServer((_, response) => void response.writeHead(404).end());
    mirror.listen(0, '127.0.0.1');
    await once(mirror, 'listening');
    const address = mirror.address();
    assert.ok(address !== null && typeof address === 'object');
    assert.equal(await answers(`deb http://127.0.0.1:${address.port}/debian stable main`), true);
    mirror.close();
  });

  test('package sources that are missing end the installation only when a package cannot be had', async () => {
    const failing = (stderr: string) => ({ stdout: '', stderr, exitStatus: 100 });
    const broken =
      "E: The repository 'http://third.example stable Release' does not have a Release file.";
    const away = 'W: Failed to fetch http://mirror/InRelease  Could not connect to mirror:80';
    const install =
      (stderr: string, known: string) => async (): Promise<{ calls: Call[]; said: string[] }> => {
        const said: string[] = [];
        let made: Call[] = [];
        await withMachine(
          async (system, calls) => {
            made = calls;
            await packages.apply(await sampleContext(system, samplePlan(), said));
          },
          (call) => {
            if (call.includes('update')) return failing(stderr);
            return call[0] === 'apt-cache' ? known : '';
          },
        );
        return { calls: made, said };
      };
    const { calls, said } = await install(broken, 'udpcast\nopenssl\nnfs-kernel-server\n')();
    assert.ok(calls.some((call) => call.includes('install') && !call.includes('--simulate')));
    assert.match(said.join('\n'), /third\.example/);
    await assert.rejects(install(broken, '')(), (error) => {
      assert.ok(error instanceof OperatorError);
      assert.match(error.message, /udpcast.*not all package sources/);
      return error.code === 'tool-failed';
    });
    await assert.rejects(install(away, '')(), (error) => {
      assert.ok(error instanceof OperatorError);
      assert.match(error.message, /the Debian mirror of this machine cannot be reached/);
      assert.match(error.hint, /Acquire::http::Proxy/);
      return error.code === 'connection-failed';
    });
  });
});

describe('a dpkg that was interrupted', () => {
  const pending = async (name: string | null, audit: string): Promise<Call[]> => {
    let made: Call[] = [];
    await withMachine(
      async (system, calls) => {
        made = calls;
        await mkdir(join(system.root, 'var/lib/dpkg/updates'), { recursive: true });
        if (name !== null) await writeFile(join(system.root, 'var/lib/dpkg/updates', name), '');
        await finishInterrupted(system, () => undefined);
      },
      (call) => (call.includes('--audit') ? audit : ''),
    );
    return made.filter((call) => call.includes('--configure'));
  };

  test('a dpkg that was interrupted is finished first', async () => {
    assert.equal((await pending('0003', '')).length, 1);
    assert.equal((await pending(null, 'udpcast  not configured')).length, 1);
  });

  test('a dpkg that was interrupted is finished although a package brings a new version of a file that somebody has changed, which stays', async () => {
    await withDebian(async ({ root, run: onRoot, pack, statusOf }) => {
      const files = { 'etc/sample.conf': 'of version 1\n' };
      const first = await pack('sample', { version: '1', files });
      await onRoot('dpkg', ['--install', first]);
      await writeFile(join(root, 'etc/sample.conf'), 'of the administrator\n');
      const second = await pack('sample', {
        version: '2',
        files: { 'etc/sample.conf': 'of version 2\n' },
      });
      await onRoot('dpkg', ['--unpack', second]);
      await finishInterrupted({ run: onRoot, root, operatorSocket: '' }, () => undefined);
      assert.equal(await readFile(join(root, 'etc/sample.conf'), 'utf8'), 'of the administrator\n');
      assert.deepEqual(await statusOf('sample'), 'install ok installed 2');
    });
  });

  test('a dpkg that was interrupted before it unpacked what a package needs is finished with that', async () => {
    await withDebian(async ({ root, run: onRoot, pack, publish, statusOf }) => {
      const needing = await pack('needing', { version: '1', depends: 'needed' });
      await pack('needed', { version: '3' });
      await publish();
      await assert.rejects(onRoot('dpkg', ['--install', needing]), /dependency problems|needing/);
      assert.equal(await statusOf('needing'), 'install ok unpacked 1');
      const said: string[] = [];
      await finishInterrupted({ run: onRoot, root, operatorSocket: '' }, (text) => said.push(text));
      assert.equal(await statusOf('needing'), 'install ok installed 1');
      assert.equal(await statusOf('needed'), 'install ok installed 3');
      assert.match(said.join('\n'), /apt-get --fix-broken install/);
    });
  });

  test('a dpkg that was interrupted is not finished by removing a package: the error names it', async () => {
    await withDebian(async ({ root, run: onRoot, pack, publish, statusOf }) => {
      const needing = await pack('needing', { version: '1', depends: 'gone' });
      await publish();
      await assert.rejects(onRoot('dpkg', ['--install', needing]));
      await assert.rejects(
        finishInterrupted({ run: onRoot, root, operatorSocket: '' }, () => undefined),
        (error) => {
          assert.ok(error instanceof OperatorError);
          assert.match(error.hint, /apt-get --fix-broken install/);
          assert.match(causesOf(error).join('\n'), /remove/i);
          return error.code === 'tool-failed';
        },
      );
      assert.equal(await statusOf('needing'), 'install ok unpacked 1');
    });
  });

  test('a dpkg that was interrupted is left alone when somebody waits for its lock no longer: nothing is installed', async () => {
    const asked: string[] = [];
    const cancelled = new OperatorError({ code: 'cancelled', message: 'waiting', hint: 'Later.' });
    await withDebian(async ({ root, run: onRoot, pack }) => {
      await onRoot('dpkg', ['--unpack', await pack('sample', { version: '1' })]);
      const refusing: Run = (tool, args, options) => {
        asked.push(tool);
        return args.includes('--configure')
          ? Promise.reject(cancelled)
          : onRoot(tool, args, options);
      };
      const system = { run: refusing, root, operatorSocket: '' };
      await assert.rejects(
        finishInterrupted(system, () => undefined),
        { code: 'cancelled' },
      );
    });
    assert.deepEqual(new Set(asked), new Set(['dpkg']));
  });

  test('a dpkg that was interrupted is not looked for where there is none', async () => {
    assert.equal((await pending(null, '')).length, 0);
    assert.equal((await pending('tmp.i', '')).length, 0);
  });
});
