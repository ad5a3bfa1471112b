import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { rollBack } from '../../installer/changes/roll-back.ts';
import { placeLoaders, readLoaderRecord } from '../../installer/loaders/install.ts';
import { loaderFiles } from '../../installer/loaders/files.ts';
import { grubFeatures } from '../../installer/loaders/grub-features.ts';
import { loaders } from '../../installer/steps/loaders.ts';
import { OperatorError } from '../../lib/errors.ts';
import type { Run } from '../../lib/exec/run.ts';
import type { Site } from '../../lib/model/site.ts';
import { FULL, NONE, PROXY, sampleSite } from './sample-site.ts';
import { sampleContext, samplePlan, withMachine } from './samples.ts';

const OLD_GRUB = 'a GRUB of Debian 12';
const NEW_GRUB = 'User-Agent: GRUB 2.12 … setting values from proxy offer';
const SHIM = 'usr/lib/shim/shimx64.efi.signed';
const GRUB = 'usr/lib/grub/x86_64-efi-signed/grubnetx64.efi.signed';

describe('the boot loaders', () => {
  let directory = '';
  let site: Site;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'openclone-loaders-test-'));
    site = siteWith([FULL, PROXY]);
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  function siteWith(subnets: Parameters<typeof sampleSite>[0]): Site {
    const directories = {
      tftpDirectory: `${directory}/tftp`,
      netbootDirectory: `${directory}/net`,
    };
    return { ...sampleSite(subnets), ...directories };
  }

  test('the boot loaders are placed with their versions, the signed ones also beside a foreign DHCP server', async () => {
    const record = await placeLoaders(fakeTools(packageFiles(NEW_GRUB)), site);
    assert.deepEqual(record.grub, { http: true, proxyDhcp: true });
    assert.equal(record.packages['shim-signed'], '1.0');
    assert.equal(read('tftp/grubx64.efi'), NEW_GRUB);
    assert.equal(read('tftp/proxy/lab/uefi.efi'), SHIM);
    assert.equal(read('tftp/proxy/lab/grubx64.efi'), NEW_GRUB);
    assert.equal(read('tftp/http/shimx64.efi'), SHIM);
    assert.equal(read('tftp/bios/main/lpxelinux.0'), 'usr/lib/PXELINUX/lpxelinux.0');
    assert.equal(read('net/loaders/shimx64.efi'), SHIM);
    assert.deepEqual(await readLoaderRecord(site), record);
  });

  test('the boot loaders are our own GRUB beside a foreign DHCP server when the signed one would not find us', async () => {
    const record = await placeLoaders(fakeTools(packageFiles(OLD_GRUB)), site);
    assert.deepEqual(record.grub, { http: false, proxyDhcp: false });
    const made = read('tftp/proxy/lab/uefi.efi');
    assert.match(made, /^set openclone_server=192\.168\.8\.1$/m);
    assert.match(made, /^set prefix=\(tftp,192\.168\.8\.1\)\/grub$/m);
    // A firmware that asked for it would end in a GRUB that cannot read its menu.
    assert.ok(!existsSync(join(directory, 'tftp/http')));
  });

  test('the boot loaders of a subnet that is gone are removed', async () => {
    const tools = fakeTools(packageFiles(NEW_GRUB));
    await placeLoaders(tools, site);
    writeFileSync(join(directory, 'tftp/bios/lab/mine'), '');
    await placeLoaders(tools, siteWith([FULL, NONE]));
    assert.ok(!existsSync(join(directory, 'tftp/bios/lab/lpxelinux.0')));
    assert.ok(!existsSync(join(directory, 'tftp/proxy/lab/uefi.efi')));
    assert.ok(existsSync(join(directory, 'tftp/bios/lab/mine')));
    assert.ok(existsSync(join(directory, 'tftp/bios/office/lpxelinux.0')));
  });

  test('the boot loaders stay as they are when a package lacks one of them', async () => {
    await placeLoaders(fakeTools(packageFiles(NEW_GRUB)), site);
    const files = packageFiles(OLD_GRUB);
    files.delete('usr/lib/syslinux/modules/bios/chain.c32');
    await assert.rejects(
      placeLoaders(fakeTools(files), site),
      (error: unknown) => error instanceof OperatorError && error.code === 'not-found',
    );
    assert.equal(read('tftp/grubx64.efi'), NEW_GRUB);
  });

  test('the boot loaders can be read by everybody, whatever the umask of root is', async () => {
    const before = process.umask(0o077);
    try {
      await placeLoaders(fakeTools(packageFiles(NEW_GRUB)), site);
    } finally {
      process.umask(before);
    }
    const modeOf = (name: string): number => statSync(join(directory, name)).mode & 0o777;
    for (const name of ['tftp', 'tftp/bios', 'tftp/bios/lab']) assert.equal(modeOf(name), 0o755);
    for (const name of ['grubx64.efi', 'loaders.json']) assert.equal(modeOf(`tftp/${name}`), 0o644);
  });

  test("the boot loaders leave nothing in somebody else's TFTP directory when they are taken back, and nothing of theirs goes", async () => {
    for (const theirs of [['theirs.img'], ['theirs.img', 'http/theirs.efi']]) {
      await withMachine(async (machine) => {
        const system = { ...machine, run: fakeTools(packageFiles(NEW_GRUB)) };
        const plan = samplePlan({ tftpDirectory: '/srv/tftp', dhcp: { type: 'proxy' } });
        const tftp = join(system.root, 'srv/tftp');
        mkdirSync(tftp, { recursive: true });
        const context = await sampleContext(system, plan);
        await loaders.apply(context);
        assert.ok(existsSync(join(tftp, 'http/shimx64.efi')));
        assert.ok(existsSync(join(tftp, 'proxy/main/uefi.efi')));
        for (const name of theirs) writeFileSync(join(tftp, name), '');
        const { kept, failed } = await rollBack(system, context.journal.ofThisRun, {
          reason: 'uninstall',
          purgeData: false,
          removePackages: false,
          onReverted: (change) => context.journal.forget(change),
        });
        assert.deepEqual(failed, []);
        assert.equal(kept.length, theirs.length - 1);
        const left = readdirSync(tftp, { recursive: true, withFileTypes: true });
        assert.deepEqual(
          left.flatMap((entry) => (entry.isFile() ? [entry.name] : [])).sort(),
          theirs.map((name) => basename(name)).sort(),
        );
        const directories = left.flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
        assert.deepEqual(directories, theirs.length === 1 ? [] : ['http']);
      });
    }
  });

  test('the boot loaders have no record before they were placed, nor when another version wrote it', async () => {
    assert.equal(await readLoaderRecord(site), null);
    mkdirSync(site.tftpDirectory);
    writeFileSync(join(site.tftpDirectory, 'loaders.json'), '{"formatVersion":2}');
    assert.equal(await readLoaderRecord(site), null);
  });

  test('the boot loaders come from packages of Ubuntu by its names of shim', () => {
    const shim = loaderFiles(sampleSite([FULL]), { http: true, proxyDhcp: true }).find(
      ({ to }) => to === 'tftp/shimx64.efi',
    );
    assert.ok(shim?.from.type === 'package');
    assert.ok(shim.from.paths.includes('usr/lib/shim/shimx64.efi.signed.latest'));
  });

  test('the boot loaders are told apart by what is in GRUB', () => {
    assert.deepEqual(grubFeatures(Buffer.from('… User-Agent: GRUB …')), {
      http: true,
      proxyDhcp: false,
    });
  });

  function read(name: string): string {
    return readFileSync(join(directory, name), 'utf8');
  }
});

/** Path inside the packages → content; most contain their own path. */
function packageFiles(grub: string): Map<string, string> {
  const bios = ['ldlinux', 'chain', 'libcom32', 'libutil'].map(
    (name) => `usr/lib/syslinux/modules/bios/${name}.c32`,
  );
  const paths = [
    SHIM,
    'usr/lib/shim/mmx64.efi.signed',
    'usr/lib/PXELINUX/lpxelinux.0',
    ...bios,
    'usr/lib/grub/x86_64-efi-signed/gcdx64.efi.signed',
    'usr/bin/grub-mkimage',
    'usr/lib/grub/x86_64-efi/kernel.img',
    'lib/x86_64-linux-gnu/libdevmapper.so.1.02.1',
  ];
  return new Map([...paths.map((path) => [path, path] as const), [GRUB, grub]]);
}

/** apt and dpkg as they answer, with packages of these files; GRUB's image maker copies its configuration. */
function fakeTools(files: ReadonlyMap<string, string>): Run {
  const done = { stdout: '', stderr: '', exitStatus: 0 };
  return async (tool, args) => {
    const last = args.at(-1) ?? '';
    if (tool === 'apt-cache') return Promise.resolve({ ...done, stdout: `Package: ${last}\n` });
    if (tool === 'apt-get') return Promise.resolve(done);
    if (tool === 'env') {
      const target = args[1] ?? '';
      for (const name of args.slice(args.indexOf('download') + 1)) {
        writeFileSync(join(target, `${name}.deb`), '');
      }
      return done;
    }
    if (tool === 'dpkg-deb' && args[0] === '--show') {
      const name = last.replace(/^.*\/|\.deb$/g, '');
      return { ...done, stdout: `${name} 1.0` };
    }
    if (tool === 'dpkg-deb') {
      for (const [path, content] of files) {
        mkdirSync(dirname(join(last, path)), { recursive: true });
        writeFileSync(join(last, path), content);
      }
      return done;
    }
    assert.match(tool, /\/usr\/bin\/grub-mkimage$/);
    const valueOf = (option: string): string => args[args.indexOf(option) + 1] ?? '';
    writeFileSync(valueOf('--output'), readFileSync(valueOf('--config')));
    return done;
  };
}
