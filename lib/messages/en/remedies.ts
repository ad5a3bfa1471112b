/** Remedies in English. */

import type { REMEDY_MESSAGES } from '../../model/messages/remedies.ts';
import type { TextsOf } from '../texts.ts';

const INSTALL = 'Run `sudo ./install.sh` again';

export const remedies: TextsOf<typeof REMEDY_MESSAGES> = {
  'remedy.install': `${INSTALL}.`,
  'remedy.install-site': `${INSTALL}: it asks for the settings and writes the file.`,
  'remedy.install-boot-files': `${INSTALL}: it places the boot files.`,
  'remedy.install-build': `${INSTALL}: it switches the build on.`,
  'remedy.install-certificate': `${INSTALL}: it builds a root file system with the certificate of the server.`,
  'remedy.install-dhcp': `${INSTALL}: it writes /etc/openclone/dnsmasq.conf and places the boot loaders. Then: systemctl restart openclone-dnsmasq.service`,
  'remedy.install-directory': `${INSTALL}: it makes the directory.`,
  'remedy.install-group': `${INSTALL}: it makes the group.`,
  'remedy.install-package': ({ name }) => `${INSTALL}, or: apt-get install ${name}`,
  'remedy.see-addresses': 'See the check addresses.',
  'remedy.see-cable': ({ interfaceName }) =>
    `See the cable and the switch, and \`ip link set ${interfaceName} up\`.`,
  'remedy.see-wires': 'See the cable (all eight wires) and the port of the switch.',
  'remedy.negotiate':
    'Let both ends of the cable negotiate by themselves; see the port of the switch.',
  'remedy.set-mtu': ({ interfaceName, mtuBytes }) =>
    `ip link set ${interfaceName} mtu ${mtuBytes}, unless every host and switch has the same.`,
  'remedy.add-address': ({ address, interfaceName }) =>
    `Give it the address: ip address add ${address} broadcast + dev ${interfaceName}, and in the configuration of this machine's network.\n` +
    `Or run \`sudo ./install.sh\` again and name another one.`,
  'remedy.name-other-interface': `${INSTALL} and name another one.`,
  'remedy.same-prefix': 'Make them the same: hosts and server must agree who is near.',
  'remedy.see-multicast': ({ interfaceName }) =>
    `See whether ${interfaceName} is up and says MULTICAST (ip link show ${interfaceName}), and whether a firewall rule drops 224.0.0.0/4.`,
  'remedy.add-route': ({ interfaceName }) =>
    `systemctl restart openclone.service: it adds one (ip route add 224.0.0.0/4 dev ${interfaceName})`,
  'remedy.querier-or-no-snooping':
    'Switch on the IGMP querier of the switch or router, or switch off IGMP snooping on every switch (then multicast goes to every port).',
  'remedy.querier-or-bridge': ({ interfaceName }) =>
    `Switch on the IGMP querier of the switch or router; on the bridge of this machine: ip link set ${interfaceName} type bridge mcast_querier 1`,
  'remedy.larger-buffers': ({ name }) =>
    `sysctl -w ${name}=4194304, and the same in a file of /etc/sysctl.d`,
  'remedy.accept-ports': ({ network, interfaceName }) =>
    `Accept them from ${network} on ${interfaceName}, DHCP from 0.0.0.0 as well; \`sudo ./install.sh --dry-run\` names the rules. See: nft list ruleset`,
  'remedy.see-ruleset': 'See for yourself: nft list ruleset',
  'remedy.allow-in-ufw':
    'sudo ufw allow from NETWORK/PREFIX to any app OpenClone, for each subnet; `sudo ./install.sh` writes the application.',
  'remedy.dhcp-silent': ({ ports }) =>
    `See journalctl -u openclone-dnsmasq.service -n 50, and whether a firewall rule stops UDP ${ports.join(' and ')}; then: systemctl restart openclone-dnsmasq.service`,
  'remedy.no-boot-service': ({ server }) => `Switch off the boot service of ${server}.`,
  'remedy.one-dhcp-server': ({ server }) =>
    `Switch off DHCP on ${server}, or run \`sudo ./install.sh\` again and choose proxy DHCP.`,
  'remedy.no-addresses':
    'See whether the DHCP server of this network runs and has free addresses; without one, run `sudo ./install.sh` again and choose full DHCP.',
  'remedy.leave-one-dhcp-server': 'Leave one of them, unless they are a pair that is meant so.',
  'remedy.name-no-boot-file': ({ server }) =>
    `On ${server}, take away the boot file (option 67) and next-server (option 66).`,
  'remedy.name-us-for-secure-boot': ({ server, own }) =>
    `Without Secure Boot nothing is needed. Else, on ${server}: ${nextServerText(own)}.`,
  'remedy.name-us-for-bios': (named) => bootFileText(named, '0'),
  'remedy.name-us-for-uefi': (named) => bootFileText(named, '7 and 9'),
  'remedy.boot-behind-relay': ({ own }) =>
    `Boot a host there; its router must relay DHCP to ${own}.`,
  'remedy.one-openclone': 'Stop one of the two, or give them separate networks.',
  'remedy.see-start': 'See how it is started here.',
  'remedy.see-why': ({ unit }) =>
    `See why: journalctl -u ${unit} -n 50; then: systemctl restart ${unit}`,
  'remedy.restart': ({ unit }) => `systemctl restart ${unit}; see journalctl -u ${unit} -n 50`,
  'remedy.restart-when-idle': 'When no host is working: systemctl restart openclone.service',
  'remedy.see-port': ({ port }) => `See what it is: ss -lnp sport = :${port}`,
  'remedy.free-port': ({ pid, unit }) =>
    `See what it is for: systemctl status ${pid}; stop it, or let it leave this port, then: systemctl restart ${unit}`,
  'remedy.see-engine-port': ({ port }) =>
    `See systemctl status openclone.service, and whether a firewall rule stops TCP ${port}.`,
  'remedy.see-http': ({ port }) =>
    `See systemctl status openclone.service, and whether a firewall rule or another web server has TCP ${port}.`,
  'remedy.see-tftp':
    'See systemctl status openclone-dnsmasq.service, and whether a firewall rule stops UDP 69.',
  'remedy.see-other-tftp':
    'Another TFTP server answers, or dnsmasq serves another directory: ss -lunp sport = :69',
  'remedy.server-writes-file':
    'The daemon writes it when it starts: systemctl restart openclone.service; journalctl -u openclone.service -n 50',
  'remedy.make-readable': ({ path }) => `chmod a+r ${path}, and a+rx on the directories above it`,
  'remedy.delete-images':
    'Delete images that nobody needs (`openclone image list`), or move the directory to a larger disk.',
  'remedy.make-room': 'Make room on this file system: du -xh --max-depth=2',
  'remedy.renew-certificate':
    'Move tls/server.crt and tls/server.key of the data directory away, restart openclone.service, and run `sudo ./install.sh` again.',
  'remedy.compare-as-root': 'Run `sudo openclone doctor`, and see the check rootfs.',
  'remedy.take-out-export': 'Take it out of /etc/exports and /etc/exports.d, then: exportfs -ra',
  'remedy.export-read-only': 'Export it with ro in place of rw, then: exportfs -ra',
  'remedy.see-build': ({ path }) =>
    `See whether ${path} is there, and that no other file system is mounted below the export.`,
  'remedy.install-mount': 'Install the Debian package mount.',
  'remedy.mount-elsewhere': ({ source }) =>
    `Try it on another machine: mount -t nfs -o ro ${source} /mnt`,
  'remedy.see-exports':
    'See `exportfs -v`: the network of this server must be allowed; then: exportfs -ra',
  'remedy.see-nfs-server':
    'See systemctl status nfs-server.service, `exportfs -v`, and whether a firewall rule stops TCP 2049.',
  'remedy.set-clock':
    'Set it: timedatectl set-time "YYYY-MM-DD HH:MM:SS", or timedatectl set-ntp true',
  'remedy.see-clock': 'See for yourself: date; chronyc tracking',
  'remedy.see-clock-of-server': 'See the clock of this machine: timedatectl',
  'remedy.synchronise':
    'timedatectl set-ntp true, and let it reach a time server; hosts take their time from here.',
  'remedy.newer-partclone':
    'Use a newer distribution for the root file system of the hosts, or restore such images with Clonezilla.',
};

type Named = { readonly server: string; readonly own: string; readonly bootFile: string };

function bootFileText({ server, own, bootFile }: Named, architectures: string): string {
  return `On ${server}: ${nextServerText(own)}, and the boot file (option 67) to ${bootFile} for clients of architecture ${architectures} (option 93).`;
}

function nextServerText(own: string): string {
  return `set next-server (siaddr; "boot server host name", option 66) to ${own}`;
}
