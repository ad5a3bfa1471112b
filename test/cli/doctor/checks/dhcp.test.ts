import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { judgeDhcp } from '../../../../cli/doctor/checks/dhcp.ts';
import { bootServersOf } from '../../../../cli/doctor/checks/duplicates.ts';
import type { Finding } from '../../../../cli/doctor/finding.ts';
import type { Firmware } from '../../../../cli/doctor/firmware.ts';
import type { DhcpAnswer } from '../../../../lib/dhcp/answer.ts';
import { render } from '../../../../lib/messages/render.ts';
import { message } from '../../../../lib/model/messages/table.ts';
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

/** There is one finding and it says this; returns its remedy. */
function assertOnly(
  findings: readonly Finding[],
  type: Finding['type'],
  found: Finding['found'],
): Finding['remedy'] {
  const [finding] = findings;
  assert.deepEqual(
    findings.map((each) => [each.type, each.found]),
    [[type, found]],
  );
  return finding?.remedy ?? null;
}

describe('with full DHCP', () => {
  const own = FULL.serverAddress;
  const good = answer(own, { bootFile: 'shimx64.efi' });

  test('with full DHCP: our answer alone is right', () => {
    const offer = message('dhcp.offer', {
      server: '10.77.0.1',
      address: '10.77.0.20',
      bootFile: 'shimx64.efi',
    });
    const findings = judge(FULL, 'UEFI', [good]);
    assertOnly(findings, 'ok', message('dhcp.answers', { offers: [offer] }));
    assert.deepEqual(
      findings[0]?.about,
      message('about.subnet-firmware', {
        name: FULL.name,
        interfaceName: FULL.interfaceName,
        firmware: 'UEFI',
      }),
    );
  });

  test('with full DHCP: silence is a failure that names the service', () => {
    const remedy = assertOnly(judge(FULL, 'BIOS', []), 'failure', message('dhcp.silent'));
    assert.deepEqual(remedy, message('remedy.dhcp-silent', { ports: ['67'] }));
  });

  test('with full DHCP: a boot file that is missing, of other firmware or on another server is a failure', () => {
    const bootFile = 'shimx64.efi';
    const missing = message('dhcp.boot-file-missing', { bootFile });
    assertOnly(judge(FULL, 'UEFI', [good], false), 'failure', missing);
    const wrong = message('dhcp.boot-file-of-other-firmware', { bootFile });
    assertOnly(judge(FULL, 'BIOS', [good]), 'failure', wrong);
    const elsewhere = message('dhcp.sends-elsewhere', { nextServer: '10.77.0.9', own });
    assertOnly(judge(FULL, 'UEFI', [{ ...good, nextServer: '10.77.0.9' }]), 'failure', elsewhere);
    const none = message('dhcp.no-boot-file');
    assertOnly(judge(FULL, 'UEFI', [{ ...good, bootFile: null }]), 'failure', none);
  });

  test('with full DHCP: a second server is a failure, and so is another proxy', () => {
    const rival = answer('10.77.0.254');
    const offer = message('dhcp.offer-of-one', { server: '10.77.0.254', what: '10.77.0.20' });
    const second = message('dhcp.second-server', { offer });
    assertOnly(judge(FULL, 'UEFI', [good, rival]), 'failure', second);
    const proxy = answer('10.77.0.9', { type: 'proxy', bootFile: 'x.efi' });
    const also = message('dhcp.second-boot-service', { server: '10.77.0.9', bootFile: 'x.efi' });
    assertOnly(judge(FULL, 'UEFI', [good, proxy]), 'failure', also);
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
    const address = message('dhcp.offer-of-one', { server: '192.168.8.254', what: '10.77.0.20' });
    const file = message('dhcp.offer-of-one', { server: own, what: 'bios/lab/lpxelinux.0' });
    const found = message('dhcp.answers', { offers: [address, file] });
    assertOnly(judge(PROXY, 'BIOS', [router, proxy]), 'ok', found);
  });

  test('with proxy DHCP nobody with addresses is a failure', () => {
    assertOnly(judge(PROXY, 'BIOS', [proxy]), 'failure', message('dhcp.no-addresses'));
  });

  test('with proxy DHCP: two with addresses are a warning', () => {
    const second = answer('192.168.8.253', { nextServer: null });
    const found = message('dhcp.several-give', { servers: '192.168.8.254, 192.168.8.253' });
    assertOnly(judge(PROXY, 'BIOS', [router, second, proxy]), 'warning', found);
  });

  test('with proxy DHCP: a boot file of the other server is a failure', () => {
    const other = { ...router, bootFile: 'pxelinux.0', nextServer: '192.168.8.7' };
    const server = '192.168.8.254';
    const found = message('dhcp.other-names-boot-file', {
      server,
      bootFile: 'pxelinux.0',
      nextServer: '192.168.8.7',
    });
    const remedy = assertOnly(judge(PROXY, 'BIOS', [other, proxy]), 'failure', found);
    assert.deepEqual(remedy, message('remedy.name-no-boot-file', { server }));
  });

  test('with proxy DHCP for UEFI the other server must name us, or Secure Boot does not work', () => {
    const ours = { ...proxy, bootFile: 'proxy/lab/uefi.efi' };
    const server = '192.168.8.254';
    const found = message('dhcp.no-secure-boot', { server, nextServer: null });
    const remedy = assertOnly(judge(PROXY, 'UEFI', [router, ours]), 'warning', found);
    assert.deepEqual(remedy, message('remedy.name-us-for-secure-boot', { server, own }));
    const findings = judge(PROXY, 'UEFI', [{ ...router, nextServer: own }, ours]);
    assert.deepEqual(
      findings.map(({ type }) => type),
      ['ok'],
    );
  });
});

describe('without DHCP of ours', () => {
  const own = NONE.serverAddress;
  const right = answer('172.16.0.254', { nextServer: own, bootFile: 'shimx64.efi' });

  test('without DHCP of ours: another server that names us and a file that we have is right', () => {
    const offer = message('dhcp.offer', {
      server: '172.16.0.254',
      address: '10.77.0.20',
      bootFile: 'shimx64.efi',
    });
    assertOnly(judge(NONE, 'UEFI', [right]), 'ok', message('dhcp.answers', { offers: [offer] }));
  });

  test('without DHCP of ours: what it has to be set to is said exactly', () => {
    const server = '172.16.0.254';
    const none = message('dhcp.other-names-none', { server });
    const remedy = assertOnly(judge(NONE, 'BIOS', [answer(server)]), 'failure', none);
    assert.ok(remedy !== null && typeof remedy !== 'string');
    assert.equal(
      render('en', remedy),
      'On 172.16.0.254: set next-server (siaddr; "boot server host name", option 66) to 172.16.0.1, and the boot file (option 67) to bios/office/lpxelinux.0 for clients of architecture 0 (option 93).',
    );
    const elsewhere = { ...right, nextServer: '172.16.0.9' };
    const bootFile = 'shimx64.efi';
    const wrong = message('dhcp.other-sends-elsewhere', {
      server,
      nextServer: '172.16.0.9',
      bootFile,
    });
    assert.deepEqual(
      assertOnly(judge(NONE, 'UEFI', [elsewhere]), 'failure', wrong),
      message('remedy.name-us-for-uefi', { server, own, bootFile }),
    );
    const missing = message('dhcp.other-names-missing', { server, bootFile });
    assertOnly(judge(NONE, 'UEFI', [right], false), 'failure', missing);
    const other = message('dhcp.other-names-other-firmware', { server, bootFile });
    assertOnly(judge(NONE, 'BIOS', [right]), 'failure', other);
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
