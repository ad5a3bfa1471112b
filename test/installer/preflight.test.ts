import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import {
  findObstacles,
  portObstacles,
  rangeObstacles,
  type Findings,
} from '../../installer/preflight.ts';
import type { PortHolder } from '../../installer/facts/ports.ts';
import { samplePlan, sampleSurroundings, withMachine } from './samples.ts';

const FINDINGS: Findings = {
  hasSystemd: true,
  interfaces: sampleSurroundings().interfaces,
  portHolders: [],
  dhcpServers: null,
  canServeNfs: true,
  record: null,
};

function held(more: Partial<PortHolder>): PortHolder {
  const process = { name: 'dnsmasq', pid: 812, unit: 'dnsmasq.service' };
  return { protocol: 'udp', address: '*', port: 67, process, ...more };
}

describe('what stands in the way', () => {
  test('is nothing on a machine that has nothing of it', async () => {
    await withMachine(async (system) => {
      const plan = samplePlan({ rootfs: 'later' }, { isUpdate: true });
      assert.deepEqual(await findObstacles(system, plan, FINDINGS), []);
    });
  });

  test('a port that another program holds is named with process and remedy', () => {
    const [found, ...more] = portObstacles(samplePlan(), [held({})]);
    assert.deepEqual(more, []);
    assert.equal(
      found?.what,
      'UDP port 67 (DHCP) is taken by dnsmasq (process 812, dnsmasq.service), at *',
    );
    assert.match(found.remedy, /systemctl disable --now dnsmasq\.service/);
    assert.match(found.remedy, /"none"/);
  });

  test('a port is free when only another interface or address of it is held', () => {
    const holders = [
      held({ address: '*%virbr0' }),
      held({ address: '192.168.122.1' }),
      held({ port: 53 }),
      held({ protocol: 'tcp' }),
    ];
    assert.deepEqual(portObstacles(samplePlan(), holders), []);
    assert.equal(portObstacles(samplePlan(), [held({ address: '*%eth1' })]).length, 1);
    assert.equal(portObstacles(samplePlan(), [held({ address: '10.77.0.1' })]).length, 1);
  });

  test('our own services, and the NFS server of the kernel, may hold their ports', () => {
    const ours = { name: 'node', pid: 1, unit: 'openclone.service' };
    const holders = [
      held({ protocol: 'tcp', port: 80, process: ours }),
      held({ protocol: 'tcp', port: 2049, process: null }),
    ];
    assert.deepEqual(portObstacles(samplePlan(), holders), []);
    const ganesha = { name: 'ganesha.nfsd', pid: 1, unit: 'nfs-ganesha.service' };
    const [found] = portObstacles(samplePlan(), [
      held({ protocol: 'tcp', port: 2049, process: ganesha }),
    ]);
    assert.match(found?.remedy ?? '', /nfsServer with "none"/);
  });

  test('ports of DHCP are of no interest where DHCP is left alone', () => {
    assert.deepEqual(portObstacles(samplePlan({ dhcp: { type: 'none' } }), [held({})]), []);
  });

  test('a range of addresses lies in its network, in order, without our own address', () => {
    const faultOf = (firstAddress: string, lastAddress: string): string =>
      rangeObstacles(
        samplePlan({
          dhcp: {
            ...{ type: 'full', firstAddress, lastAddress },
            ...{ router: null, nameServers: [], leaseSeconds: 600 },
          },
        }).site,
      )
        .map(({ what }) => what)
        .join();
    assert.equal(faultOf('10.77.0.20', '10.77.0.30'), '');
    assert.match(faultOf('10.77.0.30', '10.77.0.20'), /is none of 10\.77\.0\.0\/24/);
    assert.match(faultOf('10.77.0.30', '10.77.1.20'), /is none of 10\.77\.0\.0\/24/);
    assert.match(faultOf('10.77.0.1', '10.77.0.20'), /own address/);
  });

  test('all of it is found at once', async () => {
    await withMachine(async (system) => {
      await mkdir(join(system.root, 'etc/openclone'), { recursive: true });
      await writeFile(join(system.root, 'etc/openclone/dnsmasq.conf'), 'somebody else\n');
      await mkdir(join(system.root, 'srv/openclone/tftp/grub'), { recursive: true });
      const plan = samplePlan({
        ...{ serverAddress: '10.77.0.9', rootfs: 'later' },
        dhcp: {
          ...{ type: 'full', firstAddress: '10.77.0.20', lastAddress: '10.77.0.30' },
          ...{ router: null, nameServers: [], leaseSeconds: 600 },
        },
      });
      const found = await findObstacles(system, plan, {
        ...FINDINGS,
        ...{ hasSystemd: false, canServeNfs: false },
        dhcpServers: { type: 'known', offering: ['10.77.0.254'], proxies: [] },
      });
      assert.deepEqual(
        found.map(({ what }) => what),
        [
          'systemd does not run here',
          'the address 10.77.0.9 of the subnet main is not on the interface eth1',
          'another DHCP server answers on eth1 already: 10.77.0.254',
          'this kernel has no NFS server (nfsd)',
          '/etc/openclone/dnsmasq.conf is there already, and not from this installer',
          '/srv/openclone/tftp/grub is there already, and not from this installer',
        ],
      );
      assert.deepEqual(
        found.filter(({ canBeForced }) => canBeForced).map(({ what }) => what),
        ['another DHCP server answers on eth1 already: 10.77.0.254'],
      );
    });
  });
});
