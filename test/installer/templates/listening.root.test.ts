/** dnsmasq 2.90 with our configuration, on a machine with more addresses and interfaces than the site names. */

import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { dnsmasqConfig } from '../../../installer/templates/dnsmasq.ts';
import { run } from '../../../lib/exec/run.ts';
import type { DhcpMode } from '../../../lib/model/site.ts';
import { probeIn, withDhcpRoom } from '../../lib/dhcp/dhcp-room.ts';
import { FULL, sampleSite } from '../sample-site.ts';

const OURS = '10.91.7.1';
const FULL_HERE: DhcpMode = {
  ...FULL.dhcp,
  firstAddress: '10.91.7.100',
  lastAddress: '10.91.7.110',
  router: null,
};

/** The local addresses of the UDP sockets with this port in a namespace (ss(8)). */
async function socketsIn(namespace: string, port: number): Promise<string[]> {
  const { stdout } = await run('ip', ['netns', 'exec', namespace, 'ss', '-H', '-l', '-u', '-n']);
  return [...stdout.matchAll(/^UNCONN +\d+ +\d+ +(\S+):(\d+) /gm)]
    .filter(([, , found]) => Number(found) === port)
    .map(([, address = '']) => address);
}

describe('dnsmasq listens towards the subnets of the site', () => {
  for (const dhcp of [FULL_HERE, { type: 'proxy' }] satisfies DhcpMode[]) {
    test(`dnsmasq listens towards the subnets of the site and at no other address of its interface or machine: DHCP ${dhcp.type}`, async () => {
      await withDhcpRoom(async ({ directory, addMachine, startConfigured }) => {
        const server = await addMachine('srv', 1);
        const client = await addMachine('cli', 20);
        const ip = (...args: string[]): Promise<unknown> => run('ip', ['-n', server, ...args]);
        await ip('address', 'add', '10.92.0.1/24', 'dev', 'eth0');
        await ip('address', 'add', '2001:db8::1/64', 'dev', 'eth0', 'nodad');
        await ip('link', 'add', 'eth1', 'type', 'veth', 'peer', 'name', 'eth1', 'netns', client);
        await ip('address', 'add', '10.93.0.1/24', 'dev', 'eth1');
        await ip('link', 'set', 'eth1', 'up');
        await run('ip', ['-n', client, 'link', 'set', 'eth1', 'up']);
        const tftpDirectory = join(directory, 'tftp');
        mkdirSync(tftpDirectory);
        const here = { serverAddress: OURS, networkAddress: '10.91.7.0', dhcp };
        const site = { ...sampleSite([{ ...FULL, ...here }]), tftpDirectory };
        const text = dnsmasqConfig(site)
          .replace(/^dhcp-leasefile=.*$/m, `dhcp-leasefile=${join(directory, 'leases')}`)
          .replace(/^user=.*$/m, 'user=root');
        const file = join(directory, 'dnsmasq.conf');
        writeFileSync(file, text);
        await startConfigured(server, file);
        assert.deepEqual(await socketsIn(server, 69), [OURS]);
        const answers = await probeIn(client, { clientArch: 0, timeoutMs: 10_000, enough: 1 });
        assert.deepEqual(
          answers.map(({ serverAddress }) => serverAddress),
          [OURS],
        );
      });
    });
  }
});
