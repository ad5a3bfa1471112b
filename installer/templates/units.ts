/** systemd units: systemd.service(5), systemd.exec(5). */

import type { Site } from '../../lib/model/site.ts';
import { SITE_FILE } from '../../lib/model/site-file.ts';

const PROGRAM = '/opt/openclone/current';
const SERVER = `${PROGRAM}/node_modules/.bin/node ${PROGRAM}/server/main.ts --site ${SITE_FILE}`;

/** Some group of an organisation's own (RFC 2365). */
const ANY_GROUP = '239.255.77.77';
/** ip-route(8), rtproto: nobody else's, so that what we have added is found again. */
const ROUTE_PROTOCOL = 177;

/** For both: nothing here needs devices, other users' files or kernel settings. */
const HARDENING = [
  'NoNewPrivileges=yes',
  'ProtectSystem=strict',
  'PrivateTmp=yes',
  'PrivateDevices=yes',
  'ProtectClock=yes',
  'ProtectHostname=yes',
  'ProtectKernelLogs=yes',
  'ProtectKernelModules=yes',
  'ProtectKernelTunables=yes',
  'ProtectControlGroups=yes',
  'RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK',
  'RestrictNamespaces=yes',
  'RestrictRealtime=yes',
  'RestrictSUIDSGID=yes',
  'LockPersonality=yes',
  'SystemCallArchitectures=native',
  'SystemCallFilter=@system-service',
];

/** The daemon. It runs without root; a port below 1024 takes one capability. */
export function daemonUnit(site: Site): string {
  const { tftpDirectory: tftp, imageDirectory, netbootDirectory } = site;
  const capability = site.httpPort < 1024 || site.enginePort < 1024 ? 'CAP_NET_BIND_SERVICE' : '';
  const writable = [
    imageDirectory,
    ...site.subnets.map(({ name }) => `${tftp}/bios/${name}/pxelinux.cfg`),
    `${tftp}/grub`,
  ];
  return unit([
    '[Unit]',
    'Description=OpenClone server',
    'Documentation=https://github.com/openclone/openclone',
    'Wants=network-online.target',
    'After=network-online.target',
    `RequiresMountsFor=${[imageDirectory, netbootDirectory, tftp].join(' ')}`,
    '',
    '[Service]',
    'Type=exec',
    'User=openclone',
    'Group=openclone',
    '# Without any route for multicast, as in a network without a gateway, no transmission would start. Ours is known by its number.',
    `ExecStartPre=-+/bin/sh -c 'ip -4 route get ${ANY_GROUP} >/dev/null 2>&1 || ip -4 route add 224.0.0.0/4 dev ${site.subnets[0]?.interfaceName ?? 'lo'} proto ${ROUTE_PROTOCOL}'`,
    `ExecStart=${SERVER}`,
    '# Whatever ended the daemon: hosts that nobody knows boot their own disk from now on.',
    `ExecStopPost=${SERVER} --release-boot-files`,
    `ExecStopPost=-+/bin/sh -c 'ip -4 route flush 224.0.0.0/4 proto ${ROUTE_PROTOCOL}'`,
    'Restart=on-failure',
    'RestartSec=2',
    'TimeoutStopSec=30',
    'KillMode=mixed',
    'LimitNOFILE=65536',
    '# Boot loaders read the boot choices through TFTP, as another user.',
    'UMask=0022',
    'RuntimeDirectory=openclone',
    'StateDirectory=openclone',
    'StateDirectoryMode=0750',
    `ReadWritePaths=${writable.join(' ')}`,
    `CapabilityBoundingSet=${capability}`,
    `AmbientCapabilities=${capability}`,
    ...homeProtection([imageDirectory, netbootDirectory, tftp]),
    ...HARDENING,
    '',
    '[Install]',
    'WantedBy=multi-user.target',
  ]);
}

/** DHCP and TFTP: dnsmasq gives up root itself, but for what DHCP needs. */
export function dnsmasqUnit(site: Site): string {
  return unit([
    '[Unit]',
    'Description=OpenClone DHCP and TFTP (dnsmasq)',
    'Wants=network-online.target',
    'After=network-online.target',
    `RequiresMountsFor=${site.tftpDirectory}`,
    '',
    '[Service]',
    'Type=exec',
    'ExecStartPre=/usr/sbin/dnsmasq --test --conf-file=/etc/openclone/dnsmasq.conf',
    'ExecStart=/usr/sbin/dnsmasq --keep-in-foreground --conf-file=/etc/openclone/dnsmasq.conf',
    'ExecReload=/bin/kill -HUP $MAINPID',
    'Restart=on-failure',
    'RestartSec=2',
    'ReadWritePaths=/var/lib/openclone-dnsmasq',
    'CapabilityBoundingSet=CAP_NET_BIND_SERVICE CAP_NET_ADMIN CAP_NET_RAW CAP_SETUID CAP_SETGID CAP_SETPCAP CAP_CHOWN CAP_DAC_OVERRIDE',
    ...homeProtection([site.tftpDirectory]),
    ...HARDENING.map((line) =>
      // It writes ARP entries, and asks for packets of one interface.
      line.startsWith('RestrictAddressFamilies=') ? `${line} AF_PACKET` : line,
    ),
    '',
    '[Install]',
    'WantedBy=multi-user.target',
  ]);
}

/** Directories that somebody put below /home have to stay visible. */
function homeProtection(paths: readonly string[]): string[] {
  return paths.some((path) => /^\/(home|root|run\/user)\//.test(path)) ? [] : ['ProtectHome=yes'];
}

function unit(lines: readonly string[]): string {
  return `# Written by OpenClone's installer, which overwrites it: changes belong into a drop-in (systemctl edit).\n${lines.join('\n')}\n`;
}
