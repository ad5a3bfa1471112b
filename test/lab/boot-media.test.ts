/** Boot media boot: from CD and USB, by BIOS, by UEFI and under Secure Boot; with a kernel that says how it was started. */

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { makeBootMedium } from '../../cli/boot-media/make-medium.ts';
import { run } from '../../lib/exec/run.ts';
import type { Site } from '../../lib/model/site.ts';
import { bootMedium, type Firmware, type Slot } from './media/machine.ts';
import { makeGoldenDisk, makeUefiDisk } from './vm/disks.ts';
import { BUILD_ID, makeStandInSite, MARKER, SQUASHFS_SHA256 } from './media/stand-in-build.ts';

/** Software emulation on a busy machine. */
const LIMIT_MS = 90_000;

/**
 * QEMU's emulated system management mode stops a kernel here now and then when the machine is very busy (seen in 2 of 20
 * boots); nothing of ours runs at that point.
 */
const KERNEL_HANGS = /EFI stub: UEFI Secure Boot is enabled\.\s*$/;

const SCENARIOS: readonly (readonly [Firmware, Slot])[] = [
  ['bios', 'cd'],
  ['bios', 'usb'],
  ['uefi', 'cd'],
  ['uefi-secure-boot', 'usb'],
];

/** With the keys that lead to the entry of the menu. */
const OWN_DISK: readonly (readonly [Firmware, Slot, keys: readonly string[]])[] = [
  ['bios', 'cd', ['down', 'ret']],
  ['bios', 'usb', ['down', 'down', 'ret']],
  ['uefi', 'usb', ['down', 'ret']],
];

// Two machines at a time: half of what each does is to wait.
describe('a boot medium', { concurrency: 2 }, () => {
  let directory = '';
  let site: Site | undefined;
  const media = { plain: '', withRootfs: '' };
  const disks = { bios: { file: '', marker: '' }, uefi: { file: '', marker: '' } };

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'openclone-media-'));
    site = await makeStandInSite(run, directory);
    disks.bios = await makeGoldenDisk(run, directory);
    disks.uefi = await makeUefiDisk(run, directory);
    media.plain = join(directory, 'plain.iso');
    media.withRootfs = join(directory, 'with-rootfs.iso');
    const common = { site, serverAddress: '10.77.0.1', language: 'en', overwrite: false } as const;
    await makeBootMedium(run, media.plain, { ...common, root: { type: 'nfs' }, lease: null });
    await makeBootMedium(run, media.withRootfs, {
      ...common,
      root: { type: 'loaded' },
      lease: { address: '10.77.0.9', netmask: '255.255.255.0', router: '10.77.0.254' },
    });
  });
  after(async () => rm(directory, { recursive: true, force: true }));

  for (const [firmware, slot, keys] of OWN_DISK) {
    test(`a boot medium starts the computer's own disk from ${slot} by ${firmware} when somebody chooses that`, async () => {
      const { file, marker } = firmware === 'bios' ? disks.bios : disks.uefi;
      const console = await bootMedium({
        medium: media.plain,
        firmware,
        slot,
        directory,
        isEnough: (text) => text.includes(marker),
        timeoutMs: LIMIT_MS,
        press: { at: 'own disk', keys },
        devices: [
          '-drive',
          `if=none,id=own,format=raw,snapshot=on,file=${file}`,
          // OVMF looks at no device without an index when others have one.
          '-device',
          'virtio-blk-pci,drive=own,bootindex=1',
        ],
      });
      assert.ok(console.includes(marker), console.slice(-2000));
    });
  }

  for (const [firmware, slot] of SCENARIOS) {
    test(`a boot medium starts the engine's kernel from ${slot} by ${firmware}`, async (context) => {
      // The one with the root file system has more to load: it goes where that is most likely to fail.
      const withRootfs = slot === 'usb';
      const boot = (): Promise<string> =>
        bootMedium({
          medium: withRootfs ? media.withRootfs : media.plain,
          firmware,
          slot,
          directory,
          isEnough: (text) => text.includes(MARKER),
          timeoutMs: LIMIT_MS,
        });
      let console = await boot();
      if (!console.includes(MARKER) && KERNEL_HANGS.test(console)) {
        context.diagnostic('the kernel hung in its EFI stub: tried a second time');
        console = await boot();
      }
      const end = console.slice(-2000);
      assert.ok(console.includes(MARKER), end);
      const root = withRootfs
        ? 'initrd:/openclone/root.squashfs'
        : `nfs:${directory}/netboot/builds/${BUILD_ID}/rootfs`;
      const words = /words: (.*)/.exec(console)?.[1] ?? '';
      assert.ok(
        words.includes(`boot=openclone openclone.server=10.77.0.1:7077 openclone.root=${root} `),
        words,
      );
      assert.equal(words.includes('ip=10.77.0.9:10.77.0.1:10.77.0.254:255.255.255.0'), withRootfs);
      assert.equal(console.includes(SQUASHFS_SHA256), withRootfs, end);
      assert.equal(
        console.includes('Secure boot enabled'),
        firmware === 'uefi-secure-boot',
        'whether Secure Boot is on',
      );
    });
  }
});
