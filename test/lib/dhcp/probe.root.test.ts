import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { probeDhcp } from '../../../lib/dhcp/probe.ts';
import { run } from '../../../lib/exec/run.ts';
import { startService } from '../../../lib/exec/service.ts';
import { OperatorError } from '../../../lib/errors.ts';
import { probeIn, withDhcpRoom } from './dhcp-room.ts';

const RANGE = '--dhcp-range=10.91.7.100,10.91.7.150,255.255.255.0,10m';
const FULL = [
  RANGE,
  '--dhcp-match=set:bios,option:client-arch,0',
  '--dhcp-match=set:efi64,option:client-arch,7',
  '--dhcp-boot=tag:bios,bios/main/lpxelinux.0',
  '--dhcp-boot=tag:efi64,shimx64.efi',
];
const PROXY = [
  '--dhcp-range=10.91.7.0,proxy,255.255.255.0',
  '--pxe-service=x86PC,"OpenClone",bios/main/lpxelinux.0',
  '--pxe-service=X86-64_EFI,"OpenClone",shimx64.efi',
  '--pxe-service=BC_EFI,"OpenClone",shimx64.efi',
];
/** dnsmasq pings an address for 3 s before it offers it. */
const TIMEOUT_MS = 15_000;

test('a full server is found from another machine and from its own, and no lease is taken', async () => {
  await withDhcpRoom(async (room) => {
    const server = await room.addMachine('srv', 1);
    const client = await room.addMachine('cli', 50);
    await room.startDnsmasq(server, [...FULL, '--no-ping']);
    for (const [namespace, clientArch, bootFile] of [
      [client, 0, 'bios/main/lpxelinux.0'],
      [client, 7, 'shimx64.efi'],
      [server, 7, 'shimx64.efi'],
    ] as const) {
      const answers = await probeIn(namespace, { clientArch, timeoutMs: TIMEOUT_MS, enough: 1 });
      assert.equal(answers.length, 1);
      const [answer] = answers;
      assert.equal(answer?.type, 'offer');
      assert.equal(answer.serverAddress, '10.91.7.1');
      assert.equal(answer.nextServer, '10.91.7.1');
      assert.equal(answer.bootFile, bootFile);
      assert.match(answer.offeredAddress ?? '', /^10\.91\.7\.1[0-5]\d$/);
      assert.equal(answer.leaseSeconds, 600);
    }
    const { stdout } = await run('find', [room.directory, '-name', '*.leases', '-size', '+0']);
    assert.equal(stdout, '', 'an address was given away');
  });
});

test('a proxy beside another server: both are heard, and port 4011 names the boot file', async () => {
  await withDhcpRoom(async (room) => {
    const router = await room.addMachine('rtr', 254);
    const server = await room.addMachine('srv', 1);
    const client = await room.addMachine('cli', 50);
    await room.startDnsmasq(router, [RANGE, '--no-ping', '--dhcp-authoritative']);
    await room.startDnsmasq(server, PROXY);
    for (const [namespace, clientArch, bootFile] of [
      [client, 0, 'bios/main/lpxelinux.0'],
      [client, 7, 'shimx64.efi'],
      [server, 0, 'bios/main/lpxelinux.0'],
      [server, 9, 'shimx64.efi'],
    ] as const) {
      const answers = await probeIn(namespace, { clientArch, timeoutMs: TIMEOUT_MS, enough: 2 });
      assert.deepEqual(
        answers.map((each) => [each.type, each.serverAddress, each.bootFile, each.bootFileFrom]),
        [
          ['offer', '10.91.7.254', null, null],
          ['proxy', '10.91.7.1', bootFile, 'port-4011'],
        ],
      );
      assert.deepEqual(
        answers.map(({ vendorClass }) => vendorClass),
        [null, 'PXEClient'],
      );
      // GRUB's trouble beside such a server: it fetches from the one that gives the address (docs/field-notes.md).
      assert.equal(answers[0]?.nextServer, '10.91.7.254');
    }
  });
});

test('two full servers are both heard', async () => {
  await withDhcpRoom(async (room) => {
    const one = await room.addMachine('one', 1);
    const two = await room.addMachine('two', 2);
    const client = await room.addMachine('cli', 50);
    await room.startDnsmasq(one, [...FULL, '--no-ping']);
    await room.startDnsmasq(two, [RANGE, '--no-ping']);
    const answers = await probeIn(client, { clientArch: 0, timeoutMs: TIMEOUT_MS, enough: 2 });
    assert.deepEqual(
      answers.map((each) => [each.serverAddress, each.bootFile]),
      [
        ['10.91.7.1', 'bios/main/lpxelinux.0'],
        ['10.91.7.2', null],
      ],
    );
  });
});

test('nobody answers: no answers, after the time that was given', async () => {
  await withDhcpRoom(async (room) => {
    const client = await room.addMachine('cli', 50);
    assert.deepEqual(await probeIn(client, { clientArch: 7, timeoutMs: 300 }), []);
  });
});

describe('port 68 of the machine', () => {
  /** Holds it in `namespace` until that is removed, as a DHCP client does. */
  async function holdPort(namespace: string, reuseAddr: boolean): Promise<void> {
    const program = `require('node:dgram').createSocket({ type: 'udp4', reuseAddr: ${reuseAddr} }).bind(68, () => console.error('held'))`;
    const held = Promise.withResolvers<undefined>();
    const holder = startService(
      'ip',
      ['netns', 'exec', namespace, process.execPath, '--eval', program],
      {
        deathSignal: 'KILL',
        input: 'none',
        output: 'none',
        onText: (text) => {
          if (text.includes('held')) held.resolve(undefined);
        },
      },
    );
    const ended = holder.ended.then(() => Promise.reject(new Error('the holder ended')));
    await Promise.race([held.promise, ended]);
    ended.catch(() => undefined);
  }

  test('port 68 of the machine is shared with a DHCP client that shares it', async () => {
    await withDhcpRoom(async (room) => {
      const server = await room.addMachine('srv', 1);
      const client = await room.addMachine('cli', 50);
      await room.startDnsmasq(server, [...FULL, '--no-ping']);
      await holdPort(client, true);
      const answers = await probeIn(client, { clientArch: 7, timeoutMs: TIMEOUT_MS, enough: 1 });
      assert.equal(answers[0]?.serverAddress, '10.91.7.1');
    });
  });

  test('port 68 of the machine: held by a program alone, or asked for without root, is an error that says so', async () => {
    await withDhcpRoom(async (room) => {
      const client = await room.addMachine('cli', 50);
      const probe = { clientArch: 7, timeoutMs: 300 };
      await assert.rejects(probeIn(client, probe, NOBODY), failedWith(/unauthorized/));
      await holdPort(client, false);
      await assert.rejects(probeIn(client, probe), failedWith(/not-allowed/));
    });
  });
});

/** setpriv(1): what starts it is nobody. */
const NOBODY = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];

/** What the program in the namespace ended with is the last it said. */
function failedWith(code: RegExp): (error: unknown) => boolean {
  return (error) =>
    error instanceof OperatorError &&
    error.cause instanceof Error &&
    code.test(error.cause.message);
}

test('an interface without an address is an error that says so', async () => {
  await assert.rejects(
    probeDhcp({ interfaceName: 'no-such', clientArch: 0, timeoutMs: 100 }),
    (error) => error instanceof OperatorError && error.code === 'bad-argument',
  );
});
