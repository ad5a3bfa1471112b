/** The real server with a site: what a host would boot, at each moment of its work. */

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { run } from '../../../lib/exec/run.ts';
import type { HostId } from '../../../lib/model/ids.ts';
import type { Status } from '../../../lib/model/status.ts';
import { freePort } from '../../support/ports.ts';
import { RunningServer } from '../running-server.ts';
import { type TestEngine } from '../test-engine.ts';
import { operationEnded, plan, started, stepEnded } from '../../support/run-events.ts';
import { sampleHost } from '../store/sample-data.ts';
import { addBuild, makeSiteDirectories, sampleSite } from './sample-site.ts';
import { deployTask, shutdownTask } from '../../support/task-requests.ts';
import { withDirectory } from '../../support/directories.ts';
import { english } from '../../support/messages.ts';

const DEPLOY = {
  image: 'win11',
  disk: { type: 'only' },
  transport: 'unicast',
  gatherMs: 0,
} as const;

type Engine = TestEngine & { hostId: HostId };

class BootingServer extends RunningServer {
  /** What the host of this number, or an unknown one, would boot now by BIOS and by UEFI. */
  boots(index: number | null): string {
    const tftp = join(this.directory, 'tftp');
    const mac = index === null ? '02:00:00:00:00:01' : sampleHost(index).mac;
    const pick = (own: string, common: string): string => {
      const path = existsSync(join(tftp, own)) ? own : common;
      return /boot\/b\d\/vmlinuz/.test(readFileSync(join(tftp, path), 'utf8')) ? 'engine' : 'disk';
    };
    const found = new Set([
      ...['main', 'room-2'].map((subnet) => {
        const directory = `bios/${subnet}/pxelinux.cfg`;
        return pick(`${directory}/01-${mac.replaceAll(':', '-')}`, `${directory}/default`);
      }),
      pick(`grub/hosts/${mac}.cfg`, 'grub/default.cfg'),
    ]);
    return [...found].join(' or ');
  }

  /** Host 1 with its engine and an image; automatic registration is off. */
  async prepare(): Promise<Engine> {
    const engine = await this.readyEngine(1);
    await this.captureImage(engine);
    await this.setAutomaticRegistration(false);
    assert.equal(this.boots(1), 'disk');
    return engine;
  }

  async deploy(afterwards: 'reboot' | null = null): Promise<void> {
    const { call } = await this.operator();
    await call('task.create', deployTask({ ...DEPLOY, targets: [sampleHost(1).mac], afterwards }));
  }
}

async function withBooting(
  use: (server: BootingServer) => Promise<void>,
  change: Partial<Pick<BootingServer, 'graceMs'>> = {},
): Promise<void> {
  await withDirectory(async (directory) => {
    const server = Object.assign(new BootingServer(directory, await freePort()), change);
    server.site = sampleSite(directory, { httpPort: await freePort() });
    await makeSiteDirectories(server.site, 'b1');
    try {
      await server.start();
      await use(server);
    } finally {
      await server.stop();
    }
  });
}

describe('a host', () => {
  test('a host boots the engine when the call that gives it work is answered, and its disk once it is done', async () => {
    await withBooting(async (server) => {
      const engine = await server.prepare();
      await server.deploy();
      assert.equal(server.boots(1), 'engine');
      const { runId } = await engine.nextWork();
      assert.equal(server.boots(1), 'engine');
      await engine.report(runId, 1, plan('write-p1'), started('write-p1'));
      assert.equal(server.boots(1), 'engine');
      await engine.report(runId, 3, operationEnded('completed'));
      assert.equal(server.boots(1), 'disk');
    });
  });

  test('a host boots its disk already when it is told to reboot', async () => {
    await withBooting(async (server) => {
      const engine = await server.prepare();
      await server.deploy('reboot');
      const { runId } = await engine.nextWork();
      const done = [stepEnded('write-p1'), operationEnded('completed')];
      await engine.report(runId, 1, plan('write-p1'), ...done);
      // Even before it is told: who is switched off now has its image.
      assert.equal(server.boots(1), 'disk');
      const next = await engine.nextWork();
      assert.equal(next.type, 'shutdown');
      assert.equal(server.boots(1), 'disk');
    });
  });

  test('a host that is only to be rebooted boots its disk as soon as it has been told', async () => {
    await withBooting(async (server) => {
      const engine = await server.prepare();
      const { call } = await server.operator();
      await call('task.create', shutdownTask({ targets: [engine.hostId], mode: 'reboot' }));
      assert.equal(server.boots(1), 'engine');
      const { type } = await engine.nextWork();
      assert.equal(type, 'shutdown');
      assert.equal(server.boots(1), 'disk');
    });
  });

  test('a host that is switched off with work comes back to it', async () => {
    const comesBack = async (server: BootingServer): Promise<void> => {
      const engine = await server.prepare();
      await server.deploy();
      const { runId } = await engine.nextWork();
      await engine.report(runId, 1, plan('write-p1'), started('write-p1'));
      engine.peer.close('end.done');
      await engine.peer.closed;
      assert.equal(server.boots(1), 'engine');
      // Its new engine knows nothing of the run, which begins again: until then the disk is half written.
      const again = await server.engine(1);
      const hostId = await again.register();
      await again.logon(hostId);
      assert.equal(server.boots(1), 'engine');
      const { call } = await server.operator();
      const host = await call('host.show', { host: hostId });
      assert.equal(host.halfWritten?.runId, runId);
      assert.equal((await again.nextWork()).runId, runId);
      await again.report(runId, 1, plan('write-p1'), operationEnded('completed'));
      assert.equal((await call('host.show', { host: hostId })).halfWritten, null);
      assert.equal(server.boots(1), 'disk');
    };
    // Another start of the engine has to wait until the run of the one before is abandoned.
    await withBooting(comesBack, { graceMs: 50 });
  });

  test('a host that failed after it began to write boots the engine until its disk is complete or cleared', async () => {
    await withBooting(async (server) => {
      const engine = await server.prepare();
      const { call } = await server.operator();
      const failure = operationEnded('failed', { diskOutcome: 'cleared', code: 'hash-mismatch' });
      await server.deploy();
      const first = await engine.nextWork();
      await engine.report(first.runId, 1, plan('write-p1'), failure);
      assert.equal(server.boots(1), 'engine');
      // Forgotten and registered again it would boot that disk.
      await assert.rejects(call('host.delete', { host: engine.hostId }), {
        code: 'not-allowed',
        message: /half written: deploy again, or clear the mark first/,
      });
      await call('host.clear', { host: engine.hostId });
      assert.equal(server.boots(1), 'disk');
      await assert.rejects(call('host.clear', { host: engine.hostId }), { code: 'not-allowed' });

      await server.deploy();
      const second = await engine.nextWork();
      await engine.report(second.runId, 1, plan('write-p1'), failure);
      await server.deploy();
      const third = await engine.nextWork();
      await engine.report(third.runId, 1, plan('write-p1'), operationEnded('completed'));
      assert.equal(server.boots(1), 'disk');
    });
  });

  test('a host that failed before it wrote boots its disk', async () => {
    await withBooting(async (server) => {
      const engine = await server.prepare();
      await server.deploy();
      const { runId } = await engine.nextWork();
      const failure = operationEnded('failed', {
        diskOutcome: 'untouched',
        code: 'disk-too-small',
      });
      await engine.report(runId, 1, plan('check-disk'), failure);
      assert.equal(server.boots(1), 'disk');
    });
  });

  test('a host whose work is cancelled boots its disk', async () => {
    await withBooting(async (server) => {
      await server.prepare();
      const { call } = await server.operator();
      const task = await call(
        'task.create',
        deployTask({
          ...DEPLOY,
          targets: [sampleHost(1).mac],
          afterwards: null,
        }),
      );
      assert.equal(server.boots(1), 'engine');
      await call('task.cancel', { task: task.id, host: null });
      assert.equal(server.boots(1), 'disk');
    });
  });

  test('a host gets the shell of one start of its engine, which no agent takes away', async () => {
    await withBooting(async (server) => {
      const engine = await server.prepare();
      const { call } = await server.operator();
      await call('host.edit', { host: engine.hostId, debugShell: true });
      await server.deploy();
      const path = join(server.directory, `tftp/grub/hosts/${sampleHost(1).mac}.cfg`);
      assert.match(readFileSync(path, 'utf8'), / openclone\.debug /);
      // An engine that is running logs on again without being started.
      await engine.logon(engine.hostId);
      assert.match(readFileSync(path, 'utf8'), / openclone\.debug /);
      // The shell is the engine's: an agent in the installed system leaves it to that.
      const agent = await server.engine(1);
      agent.worker = 'agent';
      await agent.register();
      assert.match(readFileSync(path, 'utf8'), / openclone\.debug /);
      await (await server.engine(1)).register();
      assert.doesNotMatch(readFileSync(path, 'utf8'), /openclone\.debug/);
      assert.equal(server.boots(1), 'engine');
    });
  });
});

describe('an unknown host', () => {
  test('an unknown host boots the engine while automatic registration is on and the server is up', async () => {
    await withBooting(async (server) => {
      assert.equal(server.boots(null), 'engine');
      const { call } = await server.operator();
      await call('settings.set', { automaticRegistration: false });
      assert.equal(server.boots(null), 'disk');
      await call('settings.set', { automaticRegistration: true });
      assert.equal(server.boots(null), 'engine');
      await server.readyEngine(1);
      assert.equal(server.boots(1), 'disk');
      await server.stop();
      assert.equal(server.boots(null), 'disk');
      await server.start();
      assert.equal(server.boots(null), 'engine');
    });
  });

  test('an unknown host boots its disk after `server --release-boot-files`, which wants a site and no store', async () => {
    await withBooting(async (server) => {
      const site = join(server.directory, 'site.json');
      await writeFile(site, JSON.stringify(server.site));
      const program = join(import.meta.dirname, '../../../server/main.ts');
      // The running server holds the lock of its store.
      await run(process.execPath, [program, '--release-boot-files', '--site', site]);
      assert.equal(server.boots(null), 'disk');
      const without = await run(process.execPath, [program, '--release-boot-files'], {
        allowedStatuses: [2],
      });
      assert.match(without.stderr, /Add --site FILE/);
      await writeFile(site, JSON.stringify({ ...server.site, formatVersion: 9 }));
      const newer = await run(process.execPath, [program, '--site', site], {
        allowedStatuses: [2],
      });
      assert.match(newer.stderr, /it has version 9, this program knows 1/);
    });
  });
});

describe('the server', () => {
  test('the server says what hosts boot, and takes a new build when asked', async () => {
    await withBooting(async (server) => {
      const { call } = await server.operator();
      assert.deepEqual((await call('status.get', {})).boot, { build: 'b1' });
      assert.ok(server.site !== null);
      await addBuild(server.site, 'b2');
      assert.deepEqual(await call('boot.refresh', {}), { build: 'b2', problems: [] });
      const { boot, problems } = await call('status.get', {});
      assert.deepEqual([boot, problems], [{ build: 'b2' }, []]);
    });
  });

  test('the server tells who watches that there is no build', async () => {
    await withDirectory(async (directory) => {
      const server = new BootingServer(directory, await freePort());
      server.site = sampleSite(directory, { httpPort: await freePort() });
      await makeSiteDirectories(server.site, null);
      try {
        await server.start();
        const statuses: Status[] = [];
        const { call } = await server.operator((status) => statuses.push(status));
        const { boot, problems } = await call('status.watch', { intervalMs: 100 });
        assert.deepEqual(boot, { build: null });
        assert.match(english(problems[0]?.what), /no root file system/);
        assert.equal(server.boots(null), 'disk');
        await addBuild(server.site, 'b1');
        await call('boot.refresh', {});
        const deadline = performance.now() + 10_000;
        while (statuses.at(-1)?.boot?.build !== 'b1') {
          assert.ok(performance.now() < deadline);
          await new Promise((resolve) => setImmediate(resolve));
        }
        assert.equal(server.boots(null), 'engine');
      } finally {
        await server.stop();
      }
    });
  });

  test('the server serves the kernel by HTTP at the port of the site, and nothing of its own', async () => {
    await withBooting(async (server) => {
      const status = (path: string): Promise<number> =>
        new Promise((resolve, reject) => {
          const port = server.site?.httpPort ?? 0;
          const asked = request({ host: '127.0.0.1', port, path, agent: false }, (response) => {
            response.resume();
            response.on('end', () => resolve(response.statusCode ?? 0));
          });
          asked.on('error', reject);
          asked.end();
        });
      assert.equal(await status('/boot/b1/vmlinuz'), 200);
      assert.equal(await status('/rootfs/b1.squashfs'), 200);
      assert.equal(await status('/../data/store.json'), 404);
      assert.equal(await status('/operator'), 404);
    });
  });

  test('the server without a site boots nobody and says so', async () => {
    await withDirectory(async (directory) => {
      const server = new RunningServer(directory, await freePort());
      try {
        await server.start();
        const { call } = await server.operator();
        assert.equal((await call('status.get', {})).boot, null);
        await assert.rejects(call('boot.refresh', {}), { code: 'not-allowed' });
      } finally {
        await server.stop();
      }
    });
  });
});
