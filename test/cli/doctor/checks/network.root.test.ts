import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { judgeAddress, parseAddresses } from '../../../../cli/doctor/checks/addresses.ts';
import { judgeFirewall, judgeUfw } from '../../../../cli/doctor/checks/firewall.ts';
import { judgeQuery, listenForQuery } from '../../../../cli/doctor/checks/igmp.ts';
import { judgeLink, type Link } from '../../../../cli/doctor/checks/links.ts';
import { judgeMulticast, type LoopBack } from '../../../../cli/doctor/checks/multicast.ts';
import {
  judgePorts,
  parseSockets,
  type ListeningSocket,
} from '../../../../cli/doctor/checks/ports.ts';
import type { Finding } from '../../../../cli/doctor/finding.ts';
import { parseRuleset } from '../../../../cli/doctor/nft-ruleset.ts';
import { run, type Run } from '../../../../lib/exec/run.ts';
import { message } from '../../../../lib/model/messages/table.ts';
import type { Subnet } from '../../../../lib/model/site.ts';
import { recorded } from '../../../engine/tools/recorded.ts';
import { FULL, PROXY, sampleSite } from '../../../installer/sample-site.ts';
import { withDhcpRoom } from '../../../lib/dhcp/dhcp-room.ts';
import { inEnglish, lineOf } from '../in-english.ts';

describe('addresses', () => {
  const interfaces = parseAddresses(recorded('ip-6.1.0-broadcast.json'));
  const on = (some: Partial<Subnet>): Subnet => ({ ...FULL, interfaceName: 'd0', ...some });

  test('addresses: an address with a broadcast address is right', () => {
    const finding = judgeAddress(on({}), interfaces);
    assert.equal(finding.type, 'ok');
    const good = { address: '10.77.0.1/24', broadcast: '10.77.0.255' };
    assert.deepEqual(finding.found, message('addresses.good', good));
  });

  test('addresses without a broadcast address multicast never starts', () => {
    const subnet = on({ serverAddress: '10.78.0.1', networkAddress: '10.78.0.0' });
    const finding = judgeAddress(subnet, interfaces);
    assert.equal(finding.type, 'failure');
    assert.equal(finding.remedy, 'ip address replace 10.78.0.1/24 broadcast + dev d0');
  });

  test('addresses: a missing interface, a missing address and another prefix are told apart', () => {
    const found = (subnet: Subnet): string => inEnglish(judgeAddress(subnet, interfaces).found);
    assert.match(found(on({ interfaceName: 'eth9' })), /no interface eth9, only lo/);
    assert.match(
      found(on({ serverAddress: '10.77.0.2' })),
      /d0 has 10\.77\.0\.1, 10\.78\.0\.1, not/,
    );
    assert.match(found(on({ prefixLength: 16, networkAddress: '10.77.0.0' })), /length 24, .* 16/);
    assert.match(found(on({ networkAddress: '10.79.0.0' })), /lies outside 10\.79\.0\.0\/24/);
  });
});

test('a link is judged by carrier, duplex, speed and MTU', () => {
  const good: Link = {
    interfaceName: 'eth0',
    carrier: true,
    mtuBytes: 1500,
    megabitsPerSecond: 1000,
    duplex: 'full',
  };
  const judged = (link: Link | null): string => judgeLink('eth0', link).type;
  assert.equal(judged(good), 'ok');
  assert.equal(judged({ ...good, megabitsPerSecond: null, duplex: null }), 'ok');
  assert.equal(judged(null), 'failure');
  assert.equal(judged({ ...good, carrier: false }), 'failure');
  assert.equal(judged({ ...good, duplex: 'half' }), 'failure');
  assert.equal(judged({ ...good, megabitsPerSecond: 100 }), 'warning');
  assert.equal(judged({ ...good, mtuBytes: 9000 }), 'warning');
});

describe('ports', () => {
  const OURS = ['--keep-in-foreground', '--conf-file=/etc/openclone/dnsmasq.conf'];
  const sockets = (args: readonly string[]): ListeningSocket[] =>
    parseSockets(recorded('ss-6.1.0-foreign.txt')).map((socket) =>
      socket.program === 'dnsmasq' ? { ...socket, args } : socket,
    );
  const found = (
    subnets: readonly Subnet[],
    interfaceName = 'd0',
    args: readonly string[] = OURS,
  ): string[] =>
    judgePorts(
      sampleSite(subnets.map((subnet) => ({ ...subnet, interfaceName }))),
      sockets(args),
    ).map(lineOf);

  test('ports names foreign holders and what nobody holds', () => {
    const lines = found([PROXY]);
    assert.match(
      lines[0] ?? '',
      /^failure TFTP \(udp 69\): python3 \(process \d+\) holds it on 0\.0\.0\.0$/,
    );
    // At an address that no subnet of this site has.
    assert.equal(lines[1], 'failure HTTP (tcp 80): nobody listens there');
    const there = found([FULL]).find((line) => line.includes('HTTP'));
    assert.match(there ?? '', /^failure HTTP \(tcp 80\): python3 \(process \d+\) .* 10\.77\.0\.1$/);
    assert.equal(lines[2], 'failure engines (tcp 7077): nobody listens there');
    assert.equal(lines[3], 'ok DHCP (udp 67): held by dnsmasq');
    assert.equal(lines[4], 'ok proxy DHCP (udp 4011): held by dnsmasq');
    assert.equal(lines[5], 'failure NFS (tcp 2049): nobody listens there');
  });

  test('ports of a service that does not run, and of an NFS server that is not ours, are told of elsewhere', () => {
    const site = { ...sampleSite([{ ...PROXY, interfaceName: 'd0' }]), nfsServer: 'none' as const };
    const judged = judgePorts(site, sockets(OURS), ['openclone.service']);
    const lines = judged.map(lineOf);
    assert.ok(!lines.some((line) => line.includes('NFS')));
    assert.ok(lines.includes('skipped engines (tcp 7077): see services: openclone.service'));
  });

  test('ports: the dnsmasq of another program is not ours', () => {
    const libvirt = ['--conf-file=/var/lib/libvirt/dnsmasq/default.conf', '--leasefile-ro'];
    const lines = found([PROXY], 'd0', libvirt);
    assert.match(lines[3] ?? '', /^failure DHCP \(udp 67\): dnsmasq \(process 1077\) holds it/);
    // Nothing is known of it, as in another container's namespace of processes.
    assert.match(found([PROXY], 'd0', [])[3] ?? '', /^failure DHCP/);
    // On its own bridge it is in nobody's way, and no stand-in for ours.
    const own = found([PROXY], 'eth1', libvirt)[3];
    assert.equal(own, 'failure DHCP (udp 67): nobody listens there');
  });

  test('ports: a program of Node is ours when it is the server', () => {
    const judged = (program: string): string | undefined => {
      const [socket] = parseSockets(
        'tcp LISTEN 0 511 0.0.0.0:7077 0.0.0.0:* users:(("node",pid=7,fd=21))',
      );
      assert.ok(socket !== undefined);
      const all = judgePorts(sampleSite([FULL]), [{ ...socket, args: [program, '--site'] }]);
      return all.find(({ about }) => inEnglish(about).startsWith('engines'))?.type;
    };
    assert.equal(judged('/opt/openclone/current/server/main.ts'), 'ok');
    assert.equal(judged('/srv/chat/main.js'), 'failure');
  });

  test('a proxy port is needed with a proxy only', () => {
    assert.ok(!found([FULL]).some((line) => line.includes('4011')));
  });

  test('the kernel may hold the port of NFS, and no other', () => {
    const kernel = parseSockets(
      'tcp LISTEN 0 64 0.0.0.0:2049 0.0.0.0:*\nudp UNCONN 0 0 0.0.0.0:69 0.0.0.0:*\n',
    );
    const judged = judgePorts(sampleSite([FULL]), kernel);
    const typeOf = (what: string): string | undefined =>
      judged.find(({ about }) => inEnglish(about).startsWith(what))?.type;
    assert.equal(typeOf('NFS'), 'ok');
    assert.equal(typeOf('TFTP'), 'failure');
  });
});

describe('firewall', () => {
  const judge = (name: string): string[] =>
    judgeFirewall(sampleSite([FULL]), parseRuleset(recorded(`nft-1.0.6-${name}.json`))).map(
      ({ type, found }) => `${type}: ${inEnglish(found)}`,
    );

  test('firewall: no rules and rules that accept our ports, also in a chain jumped to, are right', () => {
    assert.deepEqual(judge('empty'), ['ok: nothing is dropped']);
    assert.deepEqual(judge('drop-with-ours'), ['ok: nothing is dropped']);
  });

  test('firewall: rules that let in the network only keep out who has no address yet', () => {
    assert.deepEqual(judge('accept-network'), ['warning: rules of nftables drop DHCP (udp 67)']);
  });

  test('firewall: what is dropped is named', () => {
    const [line] = judge('drop-by-rule');
    assert.equal(
      line,
      'warning: rules of nftables drop TFTP (udp 69), HTTP (tcp 80), engines (tcp 7077), DHCP (udp 67), NFS (tcp 2049), multicast sessions (udp 9001)',
    );
  });

  test("firewall: iptables' own matches are not understood, and said so where they could decide", () => {
    const [line] = judge('made-by-iptables-1.8.9');
    assert.match(line ?? '', /^skipped: the rules of nftables are too special .* TFTP \(udp 69\)/);
  });

  test('firewall: ufw is asked for our application', () => {
    const status = 'Status: active\n\nOpenClone    ALLOW    10.77.0.0/24\n';
    const dhcp = '67/udp on eth0    ALLOW    68/udp\n';
    const judgeFull = (text: string): Finding => judgeUfw(text, sampleSite([FULL]));
    assert.equal(judgeFull(status + dhcp).type, 'ok');
    assert.equal(judgeFull(status + '67/udp    ALLOW    Anywhere\n').type, 'ok');
    assert.equal(judgeFull('Status: active\n\n22/tcp    ALLOW    Anywhere\n').type, 'warning');
    const closed = judgeFull(status + dhcp.replace('eth0', 'eth01'));
    assert.match(inEnglish(closed.remedy), /^sudo ufw allow in on eth0 proto udp from any port 68/);
    const without = sampleSite([{ ...FULL, dhcp: { type: 'none' } }]);
    assert.equal(judgeUfw(status, without).type, 'ok');
  });
});

describe('multicast', () => {
  test('multicast: a packet that does not come back is a failure, and a missing route when hosts are behind a router', () => {
    const back: LoopBack = { type: 'back' };
    assert.equal(judgeMulticast('', FULL, back, 'eth0').type, 'ok');
    assert.equal(judgeMulticast('', FULL, back, null).type, 'ok');
    const relayed = judgeMulticast('', { ...FULL, relayed: true }, back, null);
    assert.match(inEnglish(relayed.remedy), /ip route add 224\.0\.0\.0\/4/);
    const address = FULL.serverAddress;
    assert.deepEqual(
      judgeMulticast('', FULL, { type: 'lost' }, 'eth0').found,
      message('multicast.lost', { address }),
    );
    assert.deepEqual(
      judgeMulticast('', FULL, { type: 'failed', said: 'EPERM' }, 'eth0').found,
      message('multicast.failed', { address, said: 'EPERM' }),
    );
  });

  test('multicast: a real querier is heard, and its absence is a warning', async () => {
    await withDhcpRoom(async (room) => {
      const namespace = await room.addMachine('srv', 1);
      const inNamespace: Run = (tool, args, options) =>
        run('ip', ['netns', 'exec', namespace, tool, ...args], options);
      const bridge = (...args: string[]): Promise<unknown> =>
        run('ip', [
          '-netns',
          room.switchNamespace,
          'link',
          'set',
          'br0',
          'type',
          'bridge',
          ...args,
        ]);
      // Hundredths of a second.
      await bridge('mcast_query_interval', '50', 'mcast_startup_query_interval', '50');
      await bridge('mcast_querier', '0');
      await bridge('mcast_querier', '1');
      const query = await listenForQuery(inNamespace, 'eth0', 30_000);
      assert.equal(judgeQuery('eth0', query, true).type, 'ok', String(query));
      await bridge('mcast_querier', '0');
      const silence = await listenForQuery(inNamespace, 'eth0', 1500);
      assert.equal(silence, null);
      const { found } = judgeQuery('eth0', silence, true);
      assert.deepEqual(found, message('igmp.silent', { seconds: 130 }));
    });
  });
});
