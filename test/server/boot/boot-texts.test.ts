import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { run } from '../../../lib/exec/run.ts';
import { MacAddress } from '../../../lib/model/names.ts';
import type { Site } from '../../../lib/model/site.ts';
import { UNKNOWN_DISK, type DiskBoot } from '../../../lib/rules/boot-choice.ts';
import type { Language } from '../../../lib/model/language.ts';
import { bootFileRenderer } from '../../../server/boot/boot-file-renderer.ts';
import { sampleSite, sampleSubnet } from './sample-site.ts';
import { withDirectory } from '../../support/directories.ts';

const MAC = MacAddress.parse('52:54:00:77:00:0a');
const BUILD = '20261121-1';

const OWN: DiskBoot = {
  localBoot: 'site',
  own: {
    loaders: [
      { filesystemUuid: '1A2B-3C4D', path: '/EFI/Microsoft/Boot/bootmgfw.efi' },
      { filesystemUuid: '1A2B-3C4D', path: '/EFI/debian/shimx64.efi' },
    ],
    diskSignature: '1b2e3f40',
  },
};

/** The text of a file that the list has for an engine or disk boot. */
function textOf(
  site: Site,
  path: string,
  choice: 'disk' | 'engine' | 'engine-debug' = 'engine',
  disk: DiskBoot = UNKNOWN_DISK,
): string {
  const list = bootFileRenderer(site, BUILD);
  const file = [...list.forHost(MAC, choice, disk), ...list.forUnknownHosts(choice)].find(
    (candidate) => candidate.path === path,
  );
  assert.ok(file !== undefined, path);
  return file.text;
}

const BIOS = `bios/main/pxelinux.cfg/01-52-54-00-77-00-0a`;
const UEFI = `grub/hosts/52:54:00:77:00:0a.cfg`;

test('a host has a file in each subnet and one for UEFI; so have all others', () => {
  const list = bootFileRenderer(sampleSite('/srv'), BUILD);
  assert.deepEqual(
    list.forHost(MAC, 'engine', UNKNOWN_DISK).map(({ path }) => path),
    [BIOS, 'bios/room-2/pxelinux.cfg/01-52-54-00-77-00-0a', UEFI],
  );
  assert.deepEqual(
    list.forUnknownHosts('disk').map(({ path }) => path),
    [
      'bios/main/pxelinux.cfg/default',
      'bios/room-2/pxelinux.cfg/default',
      'grub/default.cfg',
      'grub/grub.cfg',
    ],
  );
});

describe('PXELINUX', () => {
  test('PXELINUX loads the engine by HTTP, else by TFTP, each from the address of the subnet', () => {
    const site = sampleSite('/srv');
    const words =
      'boot=openclone openclone.server=10.77.0.1:7077 openclone.root=nfs:/srv/netboot/builds/20261121-1/rootfs init=/usr/lib/openclone/init panic=30';
    assert.equal(
      textOf(site, BIOS),
      [
        '# Written by the OpenClone server, which overwrites changes.',
        'SAY OpenClone: the engine is loaded from the server.',
        'PROMPT 0',
        'TIMEOUT 100',
        'DEFAULT http',
        'ONERROR tftp',
        'ONTIMEOUT tftp',
        'LABEL http',
        '  LINUX http://10.77.0.1/boot/20261121-1/vmlinuz',
        '  INITRD http://10.77.0.1/boot/20261121-1/initrd.img',
        `  APPEND ${words}`,
        '  IPAPPEND 3',
        'LABEL tftp',
        '  LINUX 10.77.0.1::boot/20261121-1/vmlinuz',
        '  INITRD 10.77.0.1::boot/20261121-1/initrd.img',
        `  APPEND ${words}`,
        '  IPAPPEND 3',
        '',
      ].join('\n'),
    );
    assert.match(
      textOf(site, 'bios/room-2/pxelinux.cfg/default'),
      /openclone\.server=10\.78\.0\.1:7077/,
    );
  });

  test('PXELINUX names another port, the squashfs, a shell and the site’s own words', () => {
    const site = sampleSite('/srv', {
      httpPort: 8080,
      enginePort: 7000,
      rootTransport: 'ram',
      kernelOptions: 'nomodeset vga=0x317',
    });
    const text = textOf(site, BIOS, 'engine-debug');
    assert.match(text, /LINUX http:\/\/10\.77\.0\.1:8080\/boot/);
    assert.match(
      text,
      /APPEND boot=openclone openclone\.server=10\.77\.0\.1:7000 openclone\.root=http:8080:\/rootfs\/20261121-1\.squashfs openclone\.debug init=\S+ panic=30 nomodeset vga=0x317\n/,
    );
    assert.doesNotMatch(textOf(site, BIOS), /openclone\.debug/);
  });

  const first = sampleSite('/srv');
  const next = sampleSite('/srv', { biosLocalBoot: 'next-device' });

  test('PXELINUX goes on as the firmware does where nothing is known of the disks: chain.c32 hangs on a blank one', () => {
    for (const site of [first, next]) {
      const text = textOf(site, BIOS, 'disk');
      assert.match(text, /PROMPT 0\nDEFAULT firmware\nLABEL firmware\n {2}LOCALBOOT -1\n/);
      assert.doesNotMatch(text, /chain/);
    }
  });

  test('PXELINUX goes to the disk with the signature that is known, and on when that is not there', () => {
    const text = textOf(first, BIOS, 'disk', OWN);
    assert.match(text, /PROMPT 0\nDEFAULT disk\nTIMEOUT 30\nONTIMEOUT firmware\n/);
    assert.match(text, /LABEL disk\n {2}COM32 chain\.c32\n {2}APPEND mbr:0x1b2e3f40\n/);
    assert.match(text, /LABEL firmware\n {2}LOCALBOOT -1\n/);
    assert.doesNotMatch(textOf(next, BIOS, 'disk', OWN), /chain/);
  });

  test('PXELINUX goes on as an operator chose for this host, whatever the site says', () => {
    const { own } = OWN;
    const chosen = (site: Site, localBoot: 'firmware' | 'disk', known: DiskBoot['own']): string =>
      textOf(site, BIOS, 'disk', { localBoot, own: known });
    assert.doesNotMatch(chosen(first, 'firmware', own), /chain/);
    assert.match(chosen(next, 'disk', own), /APPEND mbr:0x1b2e3f40\n/);
    assert.match(chosen(next, 'disk', null), /APPEND hd0\n/);
  });
});

describe('GRUB', () => {
  const SITES: readonly (readonly [string, Partial<Site>])[] = [
    ['as it comes', {}],
    ['with another HTTP port', { httpPort: 8080 }],
    ['that searches the disks', { uefiLocalBoot: 'search' }],
    ['with odd kernel options', { kernelOptions: `a='b' $c ;d {e} "f" #g h\\i` }],
  ];
  for (const [what, change] of SITES) {
    test(`GRUB understands all files of a site ${what}`, async () => {
      await withDirectory(async (directory) => {
        const list = bootFileRenderer(sampleSite('/srv', change), BUILD);
        for (const choice of ['disk', 'engine', 'engine-debug'] as const) {
          for (const { path, text } of [
            ...list.forHost(MAC, choice, OWN),
            ...list.forHost(MAC, choice, UNKNOWN_DISK),
            ...list.forUnknownHosts(choice),
          ]) {
            if (!path.startsWith('grub/')) continue;
            const file = join(directory, 'file.cfg');
            await writeFile(file, text);
            await run('grub-script-check', [file]);
          }
        }
      });
    });
  }

  test('loads by HTTP, else by TFTP; by TFTP alone where HTTP has a port that GRUB cannot name', () => {
    const both = textOf(sampleSite('/srv'), UEFI);
    assert.match(both, /if linux \(http,\$openclone_server\)\/boot\/20261121-1\/vmlinuz /);
    assert.match(both, /\n {2}linux \(tftp,\$openclone_server\)\/boot\/20261121-1\/vmlinuz /);
    assert.match(both, / openclone\.server=\$openclone_server:7077 /);
    assert.doesNotMatch(textOf(sampleSite('/srv', { httpPort: 8080 }), UEFI), /\(http,/);
  });

  test('GRUB quotes what it would not take for a word', () => {
    const text = textOf(sampleSite('/srv', { kernelOptions: `a='b' $c ;d x=1` }), UEFI);
    assert.ok(text.includes(` 'a='\\''b'\\''' '$c' ';d' x=1`), text);
  });

  test('GRUB hands the lease on where netmask and router are plain', () => {
    const lease = (site: Site): string[] => textOf(site, 'grub/grub.cfg').match(/ip=\S+/g) ?? [];
    assert.deepEqual(lease(sampleSite('/srv')), [
      'ip=${net_default_ip}:10.77.0.1:10.77.0.254:255.255.255.0',
      'ip=${net_default_ip}:10.78.0.1:10.78.0.254:255.255.255.0',
    ]);
    const proxy = sampleSubnet(77, 'main', { dhcp: { type: 'proxy' } });
    assert.deepEqual(lease(sampleSite('/srv', { subnets: [proxy] })), [
      'ip=${net_default_ip}:10.77.0.1::255.255.255.0',
    ]);
    // Behind an unknown router, and where the server has one address for several subnets, DHCP is asked again.
    const relayed = sampleSubnet(78, 'room-2', { relayed: true, dhcp: { type: 'proxy' } });
    assert.deepEqual(lease(sampleSite('/srv', { subnets: [relayed] })), []);
    const twin = sampleSubnet(79, 'room-3', { relayed: true, serverAddress: '10.77.0.1' });
    const twins = sampleSite('/srv', { subnets: [sampleSubnet(77, 'main'), twin] });
    assert.deepEqual(lease(twins), []);
  });
});

test("the boot files name the language of the hosts' screens to both loaders, but for English", () => {
  const engine = (language: Language): string[] => {
    const list = bootFileRenderer(sampleSite('/srv'), BUILD, language);
    return [...list.forHost(MAC, 'engine', UNKNOWN_DISK), ...list.forUnknownHosts('engine')]
      .filter(({ path }) => path !== 'grub/grub.cfg')
      .map(({ text }) => text);
  };
  for (const text of engine('de')) assert.match(text, / openclone\.language=de /);
  for (const text of engine('en')) assert.doesNotMatch(text, /openclone\.language/);
});
