/** Facts from what the real tools printed: iproute2 6.1.0, ss of it, nft 1.0.6, ufw 0.36.2. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseOsRelease } from '../../installer/facts/distribution.ts';
import { hasInputFilter } from '../../installer/facts/firewall.ts';
import { parseDefaultRoute, parseInterfaces } from '../../installer/facts/interfaces.ts';
import { parseNameServers } from '../../installer/facts/name-servers.ts';
import { parseSockets, unitOfCgroup } from '../../installer/facts/ports.ts';
import { parseInstallations } from '../../installer/tools/apt.ts';
import { parseRemovals } from '../../installer/changes/packages.ts';
import { countRuns } from '../../installer/running-server/runs-under-way.ts';

const IP_ADDRESS = `[{"ifindex":1,"ifname":"lo","flags":["LOOPBACK","UP","LOWER_UP"],"mtu":65536,"qdisc":"noqueue","operstate":"UNKNOWN","group":"default","txqlen":1000,"link_type":"loopback","address":"00:00:00:00:00:00","broadcast":"00:00:00:00:00:00","addr_info":[{"family":"inet","local":"127.0.0.1","prefixlen":8,"scope":"host","label":"lo","valid_life_time":4294967295,"preferred_life_time":4294967295}]},{"ifindex":2,"link_index":2,"ifname":"eth0","flags":["BROADCAST","MULTICAST","UP","LOWER_UP"],"mtu":1500,"qdisc":"noqueue","operstate":"UP","group":"default","txqlen":1000,"link_type":"ether","address":"ea:65:86:ca:d3:e4","broadcast":"ff:ff:ff:ff:ff:ff","link_netnsid":0,"addr_info":[{"family":"inet","local":"10.79.0.1","prefixlen":24,"broadcast":"10.79.0.255","scope":"global","label":"eth0","valid_life_time":4294967295,"preferred_life_time":4294967295},{"family":"inet6","local":"fe80::e865:86ff:feca:d3e4","prefixlen":64,"scope":"link","valid_life_time":4294967295,"preferred_life_time":4294967295}]},{"ifindex":3,"ifname":"eth1","flags":["BROADCAST","MULTICAST"],"mtu":1500,"qdisc":"noop","operstate":"DOWN","group":"default","txqlen":1000,"link_type":"ether","address":"ea:65:86:ca:d3:e5","broadcast":"ff:ff:ff:ff:ff:ff","addr_info":[]}]`;

const SOCKETS = `udp UNCONN 0      0      0.0.0.0%virbr0:67        0.0.0.0:*    users:(("dnsmasq",pid=812,fd=4))
udp UNCONN 0      0               0.0.0.0:69        0.0.0.0:*    users:(("in.tftpd",pid=77,fd=4),("in.tftpd",pid=78,fd=4))
tcp LISTEN 0      64              0.0.0.0:2049      0.0.0.0:*
tcp LISTEN 0      511                   *:80              *:*    users:(("apache2",pid=900,fd=4))
tcp LISTEN 0      4096   127.0.0.53%lo:53        0.0.0.0:*    users:(("systemd-resolve",pid=300,fd=20))
tcp LISTEN 0      128                [::]:22           [::]:*    users:(("sshd",pid=500,fd=4))
`;

describe('facts of a machine', () => {
  test('facts of a machine: interfaces are those with an IPv4 address, without the loopback', () => {
    assert.deepEqual(parseInterfaces(IP_ADDRESS), [
      { name: 'eth0', isUp: true, addresses: [{ address: '10.79.0.1', prefixLength: 24 }] },
    ]);
  });

  test('facts of a machine: the default route is the first one, and may be missing', () => {
    const text =
      '[{"dst":"default","gateway":"10.79.0.254","dev":"eth0","flags":[]},{"dst":"default","dev":"ppp0","metric":100,"flags":[]}]';
    assert.deepEqual(parseDefaultRoute(text), { interfaceName: 'eth0', gateway: '10.79.0.254' });
    assert.equal(parseDefaultRoute('[]'), null);
    assert.equal(parseDefaultRoute(''), null);
  });

  test('facts of a machine name servers are those that others can use as well', () => {
    const text = '# x\nnameserver 127.0.0.53\nnameserver 10.0.0.2\nnameserver fe80::1\nsearch x\n';
    assert.deepEqual(parseNameServers(text), ['10.0.0.2']);
  });

  test('facts of a machine: sockets have a protocol, an address with its interface, a port and a process', () => {
    assert.deepEqual(parseSockets(SOCKETS), [
      { protocol: 'udp', address: '*%virbr0', port: 67, pid: 812 },
      { protocol: 'udp', address: '*', port: 69, pid: 77 },
      { protocol: 'tcp', address: '*', port: 2049, pid: null },
      { protocol: 'tcp', address: '*', port: 80, pid: 900 },
      { protocol: 'tcp', address: '127.0.0.53%lo', port: 53, pid: 300 },
      { protocol: 'tcp', address: '*', port: 22, pid: 500 },
    ]);
  });

  test('facts of a machine: the unit of a process is read from its cgroup, in both hierarchies', () => {
    assert.equal(unitOfCgroup('0::/system.slice/openclone.service\n'), 'openclone.service');
    assert.equal(
      unitOfCgroup(
        '12:pids:/system.slice/nginx.service\n1:name=systemd:/system.slice/nginx.service\n',
      ),
      'nginx.service',
    );
    assert.equal(unitOfCgroup('0::/user.slice/user-0.slice/session-1.scope\n'), null);
  });

  test('facts of a machine: a distribution is known by id and version; testing has none', () => {
    assert.deepEqual(
      parseOsRelease('ID=ubuntu\nVERSION_ID="24.04"\nPRETTY_NAME="Ubuntu 24.04 LTS"\n'),
      {
        id: 'ubuntu',
        version: '24.04',
        name: 'Ubuntu 24.04 LTS',
      },
    );
    assert.equal(parseOsRelease("ID=debian\nPRETTY_NAME='Debian trixie/sid'\n").version, null);
  });

  test('facts of a machine: a firewall is one whose input chain drops, by policy or by a rule', () => {
    const chain = (policy: string): unknown => ({
      chain: {
        family: 'inet',
        table: 'filter',
        name: 'input',
        handle: 1,
        type: 'filter',
        hook: 'input',
        prio: 0,
        policy,
      },
    });
    const ruleset = (...parts: unknown[]): string =>
      JSON.stringify({ nftables: [{ metainfo: { version: '1.0.6' } }, ...parts] });
    const rule = (expr: unknown): unknown => ({
      rule: { family: 'inet', table: 'filter', chain: 'input', handle: 2, expr: [expr] },
    });
    assert.equal(hasInputFilter(''), false);
    assert.equal(hasInputFilter(ruleset()), false);
    assert.equal(hasInputFilter(ruleset(chain('accept'))), false);
    assert.equal(hasInputFilter(ruleset(chain('drop'))), true);
    assert.equal(hasInputFilter(ruleset(chain('accept'), rule({ accept: null }))), false);
    assert.equal(hasInputFilter(ruleset(chain('accept'), rule({ drop: null }))), true);
  });

  test('facts of a machine: what apt would install and remove is read from its simulation', () => {
    const text =
      'Reading package lists...\nInst udpcast (20120424-2+b1 ./ [amd64])\nConf udpcast (20120424-2+b1 ./ [amd64])\nRemv cpio [2.13]\nPurg libctf0:amd64 [2.40]\n';
    assert.deepEqual(parseInstallations(text), ['udpcast']);
    assert.deepEqual(parseRemovals(text), ['cpio', 'libctf0']);
  });

  test('facts of a machine: hosts at work are counted, whatever else a status of another version has', () => {
    const runs = [{ state: 'running', id: 'x' }, { state: 'done' }, { state: 'running' }];
    assert.equal(
      countRuns(JSON.stringify({ more: 1, tasks: [{ id: 't', runs }, { runs: [] }] })),
      2,
    );
  });
});
