/**
 * install.sh on a real Debian with systemd: a release is unpacked, installed without questions, installed again, updated
 * and removed; afterwards the system has the files that it had before. What is not shown: the kernel's NFS server,
 * which containers cannot have (the kernel of this machine has none).
 */

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { RunResult } from '../../../lib/exec/run.ts';
import type { Container } from './container.ts';
import {
  answers,
  expectDone,
  freshDebian,
  listFiles,
  listPackages,
  PASSWORD,
  RELEASE,
} from './fresh-debian.ts';
import { parseSuite } from './suite.ts';
import { until } from '../../support/wait.ts';

const SERVICES = ['openclone.service', 'openclone-dnsmasq.service'];
/** `OPENCLONE_LAB_SUITE=trixie node --test …` for another Debian than CI's. */
const SUITE = parseSuite(process.env['OPENCLONE_LAB_SUITE']);
describe(`install.sh on a fresh Debian (${SUITE})`, { timeout: 900_000 }, () => {
  let container: Container;
  let filesBefore: string[] = [];
  let packagesBefore = '';

  before(async () => {
    container = await freshDebian(SUITE);
    filesBefore = await listFiles(container);
    packagesBefore = await listPackages(container);
  });

  after(async () => {
    await container.remove();
  });

  test(`install.sh on a fresh Debian (${SUITE}) refuses, and changes nothing, while another server holds its ports`, async () => {
    answers(container, { httpPort: 80 });
    await expectDone(
      container,
      'systemd-run',
      '--unit=other-http',
      '--service-type=exec',

      `${RELEASE}/node_modules/.bin/node`,
      '-e',
      'require("node:net").createServer().listen(80)',
    );
    await until('port 80 is taken', async () =>
      /:80 /.test((await container.run('ss', '-Hlnt')).stdout),
    );
    const { stdout, stderr, exitStatus } = await install(container);
    assert.equal(exitStatus, 10, stdout + stderr);
    assert.match(stdout, /TCP port 80 .* is taken by node \(process \d+, other-http\.service\)/);
    assert.match(stderr, /nothing was changed/);
    assert.deepEqual(await listFiles(container), filesBefore);
    await expectDone(container, 'systemctl', 'stop', 'other-http.service');
    answers(container, {});
  });

  test(`install.sh on a fresh Debian (${SUITE}) takes everything back when a step fails`, async () => {
    // No root file system can be built from sources of another suite.
    const sources = '/etc/apt/sources.list.d/debian.sources';
    await expectDone(container, 'mv', sources, '/tmp/debian.sources');
    const { stdout, stderr, exitStatus } = await install(container);
    await expectDone(container, 'mv', '/tmp/debian.sources', sources);
    assert.notEqual(exitStatus, 0);
    assert.match(stdout, /✗ building the root file system/, stdout + stderr);
    const left = (await listFiles(container)).filter((path) => !filesBefore.includes(path));
    // The packages stay, and are said to.
    assert.match(stderr, /the Debian packages .*dnsmasq-base/);
    assert.deepEqual(left.filter(isOurs), [
      '/var/lib/openclone-installer',
      '/var/lib/openclone-installer/installed.json',
    ]);
    assert.equal((await container.run('getent', 'passwd', 'openclone')).stdout, '');
    for (const unit of SERVICES) assert.equal(await stateOf(container, unit), 'inactive');
  });

  test(`install.sh on a fresh Debian (${SUITE}) installs, and the services run`, async () => {
    const { stdout, stderr, exitStatus } = await install(container);
    assert.equal(exitStatus, 0, stdout + stderr);
    for (const unit of SERVICES) assert.equal(await stateOf(container, unit), 'active');
    const status = await container.run('openclone', 'status', '--json');
    assert.equal(status.exitStatus, 0, status.stderr);
    assert.match((await container.run('openclone', 'operator', 'list')).stdout, /^anna /m);
    assert.match(
      (await container.run('openclone', 'settings')).stdout,
      /^Automatic registration: +on$/m,
    );
    // The daemon has no rights of root, and the password is nowhere in clear.
    const { stdout: processes } = await container.run('ps', '-eo', 'user:20,args');
    assert.match(processes, /^openclone +\/opt\/openclone\/current\/.*server\/main\.ts/m);
    const grep = await container.run('grep', '-rlF', PASSWORD, '/etc', '/opt', '/srv', '/var');
    assert.equal(grep.stdout, '');
  });

  test(`install.sh on a fresh Debian (${SUITE}) leaves a server that doctor has no failure to report of`, async () => {
    const { stdout } = await container.run('openclone', 'doctor');
    const failures = stdout.split('\n').filter((line) => line.startsWith('FAILURE'));
    assert.deepEqual(failures, [], stdout);
    assert.match(stdout, /^ok +dhcp .*BIOS: 10\.79\.0\.1 offers/m);
    assert.match(stdout, /^ok +tftp /m);
    assert.match(stdout, /^ok +http /m);
  });

  test(`install.sh on a fresh Debian (${SUITE}) changes nothing when it is run again`, async () => {
    const earlier = await listFiles(container);
    const startedAt = await startTimes(container);
    const { stdout, stderr, exitStatus } = await container.run(
      '/opt/openclone/current/install.sh',
      '--yes',
    );
    assert.equal(exitStatus, 0, stdout + stderr);
    assert.match(stdout, /nothing was changed/);
    assert.deepEqual(await listFiles(container), earlier);
    assert.deepEqual(await startTimes(container), startedAt);
  });

  test(`install.sh on a fresh Debian (${SUITE}): an update brings the new program and keeps settings and data`, async () => {
    await expectDone(container, 'openclone', 'group', 'create', 'room-1');
    await expectDone(container, 'openclone', 'settings', '--automatic-registration', 'off');
    const site = await container.run('cat', '/etc/openclone/site.json');
    await expectDone(container, 'cp', '-a', RELEASE, '/tmp/next');
    await expectDone(container, 'sh', '-c', 'echo "Newer." >> /tmp/next/README.md');
    const { stdout, stderr, exitStatus } = await container.run('/tmp/next/install.sh', '--yes');
    assert.equal(exitStatus, 0, stdout + stderr);
    assert.match(
      (await container.run('tail', '-1', '/opt/openclone/current/README.md')).stdout,
      /Newer/,
    );
    assert.match((await container.run('openclone', 'group', 'list')).stdout, /room-1/);
    assert.match(
      (await container.run('openclone', 'settings')).stdout,
      /^Automatic registration: +off$/m,
    );
    assert.equal((await container.run('cat', '/etc/openclone/site.json')).stdout, site.stdout);
    for (const unit of SERVICES) assert.equal(await stateOf(container, unit), 'active');
  });

  test(`install.sh on a fresh Debian (${SUITE}): a changed answer changes what follows from it: NFS is exported then`, async () => {
    answers(container, { rootTransport: 'nfs', nfsServer: 'kernel' });
    const refused = await install(container);
    assert.equal(refused.exitStatus, 10);
    assert.match(refused.stdout, /this kernel has no NFS server/);
    answers(container, { rootTransport: 'nfs', nfsServer: 'none' });
    const { stdout, stderr, exitStatus } = await install(container);
    assert.equal(exitStatus, 0, stdout + stderr);
    const { stdout: exports } = await container.run('cat', '/etc/exports.d/openclone.exports');
    assert.match(exports, /^\/srv\/openclone\/netboot 10\.79\.0\.0\/24\(ro,/m);
    // Another NFS server was promised: its own unit is not missed.
    assert.doesNotMatch(stdout, /nfs-server\.service/);
    const kept = await container.run(`${RELEASE}/install.sh`, '--yes', '--dry-run');
    assert.equal(kept.exitStatus, 0, kept.stdout + kept.stderr);
    assert.doesNotMatch(kept.stdout, /^(?!ports)[a-z].*:$/m);
  });

  test(`install.sh on a fresh Debian (${SUITE}): uninstalling keeps the data, and installing again finds it`, async () => {
    const { stdout, stderr, exitStatus } = await container.run(
      '/opt/openclone/current/install.sh',
      '--uninstall',
      '--yes',
    );
    assert.equal(exitStatus, 0, stdout + stderr);
    assert.match(stdout, /\/var\/lib\/openclone: hosts, groups, tasks and keys/);
    for (const unit of SERVICES) assert.equal(await stateOf(container, unit), 'inactive');
    answers(container, {});
    const again = await install(container);
    assert.equal(again.exitStatus, 0, again.stdout + again.stderr);
    assert.match((await container.run('openclone', 'group', 'list')).stdout, /room-1/);
  });

  test(`install.sh on a fresh Debian (${SUITE}): uninstalling with data and packages leaves the system as it was`, async () => {
    const { stdout, stderr, exitStatus } = await container.run(
      `${RELEASE}/install.sh`,
      '--uninstall',
      '--yes',
      '--purge-data',
      '--remove-packages',
    );
    assert.equal(exitStatus, 0, stdout + stderr);
    assert.equal(await listPackages(container), packagesBefore);
    assert.deepEqual(await listFiles(container), filesBefore);
    assert.equal((await container.run('getent', 'group', 'openclone')).stdout, '');
    const { stdout: failed } = await container.run(
      'systemctl',
      '--failed',
      '--plain',
      '--no-legend',
    );
    assert.equal(failed, '');
  });
});

async function install(container: Container): Promise<RunResult> {
  return container.run(`${RELEASE}/install.sh`, '--yes', '--answers', '/lab/answers.json');
}

/** Whether the installer, not a Debian package, would have made it. */
function isOurs(path: string): boolean {
  return path.includes('openclone');
}

async function stateOf(container: Container, unit: string): Promise<string> {
  return (await container.run('systemctl', 'is-active', unit)).stdout.trim();
}

async function startTimes(container: Container): Promise<string> {
  const property = '--property=ActiveEnterTimestampMonotonic';
  return (await container.run('systemctl', 'show', property, ...SERVICES)).stdout;
}
