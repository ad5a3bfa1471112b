/** The check of DHCP: which servers answer a host that asks for an address and a boot file. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DhcpAnswer } from '../../../lib/dhcp/answer.ts';
import type { Subnet } from '../../../lib/model/site.ts';
import { unreachable } from '../../../lib/unreachable.ts';
import type { Check } from '../check.ts';
import { failure, ok, skipped, warning, type Finding } from '../finding.ts';
import { bootFileOf, fits, FIRMWARES, subnetLabel, type Firmware } from '../firmware.ts';

export const dhcp: Check = {
  name: 'dhcp',
  title: 'DHCP on the wire',
  rootBecause: 'a DHCP client uses port 68',
  needs: { address: true, unit: 'openclone-dnsmasq.service' },
  examine: async ({ dhcpAnswers, site, ownAddresses }) => {
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
  const about = `${subnetLabel(subnet)}, ${firmware}`;
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
  const lines = answers.map((answer) => describe(answer));
  return [ok(about, lines.join('; '))];
}

/** "10.77.0.1 offers 10.77.0.20 and shimx64.efi" */
function describe({ bootFile, offeredAddress, serverAddress }: DhcpAnswer): string {
  const parts = [offeredAddress, bootFile].filter((part) => part !== null);
  return `${serverAddress} offers ${parts.length === 0 ? 'nothing' : parts.join(' and ')}`;
}

/** Our own answer, if something is wrong with it. */
function ownAnswer(
  { firmware, hasFile, subnet }: Heard,
  about: string,
  own: readonly DhcpAnswer[],
  type: DhcpAnswer['type'],
): Finding[] {
  const restart = 'systemctl restart openclone-dnsmasq.service';
  const answer = own.find((each) => each.type === type);
  if (answer === undefined) {
    const port = type === 'proxy' ? '67 and 4011' : '67';
    const remedy = `See journalctl -u openclone-dnsmasq.service -n 50, and whether a firewall rule stops UDP ${port}; then: ${restart}`;
    return [failure(about, 'this server does not answer', remedy)];
  }
  const again = `Run \`sudo ./install.sh\` again: it writes /etc/openclone/dnsmasq.conf and places the boot loaders. Then: ${restart}`;
  const { bootFile, nextServer } = answer;
  if (bootFile === null) return [failure(about, 'this server names no boot file', again)];
  if (!fits(bootFile, firmware)) {
    return [failure(about, `this server names ${bootFile}, which is for other firmware`, again)];
  }
  if (!hasFile(bootFile)) {
    return [failure(about, `this server names ${bootFile}, which is not there`, again)];
  }
  if (nextServer !== null && nextServer !== subnet.serverAddress) {
    const found = `this server sends hosts to ${nextServer} for it, not to ${subnet.serverAddress}`;
    return [failure(about, found, again)];
  }
  return [];
}

/** Where we give addresses, nobody else may. */
function rivals(about: string, foreign: readonly DhcpAnswer[]): Finding[] {
  return foreign.map((answer) => {
    const { bootFile, serverAddress, type } = answer;
    if (type === 'proxy') {
      const found = `${serverAddress} also answers hosts that boot from the network, with ${bootFile ?? 'a menu'}`;
      return failure(about, found, `Switch off the boot service of ${serverAddress}.`);
    }
    const found = `a second DHCP server: ${describe(answer)}. Hosts take whichever answers first`;
    const remedy = `Switch off DHCP on ${serverAddress}, or run \`sudo ./install.sh\` again and choose proxy DHCP.`;
    return failure(about, found, remedy);
  });
}

/** Where we give no addresses, exactly one other server has to. */
function addressGiver(about: string, foreign: readonly DhcpAnswer[]): Finding[] {
  const givers = foreign.filter(({ type }) => type === 'offer');
  const names = givers.map(({ serverAddress }) => serverAddress).join(' and ');
  if (givers.length === 0) {
    const remedy =
      'See whether the DHCP server of this network runs and has free addresses; without one, run `sudo ./install.sh` again and choose full DHCP.';
    return [failure(about, 'nobody gives addresses', remedy)];
  }
  if (givers.length === 1) return [];
  const found = `${names} all give addresses. Hosts take whichever answers first`;
  return [warning(about, found, 'Leave one of them, unless they are a pair that is meant so.')];
}

/** What another server says matters to a proxy too: some firmware and GRUB believe it, not us. */
function besideProxy({ firmware, subnet }: Heard, about: string, answer: DhcpAnswer): Finding[] {
  const { bootFile, nextServer, serverAddress, type } = answer;
  const own = subnet.serverAddress;
  if (type === 'proxy') {
    const found = `${serverAddress} also answers hosts that boot from the network, with ${bootFile ?? 'a menu'}`;
    return [failure(about, found, `Switch off the boot service of ${serverAddress}.`)];
  }
  if (bootFile !== null && nextServer !== own) {
    const found = `${serverAddress} names a boot file of its own: ${bootFile} on ${nextServer ?? serverAddress}`;
    const remedy = `On ${serverAddress}, take away the boot file (option 67) and next-server (option 66).`;
    return [failure(about, found, remedy)];
  }
  if (firmware === 'BIOS' || nextServer === own) return [];
  const found = `hosts with Secure Boot will not boot: their GRUB fetches from ${nextServer ?? 'nobody'}, which ${serverAddress} names as next server`;
  const remedy = `Without Secure Boot nothing is needed. Else, on ${serverAddress}: ${nextServerWords(own)}.`;
  return [warning(about, found, remedy)];
}

/** Where another server does it all, it has to name us. */
function mustNameUs(
  { firmware, hasFile, subnet }: Heard,
  about: string,
  answer: DhcpAnswer,
): Finding[] {
  const { bootFile, nextServer, serverAddress, type } = answer;
  const own = subnet.serverAddress;
  const wanted = bootFileOf(subnet, firmware);
  const archs = firmware === 'BIOS' ? '0' : '7 and 9';
  const remedy = `On ${serverAddress}: ${nextServerWords(own)}, and the boot file (option 67) to ${wanted} for clients of architecture ${archs} (option 93).`;
  if (type === 'offer' && bootFile === null) {
    return [failure(about, `${serverAddress} names no boot file`, remedy)];
  }
  if (bootFile === null) return [];
  if (nextServer !== own) {
    const found = `${serverAddress} sends hosts to ${nextServer ?? 'no server'} for ${bootFile}`;
    return [failure(about, found, remedy)];
  }
  if (fits(bootFile, firmware) && hasFile(bootFile)) return [];
  const why = hasFile(bootFile) ? 'which is for other firmware' : 'which this server does not have';
  return [failure(about, `${serverAddress} names ${bootFile}, ${why}`, remedy)];
}

function nextServerWords(own: string): string {
  return `set next-server (siaddr; "boot server host name", option 66) to ${own}`;
}

function relayedSubnet(subnet: Subnet): Finding {
  const found = 'DHCP comes by a relay: it cannot be asked from here';
  const remedy = `Boot a host there; its router must relay DHCP to ${subnet.serverAddress}.`;
  return skipped(subnetLabel(subnet), found, remedy);
}
