import assert from 'node:assert/strict';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import type { Answers } from '../../../installer/answers.ts';
import { rootfs } from '../../../installer/steps/rootfs.ts';
import type { System } from '../../../installer/machine/system.ts';
import { sampleContext, samplePlan, withMachine } from '../samples.ts';

const ID = '20261130-220000-1a2b';
const NETBOOT = samplePlan().site.netbootDirectory;

async function put(system: System, path: string, text: string): Promise<void> {
  const file = join(system.root, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}

/** A machine whose current build has this engine and certificate, and is made for `hardware`. */
async function builtMachine(system: System, hardware: object): Promise<void> {
  const build = `${NETBOOT}/builds/${ID}`;
  await put(system, '/opt/openclone/current/dist/engine.js', 'engine');
  await put(system, `${build}/rootfs/usr/lib/openclone/engine.js`, 'engine');
  await put(system, '/var/lib/openclone/tls/server.crt', 'certificate');
  await put(system, `${build}/rootfs/etc/openclone/server.crt`, 'certificate');
  await put(system, `${build}/rootfs.squashfs`, 'squashfs');
  const file = {
    formatVersion: 1,
    id: ID,
    builtAt: '2026-11-30T22:00:00.000Z',
    programVersion: '0.3.0',
    kernel: '6.1.0-test',
    suite: 'bookworm',
    base: '0123456789abcdef',
    squashfs: null,
    ...hardware,
  };
  await put(system, `${build}/build.json`, JSON.stringify(file));
  await symlink(`builds/${ID}`, join(system.root, NETBOOT, 'current'));
}

describe('The step of the root file system', () => {
  for (const [answers, hardware, isDone] of [
    [{}, {}, true],
    [{}, { serverHardware: true, firmware: true }, true],
    [{ serverHardware: true }, { serverHardware: false, firmware: false }, false],
    [{ serverHardware: true }, { serverHardware: true, firmware: false }, true],
    [{ serverHardware: false }, { serverHardware: true, firmware: false }, false],
    [{ networkFirmware: true }, {}, false],
  ] as const) {
    const said = `${JSON.stringify(answers)} and a build with ${JSON.stringify(hardware)}`;
    test(`The step of the root file system has ${isDone ? 'nothing' : 'work'} to do for ${said}`, () =>
      withMachine(async (system) => {
        await builtMachine(system, hardware);
        const context = await sampleContext(system, samplePlan(answers));
        assert.equal(await rootfs.check(context), isDone);
      }));
  }

  for (const [answers, options] of [
    [{}, []],
    [{ serverHardware: true, networkFirmware: false }, ['--server-hardware', '--no-firmware']],
    [
      { serverHardware: false, rootfsPacking: 'quick' },
      ['--no-server-hardware', '--quick-packing'],
    ],
  ] as const satisfies readonly (readonly [Partial<Answers>, readonly string[]])[]) {
    test(`The step of the root file system tells the builder ${options.join(' ') || 'nothing that was not answered'}`, () =>
      withMachine(async (system) => {
        const shown: string[][] = [];
        const context = await sampleContext(system, samplePlan(answers));
        await rootfs.apply({
          ...context,
          show: (_, args) => {
            shown.push([...args]);
            return Promise.resolve(0);
          },
        });
        const [build = []] = shown;
        assert.equal(build[1], 'build');
        const known = /^--(no-)?(server-hardware|firmware|quick-packing)$/;
        assert.deepEqual(
          build.filter((word) => known.test(word)),
          options,
        );
      }));
  }
});
