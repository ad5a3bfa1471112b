import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { planLines } from '../../installer/print-plan.ts';
import { STEPS } from '../../installer/steps/table.ts';
import { parsePackageList, readPackageList } from '../../installer/packages.ts';
import { daemonUnit, dnsmasqUnit } from '../../installer/templates/units.ts';
import { ufwApplication } from '../../installer/templates/ufw.ts';
import { samplePlan } from './samples.ts';
import { resolve } from 'node:path';

describe('the plan', () => {
  test('the plan names every package, file, directory, account, unit and port before anything is changed', () => {
    const plan = samplePlan();
    const text = planLines(plan, STEPS, new Set(STEPS)).join('\n');
    const named = [
      ...plan.missingPackages,
      ...Object.values(plan.files).flatMap((files) => files.map(({ path }) => path)),
      ...plan.directories.map(({ path }) => path),
      'system user openclone',
      'system group openclone',
      '/usr/local/bin/openclone',
      'openclone.service',
      'openclone-dnsmasq.service',
      'nfs-server.service',
      'tcp 7077',
      'tcp 80',
      'udp 67',
      'udp 69',
      'udp 4011',
      'tcp 2049',
    ];
    for (const name of named) assert.ok(text.includes(name), name);
    assert.deepEqual(plan.missingPackages, ['udpcast', 'nfs-kernel-server']);
  });

  test('the plan leaves out what is so already', () => {
    const plan = samplePlan();
    assert.ok(!planLines(plan, STEPS, new Set()).join('\n').includes('udpcast'));
  });

  test('the plan needs no NFS where root file systems go by HTTP', () => {
    const plan = samplePlan({ rootTransport: 'ram', nfsServer: 'none' });
    assert.deepEqual(plan.missingPackages, ['udpcast']);
    assert.deepEqual(plan.files.exports, []);
    assert.ok(!plan.ports.some(({ port }) => port === 2049));
  });

  test('the plan writes an export without starting a server where another one exports', () => {
    const plan = samplePlan({ nfsServer: 'none' });
    assert.equal(plan.files.exports.length, 1);
    assert.deepEqual(plan.missingPackages, ['udpcast']);
  });

  test('the plan opens ports in ufw, and says which where the firewall is of another kind', () => {
    const ufw = samplePlan({}, { firewall: 'ufw' });
    assert.match(ufw.files.firewall[0]?.text ?? '', /^ports=.*\b69\/udp\b/m);
    const nftables = samplePlan({}, { firewall: 'nftables' });
    assert.deepEqual(nftables.files.firewall, []);
    const text = planLines(nftables, STEPS, new Set(STEPS)).join('\n');
    assert.match(text, /from 10\.77\.0\.0\/24,\n +tcp dport \{ 7077, 80, 2049 \} accept/);
    assert.deepEqual(samplePlan({ firewall: 'leave' }, { firewall: 'ufw' }).files.firewall, []);
  });
});

describe('templates', () => {
  test('templates: the daemon runs without root, and may write only what is its own', () => {
    const text = daemonUnit(samplePlan().site);
    for (const line of [
      'User=openclone',
      'NoNewPrivileges=yes',
      'ProtectSystem=strict',
      'ProtectHome=yes',
      'AmbientCapabilities=CAP_NET_BIND_SERVICE',
      'RuntimeDirectory=openclone',
      'ReadWritePaths=/srv/openclone/images /srv/openclone/tftp/bios/main/pxelinux.cfg /srv/openclone/tftp/grub',
    ]) {
      assert.ok(text.split('\n').includes(line), line);
    }
    assert.match(text, /^ExecStopPost=.* --release-boot-files$/m);
  });

  test('templates: a high HTTP port takes no capability at all', () => {
    const text = daemonUnit(samplePlan({ httpPort: 8077 }).site);
    assert.match(text, /^CapabilityBoundingSet=$/m);
    assert.match(text, /^AmbientCapabilities=$/m);
  });

  test('templates: directories below /home stay visible', () => {
    const plan = samplePlan({ imageDirectory: '/home/images' });
    assert.ok(!daemonUnit(plan.site).includes('ProtectHome'));
    assert.ok(dnsmasqUnit(plan.site).includes('ProtectHome'));
  });

  test('templates: the application of ufw has every port once', () => {
    assert.equal(
      ufwApplication([{ protocol: 'tcp', port: 80, purpose: '' }]),
      '[OpenClone]\ntitle=OpenClone\ndescription=Net-boot, engines and multicast of OpenClone\nports=80/tcp|9000:9999/udp\n',
    );
  });
});

describe('the list of packages', () => {
  test('the list of packages has a reason for each, and no package twice in a set', async () => {
    const rows = await readPackageList(resolve(import.meta.dirname, '../..'));
    assert.ok(rows.some(({ set }) => set === 'server'));
    assert.ok(rows.some(({ set }) => set === 'server-nfs'));
    const keys = rows.map(({ set, name }) => `${set} ${name}`);
    assert.deepEqual([...new Set(keys)], keys);
  });

  test('the list of packages: a line without a reason, or of an unknown set, is refused', () => {
    assert.throws(() => parsePackageList('server udpcast\n'), TypeError);
    assert.throws(() => parsePackageList('client udpcast multicast\n'), TypeError);
  });
});
