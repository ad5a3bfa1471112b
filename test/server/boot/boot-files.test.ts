import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { Host } from '../../../lib/model/host.ts';
import { Settings } from '../../../lib/model/settings.ts';
import { Run } from '../../../lib/model/task.ts';
import type { Site } from '../../../lib/model/site.ts';
import { BootFiles, releaseBootFiles } from '../../../server/boot/boot-files.ts';
import { emptyStore, type StoreData } from '../../../server/store/schema.ts';
import { captureLog } from '../captured-log.ts';
import { sampleHost } from '../store/sample-data.ts';
import { addBuild, makeSiteDirectories, sampleSite } from './sample-site.ts';
import { until } from '../../support/wait.ts';
import { withDirectory } from '../../support/directories.ts';
import { english } from '../../support/messages.ts';

const BIOS = ['bios/main/pxelinux.cfg', 'bios/room-2/pxelinux.cfg'];
const HALF_WRITTEN = {
  runId: Run.shape.id.parse('run-0000000001'),
  disk: '/dev/sda',
  since: '2026-11-21T07:00:00.000Z',
};

/** A store that is a variable, and the boot files that follow it. */
class Desk {
  readonly site: Site;
  data: StoreData = emptyStore();
  readonly files: BootFiles;
  changes = 0;
  readonly captured = captureLog();

  constructor(site: Site) {
    this.site = site;
    this.files = new BootFiles({
      site,
      read: () => this.data,
      pollMs: 20,
      log: this.captured.log,
      onChanged: () => (this.changes += 1),
    });
  }

  set(hosts: readonly Host[], automaticRegistration = false): Promise<void> {
    this.data = {
      ...this.data,
      hosts: [...hosts],
      settings: Settings.parse({ automaticRegistration }),
    };
    return this.files.flush();
  }

  text(path: string): Promise<string> {
    return readFile(join(this.site.tftpDirectory, path), 'utf8');
  }

  /** The names in a directory of TFTP. */
  async names(path: string): Promise<string[]> {
    return (await readdir(join(this.site.tftpDirectory, path))).sort();
  }
}

async function withDesk(
  use: (desk: Desk, directory: string) => Promise<void>,
  build: string | null = 'b1',
): Promise<void> {
  await withDirectory(async (directory) => {
    const desk = new Desk(sampleSite(directory));
    await makeSiteDirectories(desk.site, build);
    try {
      await use(desk, directory);
    } finally {
      await desk.files.close();
    }
  });
}

function halfWritten(index: number): Host {
  return { ...sampleHost(index), halfWritten: HALF_WRITTEN };
}

describe('boot files', () => {
  test('boot files follow the store, file by file, readable for everybody', async () => {
    await withDesk(async (desk) => {
      await desk.files.start();
      assert.deepEqual(await desk.names(BIOS[0] ?? ''), ['default']);
      assert.match(await desk.text('grub/default.cfg'), /\nexit\n/);
      await desk.set([halfWritten(1), sampleHost(2)]);
      for (const directory of BIOS) {
        assert.deepEqual(await desk.names(directory), ['01-52-54-00-00-00-01', 'default']);
      }
      assert.deepEqual(await desk.names('grub/hosts'), ['52:54:00:00:00:01.cfg']);
      assert.match(await desk.text('grub/hosts/52:54:00:00:00:01.cfg'), /boot\/b1\/vmlinuz/);
      for (const path of ['grub/hosts/52:54:00:00:00:01.cfg', 'grub/default.cfg']) {
        const { mode } = await stat(join(desk.site.tftpDirectory, path));
        assert.equal(mode & 0o777, 0o644, path);
      }
      await desk.set([sampleHost(1), sampleHost(2)]);
      assert.deepEqual(await desk.names('grub/hosts'), []);
      assert.deepEqual(desk.files.problems, []);
    });
  });

  test('boot files follow what the engine tells of the disk', async () => {
    await withDesk(async (desk) => {
      await desk.files.start();
      const knowing = (signature: string): Host => {
        const host = sampleHost(1);
        assert.ok(host.systemInfo !== null);
        const disks = host.systemInfo.disks.map((disk) => ({
          ...disk,
          bootSector: { signature, hasCode: true },
        }));
        return { ...host, systemInfo: { ...host.systemInfo, disks } };
      };
      const path = `${BIOS[0] ?? ''}/01-52-54-00-00-00-01`;
      for (const signature of ['1b2e3f40', '1b2e3f41']) {
        await desk.set([knowing(signature)]);
        assert.match(await desk.text(path), new RegExp(`APPEND mbr:0x${signature}\n`));
      }
      await desk.set([sampleHost(1)]);
      assert.deepEqual(await desk.names(BIOS[0] ?? ''), ['default']);
    });
  });

  test('boot files send unknown hosts to the engine, and known ones to their disks, while that is on', async () => {
    await withDesk(async (desk) => {
      await desk.files.start();
      await desk.set([sampleHost(1)], true);
      assert.match(await desk.text('grub/default.cfg'), /vmlinuz/);
      assert.match(await desk.text('bios/room-2/pxelinux.cfg/default'), /vmlinuz/);
      assert.match(await desk.text('grub/hosts/52:54:00:00:00:01.cfg'), /\nexit\n/);
      await desk.set([sampleHost(1)], false);
      assert.doesNotMatch(await desk.text('grub/default.cfg'), /vmlinuz/);
      assert.deepEqual(await desk.names('grub/hosts'), []);
    });
  });

  test('boot files: lead unknown hosts to their disks when the server stops, others to their work', async () => {
    await withDesk(async (desk) => {
      await desk.files.start();
      await desk.set([halfWritten(1)], true);
      const work = await desk.text('grub/hosts/52:54:00:00:00:01.cfg');
      await desk.files.close();
      assert.doesNotMatch(await desk.text('grub/default.cfg'), /vmlinuz/);
      assert.doesNotMatch(await desk.text('bios/main/pxelinux.cfg/default'), /vmlinuz/);
      assert.equal(await desk.text('grub/hosts/52:54:00:00:00:01.cfg'), work);
    });
  });

  test('boot files are released by somebody else after a server that was killed', async () => {
    await withDesk(async (desk) => {
      await desk.files.start();
      await desk.set([halfWritten(1)], true);
      await releaseBootFiles(desk.site);
      for (const path of ['grub/default.cfg', 'bios/main/pxelinux.cfg/default']) {
        assert.doesNotMatch(await desk.text(path), /vmlinuz/, path);
      }
      assert.match(await desk.text('grub/hosts/52:54:00:00:00:01.cfg'), /vmlinuz/);
    });
  });

  test('boot files lose what is stale at start, and keep what is not ours', async () => {
    await withDesk(async (desk) => {
      const directory = join(desk.site.tftpDirectory, 'bios/main/pxelinux.cfg');
      await writeFile(join(directory, '01-52-54-00-00-00-09'), 'stale');
      await writeFile(join(directory, '01-52-54-00-00-00-01.incoming'), 'half');
      await writeFile(join(directory, 'C0A8'), 'an operator’s');
      await writeFile(join(desk.site.tftpDirectory, 'grub/hosts/52:54:00:00:00:09.cfg'), 'stale');
      await desk.files.start();
      assert.deepEqual(await desk.names('bios/main/pxelinux.cfg'), ['C0A8', 'default']);
      assert.deepEqual(await desk.names('grub/hosts'), []);
    });
  });

  test('boot files change all when another build becomes the current one', async () => {
    await withDesk(async (desk) => {
      await desk.files.start();
      await desk.set([halfWritten(1)]);
      await addBuild(desk.site, 'b2');
      const path = 'bios/main/pxelinux.cfg/01-52-54-00-00-00-01';
      await until('the boot files name the new build', async () =>
        (await desk.text(path)).includes('boot/b2/vmlinuz'),
      );
      assert.equal(desk.files.build, 'b2');
    });
  });

  test("boot files change all when the language of the hosts' screens becomes another one", async () => {
    await withDesk(async (desk) => {
      await desk.files.start();
      await desk.set([halfWritten(1)], true);
      const path = 'bios/main/pxelinux.cfg/default';
      assert.doesNotMatch(await desk.text(path), /openclone\.language/);
      const settings = { ...desk.data.settings, hostLanguage: 'de' } as const;
      desk.data = { ...desk.data, settings };
      await desk.files.flush();
      assert.match(await desk.text(path), / openclone\.language=de /);
    });
  });

  test('boot files send everybody to their disks without a build, or without its kernel, and say so', async () => {
    await withDesk(async (desk) => {
      await desk.files.start();
      await desk.set([halfWritten(1)], true);
      assert.deepEqual(await desk.names('grub/hosts'), []);
      assert.doesNotMatch(await desk.text('grub/default.cfg'), /vmlinuz/);
      assert.match(english(desk.files.problems[0]?.what), /there is no root file system/);
      await addBuild(desk.site, 'b1');
      await rm(join(desk.site.tftpDirectory, 'boot/b1/initrd.img'));
      await desk.files.refresh();
      assert.match(english(desk.files.problems[0]?.what), /initrd\.img of the current build b1/);
      await addBuild(desk.site, 'b1');
      await desk.files.refresh();
      assert.deepEqual(desk.files.problems, []);
      assert.deepEqual(await desk.names('grub/hosts'), ['52:54:00:00:00:01.cfg']);
    }, null);
  });

  test('boot files are written again when somebody has changed or removed them and asks for it', async () => {
    await withDesk(async (desk) => {
      await desk.files.start();
      await desk.set([halfWritten(1)]);
      const path = 'grub/hosts/52:54:00:00:00:01.cfg';
      const text = await desk.text(path);
      await writeFile(join(desk.site.tftpDirectory, path), 'changed');
      await rm(join(desk.site.tftpDirectory, 'bios'), { recursive: true });
      await desk.files.refresh();
      assert.equal(await desk.text(path), text);
      assert.equal((await desk.names('bios/room-2/pxelinux.cfg')).length, 2);
    });
  });

  test('boot files that cannot be written are a problem for the operator, and are when they can', async () => {
    await withDesk(async (desk) => {
      await desk.files.start();
      // A file where the directory should be: root may write everywhere else.
      const directory = join(desk.site.tftpDirectory, 'grub/hosts');
      await rm(directory, { recursive: true });
      await writeFile(directory, '');
      const before = desk.changes;
      await desk.set([halfWritten(1)]);
      assert.match(english(desk.files.problems[0]?.what), /writing the boot files failed: ENOTDIR/);
      assert.match(english(desk.files.problems[0]?.hint), /grub/);
      assert.ok(desk.changes > before);
      // What can be written is.
      assert.match(await desk.text('bios/main/pxelinux.cfg/01-52-54-00-00-00-01'), /vmlinuz/);
      await rm(directory);
      await mkdir(directory);
      await until('there is no problem any more', () => desk.files.problems.length === 0);
      assert.deepEqual(await desk.names('grub/hosts'), ['52:54:00:00:00:01.cfg']);
    });
  });

  test('boot files of one host are the only ones touched among many', async () => {
    await withDesk(async (desk) => {
      const hosts = Array.from({ length: 300 }, (_, index) => sampleHost(index + 1));
      await desk.files.start();
      await desk.set(hosts, true);
      const inodes = async (): Promise<Map<string, number>> => {
        const found = new Map<string, number>();
        for (const directory of [...BIOS, 'grub/hosts', 'grub']) {
          for (const name of await desk.names(directory)) {
            const path = `${directory}/${name}`;
            const { ino, isDirectory } = await inodeOf(join(desk.site.tftpDirectory, path));
            if (!isDirectory) found.set(path, ino);
          }
        }
        return found;
      };
      const before = await inodes();
      await desk.set([halfWritten(1), ...hosts.slice(1)], true);
      const after = await inodes();
      const changed = [...after].filter(([path, inode]) => before.get(path) !== inode);
      assert.equal(before.size, after.size);
      assert.deepEqual(changed.map(([path]) => path).sort(), [
        'bios/main/pxelinux.cfg/01-52-54-00-00-00-01',
        'bios/room-2/pxelinux.cfg/01-52-54-00-00-00-01',
        'grub/hosts/52:54:00:00:00:01.cfg',
      ]);
    });
  });

  test('boot files are never seen half written', async () => {
    await withDesk(async (desk) => {
      await desk.files.start();
      await desk.set([halfWritten(1)]);
      const path = 'bios/main/pxelinux.cfg/01-52-54-00-00-00-01';
      const whole = new Set([await desk.text(path)]);
      await desk.set([{ ...halfWritten(1), debugShell: true }]);
      whole.add(await desk.text(path));
      let turns = 0;
      const writing = (async () => {
        for (; turns < 100; turns += 1) {
          await desk.set([{ ...halfWritten(1), debugShell: turns % 2 === 0 }]);
        }
      })();
      let read = 0;
      while (turns < 100) {
        const text = await desk.text(path);
        assert.ok(whole.has(text), text);
        read += 1;
      }
      await writing;
      assert.ok(read > 10 && whole.size === 2);
    });
  });
});

async function inodeOf(path: string): Promise<{ ino: number; isDirectory: boolean }> {
  const found = await stat(path);
  return { ino: found.ino, isDirectory: found.isDirectory() };
}
