import assert from 'node:assert/strict';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, test } from 'node:test';
import { run } from '../../../lib/exec/run.ts';
import { loadCertificate } from '../../../server/net/certificate.ts';
import { Program } from '../../lab/program.ts';
import {
  FULL_DHCP,
  withInstalledServer,
  type InstalledServer,
  type Report,
} from './installed-server.ts';

const SERVER_PROGRAM = fileURLToPath(new URL('../../../server/main.ts', import.meta.url));
const RULES = `table inet filter {
  chain input {
    type filter hook input priority 0; policy accept;
    iifname "eth0" tcp dport 7077 drop
    ip daddr 239.255.77.77 drop
  }
}
`;

/** What this machine and a namespace cannot have, however the server is. */
const OF_THE_MACHINE = [
  'services',
  'operators',
  'clock',
  'nfs',
  'igmp',
  'tools',
  'space',
  'buffers',
];
const OF_THE_SERVER = [
  'site',
  'links',
  'addresses',
  'ports',
  'firewall',
  'server',
  'tls',
  'dhcp',
  'duplicates',
  'boot-files',
  'tftp',
  'http',
  'rootfs',
  'multicast',
];

const wrong = (report: Report, check: string): string[] =>
  report
    .findings(check)
    .filter(({ type }) => type === 'failure' || type === 'warning')
    .map(({ type, about, found }) => `${type}: ${about}: ${found}`);

// Most of the time is waiting for answers.
describe('openclone doctor on a server with real services', { concurrency: true }, () => {
  test('openclone doctor on a server with real services finds nothing wrong when nothing is', async () => {
    await withInstalledServer(FULL_DHCP, async ({ doctor }) => {
      const report = await doctor();
      for (const check of OF_THE_SERVER) {
        const findings = report.findings(check);
        assert.ok(findings.length > 0, check);
        assert.deepEqual([...new Set(findings.map(({ type }) => type))], ['ok'], check);
      }
      for (const check of OF_THE_MACHINE) {
        assert.ok(report.findings(check).length > 0, check);
        assert.ok(!report.findings(check).some(({ type }) => type === 'failure'), check);
      }
      // There is no operator yet.
      assert.equal(report.exitStatus, 18);
      const uefi = report.findings('dhcp')[1];
      assert.match(uefi?.found ?? '', /10\.91\.7\.1 .* shimx64\.efi$/);
      assert.equal(uefi?.foundMessage?.id, 'dhcp.answers');
    });
  });

  test('openclone doctor on a server with real services finds what was broken, and what to do about it', async () => {
    await withInstalledServer(FULL_DHCP, async (server) => {
      await breakThings(server);
      const report = await server.doctor();
      assert.equal(report.exitStatus, 19);
      assert.match(wrong(report, 'dhcp').join('\n'), /a second DHCP server: 10\.91\.7\.254/);
      assert.match(wrong(report, 'duplicates').join('\n'), /10\.91\.7\.254 is an OpenClone/);
      const boot = wrong(report, 'boot-files').join('\n');
      assert.match(boot, /shimx64\.efi: it cannot be read by others/);
      assert.match(boot, /initrd\.img: 5 B, in the build 90\.0 kB/);
      const tftp = report.findings('tftp')[0];
      assert.equal(tftp?.type, 'failure');
      assert.match(tftp.remedy ?? '', /chmod a\+r .*shimx64\.efi/);
      assert.match(wrong(report, 'rootfs').join('\n'), /every host refuses it/);
      assert.match(wrong(report, 'tls').join('\n'), /every host refuses it/);
      assert.match(wrong(report, 'firewall').join('\n'), /drop engines \(tcp 7077\)$/);
      assert.match(wrong(report, 'multicast').join('\n'), /did not come back/);
      for (const check of ['site', 'links', 'addresses', 'ports', 'server']) {
        assert.deepEqual(wrong(report, check), [], check);
      }
    });
  });

  test('openclone doctor on a server with real services says all that was broken in German, too', async () => {
    await withInstalledServer(FULL_DHCP, async (server) => {
      await breakThings(server);
      const said = await server.doctorInGerman();
      assert.match(said, /^FEHLER {4}dhcp .*: ein zweiter DHCP-Server: 10\.91\.7\.254 bietet /m);
      assert.match(said, /^FEHLER {4}boot-files .*: 5 B, im Netzsystem 90,0 kB$/m);
      assert.match(said, /^WARNUNG {3}firewall .* verwerfen: Engines \(Port tcp 7077\)$/m);
      // What an error or a tool says stays as it is; commands are the same everywhere.
      const texts = said
        .split('\n')
        .map((line) => line.replace(/( kommt nicht): .*/, '$1').replaceAll(/`[^`]*`/g, ''));
      for (const text of texts) assert.doesNotMatch(text, /\b(the|and|with|which|not|cannot)\b/i);
    });
  });

  test('openclone doctor on a server with real services: beside another DHCP server it says what that one must name for Secure Boot', async () => {
    await withInstalledServer({ type: 'proxy' }, async ({ doctor, room }) => {
      const router = await room.addMachine('rtr', 254);
      await room.startDnsmasq(router, [
        '--no-ping',
        '--dhcp-range=10.91.7.200,10.91.7.210,255.255.255.0,10m',
      ]);
      const report = await doctor();
      const [bios, uefi, ...more] = report.findings('dhcp');
      assert.equal(bios?.type, 'ok');
      assert.match(bios.found, /10\.91\.7\.254 offers 10\.91\.7\.2\d\d; 10\.91\.7\.1 offers bios/);
      assert.equal(uefi?.type, 'warning');
      assert.match(uefi.found, /fetches from 10\.91\.7\.254/);
      assert.match(uefi.remedy ?? '', /on 10\.91\.7\.254: set next-server .* to 10\.91\.7\.1\.$/);
      assert.deepEqual(more, []);
      for (const check of ['ports', 'duplicates', 'boot-files', 'tftp']) {
        assert.deepEqual(wrong(report, check), [], check);
      }
    });
  });
});

async function breakThings({
  buildDirectory,
  namespace,
  room,
  site,
}: InstalledServer): Promise<void> {
  chmodSync(join(site.tftpDirectory, 'shimx64.efi'), 0o600);
  const id = buildDirectory.split('/').at(-1) ?? '';
  writeFileSync(join(site.tftpDirectory, 'boot', id, 'initrd.img'), 'short');
  const other = await loadCertificate(run, join(room.directory, 'other'));
  writeFileSync(join(buildDirectory, 'rootfs/etc/openclone/server.crt'), other.certificate);
  await run('ip', ['netns', 'exec', namespace, 'nft', '--file', '-'], { input: RULES });
  const rival = await room.addMachine('rtr', 254);
  await room.startDnsmasq(rival, [
    '--no-ping',
    '--dhcp-range=10.91.7.200,10.91.7.210,255.255.255.0,10m',
    '--dhcp-boot=their.0',
  ]);
  const program = new Program({
    name: 'rival',
    namespace: rival,
    file: SERVER_PROGRAM,
    args: [
      '--data',
      join(room.directory, 'rival'),
      '--images',
      join(room.directory, 'rival-images'),
      '--socket',
      join(room.directory, 'rival.sock'),
      '--socket-group',
      'root',
    ],
    logFile: join(room.directory, 'rival.log'),
  });
  await program.waitForEvent('ready', 30_000);
}
