/** install.sh on a whole Debian with its kernel: hosts live on the kernel's NFS server, also through an update. */

import assert from 'node:assert/strict';
import { z } from 'zod';
import { exportsFile } from '../../../../installer/templates/exports.ts';
import { Site } from '../../../../lib/model/site.ts';
import { makeGoldenDisk } from '../disks.ts';
import { HostList } from '../room-server.ts';
import { FULL_NFS, untilIdle, untilSaid, type Scenario } from '../scenario.ts';
import { RELEASE, ServerMachine } from '../server-machine.ts';

const PASSWORD = 'korrekt-pferd-batterie';
const DOCTOR_MS = 300_000;
const INSTALL_AGAIN = '/opt/openclone/current/install.sh';

export const serverVm: Scenario = {
  name: 'server-vm',
  title:
    'install.sh makes a server of a Debian with its own kernel, whose NFS root hosts keep through an update',
  inCi: false,
  room: { ...FULL_NFS, server: 'machine' },
  run: async (room) => {
    const server = await ServerMachine.boot(room);
    try {
      await install(server);
      const build = await assertHealthy(server);
      const golden = await makeGoldenDisk(room.run, room.directory);
      const host = await room.addHost({ disk: golden.file });
      host.powerOn();
      assert.match(await untilIdle(room, host), new RegExp(`build=${build}`));
      const hosts = HostList.parse(
        JSON.parse(await done(server, 'openclone', '--json', 'host', 'list')),
      );
      assert.deepEqual(
        hosts.map(({ mac, approval }) => [mac, approval]),
        [[host.mac, 'approved']],
      );
      host.console.skip();
      await update(server);
      assert.notEqual(await currentBuild(server), build);
      assert.match(await untilIdle(room, host), new RegExp(`build=${build}`));
      // Programs that this host has not read yet come from the root of the build before.
      await done(
        server,
        'openclone',
        'capture',
        host.mac,
        '--disk',
        'only',
        '--name',
        'golden',
        '--then',
        'reboot',
      );
      await untilSaid(room, host, golden.marker);
      await host.powerOff();
      await done(server, INSTALL_AGAIN, '--uninstall', '--yes');
      assert.equal(await done(server, 'exportfs', '-s'), '');
      assert.equal(await done(server, 'find', '/etc', '-name', 'openclone.*'), '');
    } finally {
      await server.powerOff();
    }
  },
};

async function install(server: ServerMachine): Promise<void> {
  const answers = JSON.stringify({
    formatVersion: 1,
    operator: { name: 'anna', passwordFile: '/root/password' },
    rootTransport: 'nfs',
    nfsServer: 'kernel',
    automaticRegistration: true,
    rootfsPacking: 'quick',
    kernelOptions: 'console=ttyS0,115200',
    dhcp: {
      type: 'full',
      firstAddress: '10.92.0.100',
      lastAddress: '10.92.0.199',
      router: null,
      nameServers: [],
      leaseSeconds: 600,
    },
  });
  await done(server, 'sh', '-c', `umask 077; echo '${PASSWORD}' > /root/password`);
  await done(server, 'sh', '-c', `echo '${answers}' > /root/answers.json`);
  await done(server, `${RELEASE}/install.sh`, '--yes', '--answers', '/root/answers.json');
}

/** A newer release, whose engine makes a new root file system. */
async function update(server: ServerMachine): Promise<void> {
  await done(server, 'cp', '-a', RELEASE, '/root/next');
  await done(server, 'sh', '-c', 'echo "// Newer." >> /root/next/dist/engine.js');
  await done(server, '/root/next/install.sh', '--yes');
}

const Said = z.object({ type: z.string(), about: z.string(), found: z.string() });
const Doctor = z.object({
  checks: z.array(z.object({ name: z.string(), findings: z.array(Said) })),
});
type Finding = z.infer<typeof Said> & { readonly name: string };

/** Exports and doctor are as they should be; returns the id of the build that hosts boot. */
async function assertHealthy(server: ServerMachine): Promise<string> {
  const site = Site.parse(JSON.parse(await done(server, 'cat', '/etc/openclone/site.json')));
  assert.equal(await done(server, 'cat', '/etc/exports.d/openclone.exports'), exportsFile(site));
  const table = await done(server, 'cat', '/var/lib/nfs/etab');
  const exported = /^\/srv\/openclone\/netboot\t10\.92\.0\.0\/24\(ro,sync,(?!.*no_subtree_check)/;
  assert.match(table, exported);
  assert.match(table, /[,(]no_root_squash[,)]/);
  assert.equal(table.trim().split('\n').length, 1, table);
  const findings = await healthyFindings(server);
  const nfs = findings.filter(({ name }) => name === 'nfs');
  assert.deepEqual(
    nfs.map(({ type }) => type),
    ['ok'],
    JSON.stringify(nfs),
  );
  assert.match(nfs[0]?.found ?? '', /can be mounted and read$/);
  return currentBuild(server);
}

/** What doctor says when it finds no fault; a machine that is emulated on a busy one may stall for seconds at first. */
async function healthyFindings(server: ServerMachine): Promise<Finding[]> {
  const deadline = Date.now() + DOCTOR_MS;
  for (;;) {
    const { stdout } = await server.run('openclone', '--json', 'doctor');
    const { checks } = Doctor.parse(JSON.parse(stdout));
    const findings = checks.flatMap(({ name, findings: each }) =>
      each.map(({ type, about, found }) => ({ name, type, about, found })),
    );
    // No time server can be reached here.
    const wrong = findings.filter(
      ({ name, type }) => type === 'failure' || (type === 'warning' && name !== 'clock'),
    );
    if (wrong.length === 0) return findings;
    if (Date.now() > deadline) assert.deepEqual(wrong, []);
  }
}

async function currentBuild(server: ServerMachine): Promise<string> {
  const link = await done(server, 'readlink', '/srv/openclone/netboot/current');
  return link.trim().replace(/^builds\//, '');
}

/** What it printed; throws when it fails. */
async function done(server: ServerMachine, tool: string, ...args: string[]): Promise<string> {
  const { stdout, stderr, exitStatus } = await server.run(tool, ...args);
  assert.equal(exitStatus, 0, `${tool} ${args.join(' ')}: ${stdout}${stderr}`);
  return stdout;
}
