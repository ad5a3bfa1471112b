import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { run } from '../../lib/exec/run.ts';
import { startService, type Service } from '../../lib/exec/service.ts';
import { receiverArguments } from '../../engine/transport/multicast-receiver.ts';
import { SessionId } from '../../lib/model/ids.ts';
import { senderArguments } from '../../server/tools/udp-sender.ts';
import { withDhcpRoom } from '../lib/dhcp/dhcp-room.ts';

const GROUP = '239.192.7.7';
const PORT = 9;
const PACKETS = 200;

const JOIN = `
  const socket = require('node:dgram').createSocket('udp4');
  socket.bind(${PORT}, () => socket.addMembership('${GROUP}'));
`;
const SEND = `
  const socket = require('node:dgram').createSocket('udp4');
  let left = ${PACKETS};
  const next = () => (left-- > 0 ? socket.send('x', ${PORT}, '${GROUP}', next) : socket.close());
  next();
`;

const Mdb = z.array(z.object({ mdb: z.array(z.object({ port: z.string(), grp: z.string() })) }));
const Counters = z.tuple([
  z.object({ stats64: z.object({ tx: z.object({ packets: z.number() }) }) }),
]);

test(
  'a new switch sends a group to its members only, from the first packet on',
  { timeout: 60_000 },
  async () => {
    await withDhcpRoom(async (room) => {
      const [sender, member] = [await room.addMachine('sender', 1), await room.addMachine('in', 2)];
      await room.addMachine('out', 3);
      const service = join(member);
      try {
        while (!(await portsOf(room.switchNamespace)).includes('p-in')) await delay(20);
        const before = [
          await sentTo(room.switchNamespace, 'p-in'),
          await sentTo(room.switchNamespace, 'p-out'),
        ] as const;
        await run('ip', ['netns', 'exec', sender, process.execPath, '--eval', SEND]);
        const toMember = (await sentTo(room.switchNamespace, 'p-in')) - before[0];
        const toOther = (await sentTo(room.switchNamespace, 'p-out')) - before[1];
        assert.ok(toMember >= PACKETS, `${toMember} packets to the member`);
        // Something else may be sent beside them: IPv6 says hello.
        assert.ok(toOther < PACKETS / 2, `${toOther} packets to one that is no member`);
      } finally {
        service.kill('SIGKILL');
      }
    });
  },
);

test(
  'a transmission starts in a network without any route for multicast: the card and its broadcast address are enough',
  { timeout: 60_000 },
  async () => {
    await withDhcpRoom(async (room) => {
      const [sender, receiver] = [
        await room.addMachine('sender', 1),
        await room.addMachine('receiver', 2),
      ];
      await run('ip', ['-netns', sender, 'route', 'delete', '224.0.0.0/4']);
      const none = await run('ip', ['-netns', sender, 'route', 'get', GROUP], {
        allowedStatuses: [2],
      });
      assert.match(none.stderr, /unreachable/);
      const words = 'as UDPcast is started for a deploy';
      const { stdout } = await run('sh', ['-ec', TRANSMIT, 'transmit', sender, receiver, words]);
      assert.equal(stdout, words);
    });
  },
);

/** Both ends with our own arguments; prints what was received. */
const TRANSMIT = `
  ip netns exec "$2" udp-receiver ${receiverArguments(
    {
      type: 'multicast',
      sessionId: SessionId.parse('session-0000000001'),
      portBase: 9100,
      startTimeoutMs: 30_000,
      ttl: 1,
      rendezvousAddress: null,
    },
    'eth0',
  ).join(' ')} 2>/dev/null &
  printf %s "$3" | ip netns exec "$1" udp-sender ${senderArguments({
    interfaceName: 'eth0',
    portBase: 9100,
    dataAddress: GROUP,
    receivers: 1,
    ttl: 1,

    maxWaitSeconds: 30,
    startTimeoutSeconds: 30,
    retriesUntilDrop: 30,
    maxBitsPerSecond: null,
  }).join(' ')} >/dev/null 2>&1
  wait
`;

function join(namespace: string): Service {
  return startService('ip', ['netns', 'exec', namespace, process.execPath, '--eval', JOIN], {
    deathSignal: 'KILL',
    input: 'none',
    output: 'none',
    onText: (text) => process.stderr.write(text),
  });
}

/** The ports that the switch knows as members of the group. */
async function portsOf(switchNamespace: string): Promise<string[]> {
  const { stdout } = await run('ip', [
    'netns',
    'exec',
    switchNamespace,
    'bridge',
    '-json',
    'mdb',
    'show',
  ]);
  return Mdb.parse(JSON.parse(stdout))
    .flatMap(({ mdb }) => mdb)
    .filter(({ grp }) => grp === GROUP)
    .map(({ port }) => port);
}

async function sentTo(switchNamespace: string, port: string): Promise<number> {
  const { stdout } = await run('ip', [
    '-netns',
    switchNamespace,
    '-json',
    '-statistics',
    'link',
    'show',
    port,
  ]);
  return Counters.parse(JSON.parse(stdout))[0].stats64.tx.packets;
}
