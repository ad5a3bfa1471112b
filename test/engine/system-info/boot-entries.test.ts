import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { parseLoadOption, readBootEntries } from '../../../engine/system-info/boot-entries.ts';

const GLOBAL = '8be4df61-93ca-11d2-aa0d-00e098032b8c';

/** Recorded: OVMF 2022.11 after shim 15.8's fallback had made the entry for a GPT disk; lsblk called its PARTUUID the same. */
const DEBIAN = Buffer.from(
  '010000006200640065006200690061006e00000004012a0001000000000800000000000000f0010000000000f8f54acd44e24ce08a243015adcff8f70202040434005c004500460049005c00640065006200690061006e005c007300680069006d007800360034002e0065006600690000007fff0400',
  'hex',
);
/** The same firmware's entries for the whole disk and for its shell. */
const WHOLE_DISK = Buffer.from(
  '010000001600550045004600490020004d006900730063002000440065007600690063006500000002010c00d041030a000000000101060000017fff04004eac0881119f594d850ee21a522c59b2',
  'hex',
);
const SHELL = Buffer.from(
  '010000002c00450046004900200049006e007400650072006e0061006c0020005300680065006c006c00000004071400c9bdb87cebf8344faaea3ee4af6516a10406140083a5047c3e9e1c4fad65e05268d0b4d17fff0400',
  'hex',
);
const DEBIAN_ENTRY = {
  label: 'debian',
  partitionUuid: 'cd4af5f8-e244-e04c-8a24-3015adcff8f7',
  path: '/EFI/debian/shimx64.efi',
};

describe('an entry of UEFI’s boot order', () => {
  test('an entry of UEFI’s boot order tells partition and file, as the firmware keeps them', () => {
    assert.deepEqual(parseLoadOption(DEBIAN), DEBIAN_ENTRY);
  });

  test('an entry of UEFI’s boot order that leads to no partition is passed over', () => {
    assert.equal(parseLoadOption(WHOLE_DISK), null);
    assert.equal(parseLoadOption(SHELL), null);
  });

  test('an entry of UEFI’s boot order that is switched off is passed over', () => {
    const off = Buffer.from(DEBIAN);
    off.writeUInt32LE(0, 0);
    assert.equal(parseLoadOption(off), null);
  });

  test('an entry of UEFI’s boot order on an MBR disk names the signature and the number', () => {
    const mbr = Buffer.from(DEBIAN);
    const node = mbr.indexOf(Buffer.from('04012a00', 'hex')) + 4;
    mbr.fill(0, node + 20, node + 36).writeUInt32LE(0x1b2e3f40, node + 20);
    mbr.writeUInt8(1, node + 36);
    mbr.writeUInt8(1, node + 37);
    assert.equal(parseLoadOption(mbr)?.partitionUuid, '1b2e3f40-01');
  });

  test('an entry of UEFI’s boot order that is damaged is passed over or read, and never more than that', () => {
    fc.assert(
      fc.property(
        fc.nat(DEBIAN.length),
        fc.nat(DEBIAN.length - 1),
        fc.nat(255),
        (cut, at, byte) => {
          const damaged = Buffer.from(DEBIAN.subarray(0, cut));
          if (at < cut) damaged.writeUInt8(byte, at);
          parseLoadOption(damaged);
        },
      ),
    );
  });
});

describe('the boot order of a machine', () => {
  test('the boot order of a machine is that of BootOrder, whatever the numbers are; what cannot be read is passed over', async () => {
    await withVariables(
      {
        // 0000 and 0007 do not exist.
        BootOrder: Buffer.from('070002000300010000000a00', 'hex'),
        Boot0001: WHOLE_DISK,
        Boot0002: SHELL,
        Boot0003: DEBIAN,
        Boot000A: Buffer.concat([DEBIAN]),
      },
      async (directory) => {
        assert.deepEqual(await readBootEntries(directory), [DEBIAN_ENTRY, DEBIAN_ENTRY]);
      },
    );
  });

  test('the boot order of a machine has no end of a firmware that never forgets', async () => {
    const count = 300;
    const order = Buffer.alloc(2 * count);
    const variables: Record<string, Buffer> = { BootOrder: order };
    for (let number = 0; number < count; number += 1) {
      order.writeUInt16LE(number, 2 * number);
      variables[`Boot${number.toString(16).toUpperCase().padStart(4, '0')}`] = DEBIAN;
    }
    await withVariables(variables, async (directory) => {
      assert.equal((await readBootEntries(directory)).length, 32);
    });
  });

  test('the boot order of a machine is empty where there is no UEFI', async () => {
    assert.deepEqual(await readBootEntries('/nowhere'), []);
  });
});

/** As efivarfs shows them: four bytes of attributes first. */
async function withVariables(
  variables: Readonly<Record<string, Buffer>>,
  use: (directory: string) => Promise<void>,
): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'openclone-efivars-'));
  try {
    for (const [name, content] of Object.entries(variables)) {
      const attributes = Buffer.from([7, 0, 0, 0]);
      await writeFile(join(directory, `${name}-${GLOBAL}`), Buffer.concat([attributes, content]));
    }
    await use(directory);
  } finally {
    await rm(directory, { recursive: true });
  }
}
