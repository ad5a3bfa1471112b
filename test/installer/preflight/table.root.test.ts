import assert from 'node:assert/strict';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { findObstacles } from '../../../installer/preflight/table.ts';
import { portObstacles, rpcbindObstacles } from '../../../installer/preflight/ports.ts';
import type { Plan } from '../../../installer/plan.ts';
import type { Answers } from '../../../installer/answers.ts';
import type { InstallRecord } from '../../../installer/changes/record.ts';
import type { PortHolder } from '../../../installer/facts/ports.ts';
import { samplePlan, sampleEnvironment, withMachine } from '../samples.ts';
import type { PreflightFacts } from '../../../installer/preflight/facts.ts';
import { rangeObstacles } from '../../../installer/preflight/subnets.ts';

const FINDINGS: PreflightFacts = {
  hasSystemd: true,
  interfaces: sampleEnvironment().interfaces,
  portHolders: [],
  dhcpServers: new Map(),
  canServeNfs: true,
  record: null,
};

function holdersInTheWay(
  { site, ports }: Plan,
  holders: readonly PortHolder[],
): ReturnType<typeof portObstacles> {
  return portObstacles(site.subnets, ports, holders);
}

function held(more: Partial<PortHolder>): PortHolder {
  const process = { name: 'dnsmasq', pid: 812, unit: 'dnsmasq.service' };
  return { protocol: 'udp', address: '*', port: 67, process, ...more };
}

describe('what stands in the way', () => {
  test('what stands in the way is nothing on a machine that has nothing of it', async () => {
    await withMachine(async (system) => {
      const plan = samplePlan({ rootfs: 'later' }, { isUpdate: true });
      assert.deepEqual(await findObstacles(system, plan, FINDINGS), []);
    });
  });

  test('what stands in the way: a port that another program holds is named with process and remedy', () => {
    const [found, ...more] = holdersInTheWay(samplePlan(), [held({})]);
    assert.deepEqual(more, []);
    assert.equal(
      found?.message,
      'UDP port 67 (DHCP) is taken by dnsmasq (process 812, dnsmasq.service), at *',
    );
    assert.match(found.hint, /systemctl disable --now dnsmasq\.service/);
    assert.match(found.hint, /"none"/);
  });

  test('what stands in the way: a port is free when only another interface or address of it is held', () => {
    const holders = [
      held({ address: '*%virbr0' }),
      held({ address: '192.168.122.1' }),
      held({ port: 53 }),
      held({ protocol: 'tcp' }),
    ];
    assert.deepEqual(holdersInTheWay(samplePlan(), holders), []);
    assert.equal(holdersInTheWay(samplePlan(), [held({ address: '*%eth1' })]).length, 1);
    assert.equal(holdersInTheWay(samplePlan(), [held({ address: '10.77.0.1' })]).length, 1);
  });

  test('what stands in the way: a TCP port is taken at the addresses of the subnets and at the loopback, where the daemon listens', () => {
    const obstaclesOf = (address: string): number =>
      holdersInTheWay(samplePlan(), [held({ protocol: 'tcp', port: 80, address })]).length;
    const addresses = ['192.168.122.1', '10.77.0.1', '127.0.0.1', '*', '::1'];
    assert.deepEqual(addresses.map(obstaclesOf), [0, 1, 1, 1, 0]);
  });

  test('what stands in the way: a port that one program holds for IPv4 and for IPv6 is told of once', () => {
    const found = holdersInTheWay(samplePlan(), [
      held({ protocol: 'udp', port: 69, address: '*' }),
      held({ protocol: 'udp', port: 69, address: '::' }),
    ]);
    assert.equal(found.length, 1);
    assert.match(found[0]?.message ?? '', / at \* and ::$/);
  });

  test('what stands in the way: our own services, and the NFS server of the kernel, may hold their ports', () => {
    const ours = { name: 'node', pid: 1, unit: 'openclone.service' };
    const holders = [
      held({ protocol: 'tcp', port: 80, process: ours }),
      held({ protocol: 'tcp', port: 2049, process: null }),
    ];
    assert.deepEqual(holdersInTheWay(samplePlan(), holders), []);
    const ganesha = { name: 'ganesha.nfsd', pid: 1, unit: 'nfs-ganesha.service' };
    const [found] = holdersInTheWay(samplePlan(), [
      held({ protocol: 'tcp', port: 2049, process: ganesha }),
    ]);
    assert.match(found?.hint ?? '', /nfsServer with "none"/);
  });

  test("what stands in rpcbind's place keeps the NFS server of the kernel from starting", () => {
    const by = (name: string, unit: string | null): number =>
      rpcbindObstacles([
        held({ protocol: 'tcp', port: 111, process: { name, pid: 1, unit } }),
        held({ protocol: 'udp', port: 111, process: { name, pid: 1, unit } }),
      ]).length;
    assert.equal(by('rpcbind', 'rpcbind.service'), 0);
    assert.equal(by('init', null), 0);
    assert.equal(by('node', 'other.service'), 1);
    assert.deepEqual(rpcbindObstacles([held({ protocol: 'tcp', port: 111, process: null })]), []);
  });

  test('what stands in the way: ports of DHCP are of no interest where DHCP is left alone', () => {
    assert.deepEqual(holdersInTheWay(samplePlan({ dhcp: { type: 'none' } }), [held({})]), []);
  });

  test('what stands in the way: a range of addresses lies in its network, in order, without our own address', () => {
    const faultOf = (firstAddress: string, lastAddress: string): string =>
      rangeObstacles(
        samplePlan({
          dhcp: {
            type: 'full',
            firstAddress,
            lastAddress,
            router: null,
            nameServers: [],
            leaseSeconds: 600,
          },
        }).site,
      )
        .map(({ message }) => message)
        .join();
    assert.equal(faultOf('10.77.0.20', '10.77.0.30'), '');
    assert.match(faultOf('10.77.0.30', '10.77.0.20'), /is none of 10\.77\.0\.0\/24/);
    assert.match(faultOf('10.77.0.30', '10.77.1.20'), /is none of 10\.77\.0\.0\/24/);
    assert.match(faultOf('10.77.0.1', '10.77.0.20'), /own address/);
  });

  test('what stands in the way: a network whose DHCP servers are not known gets no second one unasked', async () => {
    await withMachine(async (system) => {
      const plan = samplePlan({ rootfs: 'later' }, { isUpdate: true });
      const dhcpServers = new Map([
        ['eth1', { type: 'unknown', reason: 'port 68 is taken' }] as const,
      ]);
      const [found, ...more] = await findObstacles(system, plan, { ...FINDINGS, dhcpServers });
      assert.deepEqual(more, []);
      assert.match(found?.message ?? '', /on eth1 is not known: port 68 is taken$/);
      assert.equal(found?.canBeForced, true);
    });
  });

  test('what stands in the way: images never lie where everybody reads, or where an update or uninstalling clears', async () => {
    const faultOf = async (answers: Partial<Answers>): Promise<string> => {
      let said = '';
      await withMachine(async (system) => {
        const plan = samplePlan({ rootfs: 'later', ...answers }, { isUpdate: true });
        const found = await findObstacles(system, plan, FINDINGS);
        said = found
          .map(({ message, canBeForced }) => `${message}${canBeForced ? ' (force)' : ''}`)
          .join();
      });
      return said;
    };
    assert.equal(await faultOf({}), '');
    for (const answers of [
      { imageDirectory: '/opt/openclone/images' },
      { imageDirectory: '/var/lib/openclone/images' },
      { imageDirectory: '/srv/openclone/tftp/images' },
      { imageDirectory: '/srv/openclone', rootTransport: 'ram' as const },
      { tftpDirectory: '/var/lib' },
      { tftpDirectory: '/srv/openclone/netboot' },
      { netbootDirectory: '/srv/openclone/tftp/netboot' },
    ]) {
      assert.match(
        await faultOf(answers),
        /lie in each other(?! \(force\))/,
        JSON.stringify(answers),
      );
    }
  });

  test('what stands in the way: a directory in which somebody else has files is not taken over', async () => {
    await withMachine(async (system) => {
      for (const path of ['home/anna', 'srv/www', 'mnt/disk/lost+found', 'opt/openclone/.git']) {
        await mkdir(join(system.root, path), { recursive: true });
      }
      await chmod(join(system.root, 'opt/openclone'), 0o700);
      const plan = samplePlan(
        { imageDirectory: '/home', netbootDirectory: '/srv', tftpDirectory: '/mnt/disk' },
        { isUpdate: true },
      );
      const found = await findObstacles(system, plan, FINDINGS);
      assert.deepEqual(
        found.map(({ message }) => message),
        [
          '/opt/openclone is not from this installer, and has .git in it: it would belong to root, mode 755',
          '/home is not from this installer, and has anna in it: it would belong to openclone, mode 750',
          '/srv is not from this installer, and has www in it: every host could read it',
        ],
      );
    });
  });

  test("what stands in the way: our own directories, and an earlier installation's root file systems, are no obstacle", async () => {
    await withMachine(async (system) => {
      await mkdir(join(system.root, 'srv/openclone/netboot/bases/x'), { recursive: true });
      await mkdir(join(system.root, 'srv/openclone/images/x'), { recursive: true });
      const record: InstallRecord = {
        formatVersion: 1,
        programVersion: '1.0.0',
        changes: [{ type: 'directory', path: '/srv/openclone/images', tree: true, data: 'images' }],
      };
      const plan = samplePlan({ rootfs: 'later' }, { isUpdate: true });
      assert.deepEqual(await findObstacles(system, plan, { ...FINDINGS, record }), []);
    });
  });

  test("what stands in the way: no boot loader of somebody else's is overwritten", async () => {
    await withMachine(async (system) => {
      await mkdir(join(system.root, 'srv/openclone/tftp/http'), { recursive: true });
      await writeFile(join(system.root, 'srv/openclone/tftp/mmx64.efi'), 'theirs');
      await writeFile(join(system.root, 'srv/openclone/tftp/http/grubx64.efi'), 'theirs');
      const plan = samplePlan({ rootfs: 'later' }, { isUpdate: true });
      assert.deepEqual(
        (await findObstacles(system, plan, FINDINGS)).map(({ message }) => message),
        ['mmx64.efi', 'http/grubx64.efi'].map(
          (name) => `/srv/openclone/tftp/${name} is there already, and not from this installer`,
        ),
      );
    });
  });

  test('what stands in the way: two subnets of one name are refused', async () => {
    await withMachine(async (system) => {
      const [main] = samplePlan().site.subnets;
      const otherSubnets = main === undefined ? [] : [{ ...main, name: 'main' }];
      const plan = samplePlan({ rootfs: 'later', otherSubnets }, { isUpdate: true });
      const found = await findObstacles(system, plan, FINDINGS);
      assert.match(found[0]?.message ?? '', /^two subnets have the name main$/);
    });
  });

  test('what stands in the way: all of it is found at once', async () => {
    await withMachine(async (system) => {
      await mkdir(join(system.root, 'etc/openclone'), { recursive: true });
      await writeFile(join(system.root, 'etc/openclone/dnsmasq.conf'), 'somebody else\n');
      await mkdir(join(system.root, 'srv/openclone/tftp/grub'), { recursive: true });
      const plan = samplePlan({
        serverAddress: '10.77.0.9',
        rootfs: 'later',
        dhcp: {
          type: 'full',
          firstAddress: '10.77.0.20',
          lastAddress: '10.77.0.30',
          router: null,
          nameServers: [],
          leaseSeconds: 600,
        },
      });
      const found = await findObstacles(system, plan, {
        ...FINDINGS,
        hasSystemd: false,
        canServeNfs: false,
        dhcpServers: new Map([
          ['eth1', { type: 'known', offering: ['10.77.0.254'], proxies: [] }] as const,
        ]),
      });
      assert.deepEqual(
        found.map(({ message }) => message),
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
        found.filter(({ canBeForced }) => canBeForced).map(({ message }) => message),
        ['another DHCP server answers on eth1 already: 10.77.0.254'],
      );
    });
  });
});
