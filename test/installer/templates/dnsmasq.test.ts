import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { run } from '../../../lib/exec/run.ts';
import type { Site } from '../../../lib/model/site.ts';
import { dnsmasqConfig } from '../../../installer/templates/dnsmasq.ts';
import { FULL, NONE, PROXY, RELAYED, sampleSite } from '../sample-site.ts';

const SITES: Readonly<Record<string, Site>> = {
  'addresses from us': sampleSite([FULL]),
  'a proxy': sampleSite([PROXY]),
  'TFTP only': sampleSite([NONE]),
  'all kinds at once, for any client': {
    ...sampleSite([FULL, PROXY, NONE, RELAYED]),
    onlyNetboot: false,
  },
};

describe('the configuration of dnsmasq', () => {
  for (const [name, site] of Object.entries(SITES)) {
    test(`the configuration of dnsmasq is one that dnsmasq takes: ${name}`, async () => {
      const directory = mkdtempSync(join(tmpdir(), 'openclone-dnsmasq-'));
      try {
        const file = join(directory, 'dnsmasq.conf');
        writeFileSync(file, dnsmasqConfig(site));
        const { stderr } = await run('dnsmasq', ['--test', `--conf-file=${file}`]);
        assert.match(stderr, /syntax check OK/);
      } finally {
        rmSync(directory, { recursive: true });
      }
    });
  }

  test('the configuration of dnsmasq gives addresses with router and name servers, and the boot file of the firmware', () => {
    const lines = linesOf(sampleSite([FULL]));
    includesAll(lines, [
      'port=0',
      'listen-address=10.77.0.1',
      'dhcp-authoritative',
      'dhcp-range=set:net-main,10.77.0.20,10.77.0.90,255.255.255.0,600',
      'dhcp-option=tag:net-main,option:router,10.77.0.254',
      'dhcp-option=tag:net-main,option:dns-server,10.77.0.2,10.77.0.3',
      'dhcp-boot=tag:net-main,tag:bios,bios/main/lpxelinux.0,,10.77.0.1',
      'dhcp-boot=tag:net-main,tag:uefi,shimx64.efi,,10.77.0.1',
      'dhcp-boot=tag:net-main,tag:uefi-http,http://10.77.0.1/http/shimx64.efi',
      'dhcp-option-force=tag:net-main,tag:uefi-http,60,HTTPClient',
    ]);
  });

  test('the configuration of dnsmasq names neither itself nor anybody as router when there is none', () => {
    const site = sampleSite([{ ...FULL, dhcp: { ...FULL.dhcp, router: null, nameServers: [] } }]);
    includesAll(linesOf(site), [
      'dhcp-option=tag:net-main,option:router',
      'dhcp-option=tag:net-main,option:dns-server',
    ]);
  });

  test('the configuration of dnsmasq leaves it to dnsmasq to name the relay as router of a subnet that has no other', () => {
    const site = sampleSite([{ ...RELAYED, dhcp: { ...FULL.dhcp, router: null } }]);
    assert.ok(!linesOf(site).some((line) => line.includes('option:router')));
  });

  test('the configuration of dnsmasq adds to the offers of another server and gives no address', () => {
    const lines = linesOf({ ...sampleSite([PROXY]), httpPort: 8080 });
    includesAll(lines, [
      'dhcp-pxe-vendor=PXEClient,HTTPClient',
      'dhcp-range=set:net-lab,192.168.8.0,proxy,255.255.252.0',
      'pxe-service=tag:net-lab,x86PC,"OpenClone",bios/lab/lpxelinux.0',
      'pxe-service=tag:net-lab,BC_EFI,"OpenClone",proxy/lab/uefi.efi',
      'dhcp-boot=tag:net-lab,tag:uefi-http,http://192.168.8.1:8080/http/shimx64.efi',
    ]);
    assert.ok(!lines.includes('dhcp-authoritative'));
    assert.ok(!lines.some((line) => line.startsWith('dhcp-option-force=')));
  });

  test('the configuration of dnsmasq leaves DHCP alone where others do all of it', () => {
    const lines = linesOf(sampleSite([NONE]));
    includesAll(lines, [
      'listen-address=172.16.0.1',
      'enable-tftp',
      'tftp-root=/srv/openclone/tftp',
    ]);
    assert.ok(!lines.some((line) => /^(dhcp-range|dhcp-boot|pxe-service)=/.test(line)));
  });

  test('the configuration of dnsmasq ignores who does not boot by network, when it is told to', () => {
    assert.ok(linesOf(sampleSite([FULL])).includes('dhcp-ignore=tag:!netboot'));
    const any = linesOf({ ...sampleSite([FULL]), onlyNetboot: false });
    assert.ok(!any.some((line) => line.startsWith('dhcp-ignore')));
  });

  test('the configuration of dnsmasq: listens once at an address that serves two subnets', () => {
    const lines = linesOf(sampleSite([FULL, RELAYED]));
    assert.deepEqual(
      lines.filter((line) => line.startsWith('listen-address=')),
      ['listen-address=10.77.0.1'],
    );
    includesAll(lines, [
      'dhcp-range=set:net-far,10.99.0.10,10.99.0.250,255.255.255.0,600',
      'dhcp-boot=tag:net-far,tag:bios,bios/far/lpxelinux.0,,10.77.0.1',
    ]);
  });
});

function linesOf(site: Site): string[] {
  return dnsmasqConfig(site).split('\n');
}

function includesAll(lines: readonly string[], wanted: readonly string[]): void {
  assert.deepEqual(
    wanted.filter((line) => !lines.includes(line)),
    [],
    lines.join('\n'),
  );
}
