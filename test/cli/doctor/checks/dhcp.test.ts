import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { judgeDhcp } from '../../../../cli/doctor/checks/dhcp.ts';
import { bootServersOf } from '../../../../cli/doctor/checks/duplicates.ts';
import type { Finding } from '../../../../cli/doctor/finding.ts';
import type { Firmware } from '../../../../cli/doctor/firmware.ts';
import type { DhcpAnswer } from '../../../../lib/dhcp/answer.ts';
import type { Subnet } from '../../../../lib/model/site.ts';
import { FULL, NONE, PROXY, sampleSite } from '../../../installer/sample-site.ts';

/** An answer as probeDhcp gives it. */
function answer(serverAddress: string, some: Partial<DhcpAnswer> = {}): DhcpAnswer {
  return {
    type: 'offer',
    serverAddress,
    sourceAddress: serverAddress,
    offeredAddress: '10.77.0.20',
    subnetMask: '255.255.255.0',
    routers: [],
    nameServers: [],
    leaseSeconds: 600,
    nextServer: serverAddress,
    serverName: null,
    bootFile: null,
    bootFileFrom: null,
    vendorClass: null,
    bootServers: [],
    bootItem: null,
    ...some,
  };
}

function judge(
  subnet: Subnet,
  firmware: Firmware,
  answers: readonly DhcpAnswer[],
  hasFile = true,
): Finding[] {
  return judgeDhcp({ subnet, firmware, answers, hasFile: () => hasFile });
}

const only = (findings: readonly Finding[], type: Finding['type'], found: RegExp): Finding => {
  assert.deepEqual(
    findings.map((each) => each.type),
    [type],
  );
  const [finding] = findings;
  assert.ok(finding !== undefined);
  assert.match(finding.found, found);
  return finding;
};

describe('with full DHCP', () => {
  const own = FULL.serverAddress;
  const good = answer(own, { bootFile: 'shimx64.efi' });

  test('with full DHCP: our answer alone is right', () => {
    only(judge(FULL, 'UEFI', [good]), 'ok', /10\.77\.0\.1 offers 10\.77\.0\.20 and shimx64\.efi/);
  });

  test('with full DHCP: silence is a failure that names the service', () => {
    const { remedy } = only(judge(FULL, 'BIOS', []), 'failure', /this server does not answer/);
    assert.match(remedy ?? '', /openclone-dnsmasq\.service/);
  });

  test('with full DHCP: a boot file that is missing, of other firmware or on another server is a failure', () => {
    only(judge(FULL, 'UEFI', [good], false), 'failure', /which is not there/);
    only(judge(FULL, 'BIOS', [good]), 'failure', /which is for other firmware/);
    only(judge(FULL, 'UEFI', [{ ...good, nextServer: '10.77.0.9' }]), 'failure', /10\.77\.0\.9/);
    only(judge(FULL, 'UEFI', [{ ...good, bootFile: null }]), 'failure', /names no boot file/);
  });

  test('with full DHCP: a second server is a failure, and so is another proxy', () => {
    const rival = answer('10.77.0.254');
    only(judge(FULL, 'UEFI', [good, rival]), 'failure', /a second DHCP server: 10\.77\.0\.254/);
    const proxy = answer('10.77.0.9', { type: 'proxy', bootFile: 'x.efi' });
    only(judge(FULL, 'UEFI', [good, proxy]), 'failure', /10\.77\.0\.9 also answers/);
  });
});

describe('with proxy DHCP', () => {
  const own = PROXY.serverAddress;
  const router = answer('192.168.8.254', { nextServer: null });
  const proxy = answer(own, {
    type: 'proxy',
    offeredAddress: null,
    bootFile: 'bios/lab/lpxelinux.0',
    bootFileFrom: 'port-4011',
  });

  test('with proxy DHCP: another server with addresses and ours with the boot file are right', () => {
    only(judge(PROXY, 'BIOS', [router, proxy]), 'ok', /192\.168\.8\.254 offers .*lpxelinux\.0/);
  });

  test('with proxy DHCP nobody with addresses is a failure', () => {
    only(judge(PROXY, 'BIOS', [proxy]), 'failure', /nobody gives addresses/);
  });

  test('with proxy DHCP: two with addresses are a warning', () => {
    const second = answer('192.168.8.253', { nextServer: null });
    only(judge(PROXY, 'BIOS', [router, second, proxy]), 'warning', /254 and 192\.168\.8\.253/);
  });

  test('with proxy DHCP: a boot file of the other server is a failure', () => {
    const other = { ...router, bootFile: 'pxelinux.0', nextServer: '192.168.8.7' };
    const { remedy } = only(
      judge(PROXY, 'BIOS', [other, proxy]),
      'failure',
      /boot file of its own/,
    );
    assert.match(remedy ?? '', /option 67/);
  });

  test('with proxy DHCP for UEFI the other server must name us, or Secure Boot does not work', () => {
    const ours = { ...proxy, bootFile: 'proxy/lab/uefi.efi' };
    const { remedy } = only(judge(PROXY, 'UEFI', [router, ours]), 'warning', /Secure Boot/);
    assert.match(remedy ?? '', /option 66\) to 192\.168\.8\.1\./);
    only(judge(PROXY, 'UEFI', [{ ...router, nextServer: own }, ours]), 'ok', /uefi\.efi/);
  });
});

describe('without DHCP of ours', () => {
  const own = NONE.serverAddress;
  const right = answer('172.16.0.254', { nextServer: own, bootFile: 'shimx64.efi' });

  test('without DHCP of ours: another server that names us and a file that we have is right', () => {
    only(judge(NONE, 'UEFI', [right]), 'ok', /172\.16\.0\.254 offers/);
  });

  test('without DHCP of ours: what it has to be set to is said exactly', () => {
    const missing = only(judge(NONE, 'BIOS', [answer('172.16.0.254')]), 'failure', /no boot file/);
    assert.equal(
      missing.remedy,
      'On 172.16.0.254: set next-server (siaddr; "boot server host name", option 66) to 172.16.0.1, and the boot file (option 67) to bios/office/lpxelinux.0 for clients of architecture 0 (option 93).',
    );
    const elsewhere = { ...right, nextServer: '172.16.0.9' };
    const wrong = only(judge(NONE, 'UEFI', [elsewhere]), 'failure', /to 172\.16\.0\.9 for shimx64/);
    assert.match(wrong.remedy ?? '', /shimx64\.efi for clients of architecture 7 and 9/);
    only(judge(NONE, 'UEFI', [right], false), 'failure', /does not have/);
    only(judge(NONE, 'BIOS', [right]), 'failure', /other firmware/);
  });
});

test('who else boots hosts is who names boot files, and who is named', () => {
  const answers = [
    answer('10.77.0.254'),
    answer('10.77.0.1', { bootFile: 'shimx64.efi' }),
    answer('10.77.0.8', { bootFile: 'x.0', nextServer: '10.77.0.9' }),
    answer('10.77.0.7', { type: 'proxy', nextServer: null, bootServers: ['10.77.0.6'] }),
  ];
  assert.deepEqual(bootServersOf(sampleSite([FULL]), answers), [
    '10.77.0.6',
    '10.77.0.7',
    '10.77.0.8',
    '10.77.0.9',
  ]);
});
