/** One server and two rooms, without virtual machines: what each side is told, by the real dnsmasq on real wires. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { resolve } from 'node:path';
import { bootFileRenderer } from '../../../server/boot/boot-file-renderer.ts';
import { BuildId } from '../../../lib/model/build-file.ts';
import { run } from '../../../lib/exec/run.ts';
import type { Subnet } from '../../../lib/model/site.ts';
import { probeIn } from '../../lib/dhcp/dhcp-room.ts';
import type { NetworkKind } from './networks.ts';
import { DEFAULT_SUITE } from '../install/suite.ts';
import { openVmRoom, type VmRoom } from './room.ts';

const READ_PROGRAM = resolve(import.meta.dirname, '../../lib/tftp/read-program.ts');
/** dnsmasq pings an address for 3 s before it offers it. */
const PROBE_TIMEOUT_MS = 30_000;

describe('one server with two rooms', { concurrency: false }, () => {
  const expected = [
    { network: 'two-cards', servers: ['10.92.0.1', '10.93.0.1'], routers: [[], []] },
    // The second room's router is the relay.
    {
      network: 'relayed',
      servers: ['10.92.0.1', '10.92.0.1'],
      routers: [[], ['10.93.0.254']],
    },
  ] as const satisfies readonly { network: NetworkKind; servers: string[]; routers: string[][] }[];

  for (const { network, servers, routers } of expected) {
    test(`one server with two rooms: each is told the address that it can reach: ${network}`, async () => {
      const room = await openVmRoom({
        network,
        rootTransport: 'nfs',
        server: 'processes',
        suite: DEFAULT_SUITE,
      });
      try {
        assert.equal(room.site.subnets.length, 2);
        for (const [index, subnet] of room.site.subnets.entries()) {
          await assertTold(room, subnet, {
            server: servers[index] ?? '',
            routers: routers[index] ?? [],
          });
        }
      } finally {
        await room.close();
      }
    });
  }
});

async function assertTold(
  room: VmRoom,
  subnet: Subnet,
  expected: { readonly server: string; readonly routers: readonly string[] },
): Promise<void> {
  const { name, networkAddress } = subnet;
  const { server } = expected;
  const client = await room.addClient(name);
  const biosFile = `bios/${name}/lpxelinux.0`;
  for (const [clientArch, bootFile] of [
    [0, biosFile],
    [7, 'shimx64.efi'],
    [16, `http://${server}/http/shimx64.efi`],
  ] as const) {
    const answers = await probeIn(client, { clientArch, timeoutMs: PROBE_TIMEOUT_MS, enough: 1 });
    assert.equal(answers.length, 1);
    const [answer] = answers;
    assert.equal(answer?.type, 'offer');
    assert.equal(answer.bootFile, bootFile);
    assert.equal(answer.serverAddress, server);
    if (clientArch !== 16) assert.equal(answer.nextServer, server);
    assert.deepEqual(answer.routers, expected.routers);
    const prefix = networkAddress.replace(/0$/, '');
    assert.ok(answer.offeredAddress?.startsWith(`${prefix}1`), answer.offeredAddress ?? 'none');
  }
  for (const router of expected.routers) {
    await run('ip', ['-netns', client, 'route', 'add', 'default', 'via', router]);
  }
  for (const path of [biosFile, 'shimx64.efi']) {
    const { stdout } = await run('ip', [
      'netns',
      'exec',
      client,
      process.execPath,
      READ_PROGRAM,
      JSON.stringify({ host: server, path, mostBytes: 4096 }),
    ]);
    assert.match(stdout, /^\d{4} /, `${path} from ${server}: ${stdout}`);
  }
  const build = BuildId.parse('20260101-000000-0000');
  const choice = bootFileRenderer(room.site, build)
    .forUnknownHosts('engine')
    .find(({ path }) => path === `bios/${name}/pxelinux.cfg/default`);
  assert.match(choice?.text ?? '', new RegExp(`LINUX http://${server.replaceAll('.', '\\.')}/`));
}
