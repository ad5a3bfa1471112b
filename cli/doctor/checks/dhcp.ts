/** The check of DHCP: which servers answer a host that asks for an address and a boot file. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DhcpAnswer } from '../../../lib/dhcp/answer.ts';
import type { Message, SimpleMessage } from '../../../lib/model/message.ts';
import { message } from '../../../lib/model/messages/table.ts';
import type { Subnet } from '../../../lib/model/site.ts';
import { unreachable } from '../../../lib/unreachable.ts';
import type { Check } from '../check.ts';
import { failure, ok, skipped, warning, type Finding } from '../finding.ts';
import { bootFileOf, fits, FIRMWARES, subnetLabel, type Firmware } from '../firmware.ts';

export const dhcp: Check = {
  name: 'dhcp',
  title: message('check.dhcp'),
  rootBecause: message('root.dhcp-client'),
  needs: { address: true, unit: 'openclone-dnsmasq.service' },
  perform: async ({ dhcpAnswers, site, ownAddresses }) => {
    const hasFile = (bootFile: string): boolean => existsSync(join(site.tftpDirectory, bootFile));
    const findings = site.subnets.map(async (subnet) => {
      if (subnet.relayed) return [relayedSubnet(subnet)];
      const judged = FIRMWARES.map(async (firmware) => {
        const answers = await dhcpAnswers(subnet, firmware);
        // An address that this machine has besides is no other server.
        const others = ownAddresses.filter((address) => address !== subnet.serverAddress);
        const heard = answers.filter(({ serverAddress }) => !others.includes(serverAddress));
        return judgeDhcp({ subnet, firmware, answers: heard, hasFile });
      });
      return (await Promise.all(judged)).flat();
    });
    return (await Promise.all(findings)).flat();
  },
};

type Heard = {
  readonly subnet: Subnet;
  readonly firmware: Firmware;
  readonly answers: readonly DhcpAnswer[];
  /** Whether the TFTP directory has this file. */
  readonly hasFile: (bootFile: string) => boolean;
};

/** What is wrong first; one "ok" when nothing is. */
export function judgeDhcp(heard: Heard): Finding[] {
  const { answers, firmware, subnet } = heard;
  const { name, interfaceName } = subnet;
  const about = message('about.subnet-firmware', { name, interfaceName, firmware });
  const own = answers.filter(({ serverAddress }) => serverAddress === subnet.serverAddress);
  const foreign = answers.filter(({ serverAddress }) => serverAddress !== subnet.serverAddress);
  const findings = ((): Finding[] => {
    switch (subnet.dhcp.type) {
      case 'full':
        return [...ownAnswer(heard, about, own, 'offer'), ...rivals(about, foreign)];
      case 'proxy':
        return [
          ...addressGiver(about, foreign),
          ...ownAnswer(heard, about, own, 'proxy'),
          ...foreign.flatMap((answer) => besideProxy(heard, about, answer)),
        ];
      case 'none':
        return [
          ...addressGiver(about, foreign),
          ...foreign.flatMap((answer) => mustNameUs(heard, about, answer)),
        ];
      default:
        return unreachable(subnet.dhcp);
    }
  })();
  if (findings.length > 0) return findings;
  return [ok(about, message('dhcp.answers', { offers: answers.map((answer) => offerOf(answer)) }))];
}

/** "10.77.0.1 offers 10.77.0.20 and shimx64.efi" */
function offerOf({ bootFile, offeredAddress, serverAddress: server }: DhcpAnswer): SimpleMessage {
  if (offeredAddress !== null && bootFile !== null) {
    return message('dhcp.offer', { server, address: offeredAddress, bootFile });
  }
  const what = offeredAddress ?? bootFile;
  return what === null
    ? message('dhcp.offer-of-nothing', { server })
    : message('dhcp.offer-of-one', { server, what });
}

/** Our own answer, if something is wrong with it. */
function ownAnswer(
  { firmware, hasFile, subnet }: Heard,
  about: Message,
  own: readonly DhcpAnswer[],
  type: DhcpAnswer['type'],
): Finding[] {
  const answer = own.find((each) => each.type === type);
  if (answer === undefined) {
    const ports = type === 'proxy' ? ['67', '4011'] : ['67'];
    return [failure(about, message('dhcp.silent'), message('remedy.dhcp-silent', { ports }))];
  }
  const again = message('remedy.install-dhcp');
  const { bootFile, nextServer } = answer;
  if (bootFile === null) return [failure(about, message('dhcp.no-boot-file'), again)];
  if (!fits(bootFile, firmware)) {
    return [failure(about, message('dhcp.boot-file-of-other-firmware', { bootFile }), again)];
  }
  if (!hasFile(bootFile)) {
    return [failure(about, message('dhcp.boot-file-missing', { bootFile }), again)];
  }
  if (nextServer !== null && nextServer !== subnet.serverAddress) {
    const found = message('dhcp.sends-elsewhere', { nextServer, own: subnet.serverAddress });
    return [failure(about, found, again)];
  }
  return [];
}

/** Where we give addresses, nobody else may. */
function rivals(about: Message, foreign: readonly DhcpAnswer[]): Finding[] {
  return foreign.map((answer) => {
    if (answer.type === 'proxy') return secondBootService(about, answer);
    const found = message('dhcp.second-server', { offer: offerOf(answer) });
    const remedy = message('remedy.one-dhcp-server', { server: answer.serverAddress });
    return failure(about, found, remedy);
  });
}

function secondBootService(
  about: Message,
  { bootFile, serverAddress: server }: DhcpAnswer,
): Finding {
  const found = message('dhcp.second-boot-service', { server, bootFile });
  return failure(about, found, message('remedy.no-boot-service', { server }));
}

/** Where we give no addresses, exactly one other server has to. */
function addressGiver(about: Message, foreign: readonly DhcpAnswer[]): Finding[] {
  const givers = foreign.filter(({ type }) => type === 'offer');
  if (givers.length === 0) {
    return [failure(about, message('dhcp.no-addresses'), message('remedy.no-addresses'))];
  }
  if (givers.length === 1) return [];
  const servers = givers.map(({ serverAddress }) => serverAddress).join(', ');
  const found = message('dhcp.several-give', { servers });
  return [warning(about, found, message('remedy.leave-one-dhcp-server'))];
}

/** What another server says matters to a proxy too: some firmware and GRUB believe it, not us. */
function besideProxy({ firmware, subnet }: Heard, about: Message, answer: DhcpAnswer): Finding[] {
  const { bootFile, nextServer, serverAddress: server, type } = answer;
  const own = subnet.serverAddress;
  if (type === 'proxy') return [secondBootService(about, answer)];
  if (bootFile !== null && nextServer !== own) {
    const found = message('dhcp.other-names-boot-file', {
      server,
      bootFile,
      nextServer: nextServer ?? server,
    });
    return [failure(about, found, message('remedy.name-no-boot-file', { server }))];
  }
  if (firmware === 'BIOS' || nextServer === own) return [];
  const found = message('dhcp.no-secure-boot', { server, nextServer });
  return [warning(about, found, message('remedy.name-us-for-secure-boot', { server, own }))];
}

/** Where another server does it all, it has to name us. */
function mustNameUs(
  { firmware, hasFile, subnet }: Heard,
  about: Message,
  answer: DhcpAnswer,
): Finding[] {
  const { bootFile, nextServer, serverAddress: server, type } = answer;
  const own = subnet.serverAddress;
  const named = { server, own, bootFile: bootFileOf(subnet, firmware) };
  const remedy =
    firmware === 'BIOS'
      ? message('remedy.name-us-for-bios', named)
      : message('remedy.name-us-for-uefi', named);
  if (type === 'offer' && bootFile === null) {
    return [failure(about, message('dhcp.other-names-none', { server }), remedy)];
  }
  if (bootFile === null) return [];
  if (nextServer !== own) {
    const found = message('dhcp.other-sends-elsewhere', { server, nextServer, bootFile });
    return [failure(about, found, remedy)];
  }
  if (!hasFile(bootFile)) {
    return [failure(about, message('dhcp.other-names-missing', { server, bootFile }), remedy)];
  }
  if (fits(bootFile, firmware)) return [];
  const found = message('dhcp.other-names-other-firmware', { server, bootFile });
  return [failure(about, found, remedy)];
}

function relayedSubnet(subnet: Subnet): Finding {
  const remedy = message('remedy.boot-behind-relay', { own: subnet.serverAddress });
  return skipped(subnetLabel(subnet), message('dhcp.relayed'), remedy);
}
