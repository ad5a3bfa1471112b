/**
 * The configuration of our own dnsmasq, which answers DHCP (or adds to the answers of another server) and serves the
 * boot loaders by TFTP (dnsmasq(8)). docs/design/boot-chain.md says why it is as it is.
 */

import { netmaskOf } from '../../lib/network/ipv4.ts';
import type { DhcpMode, Site, Subnet } from '../../lib/model/site.ts';
import { unreachable } from '../../lib/unreachable.ts';

/** Where dnsmasq remembers whom it gave which address; the directory is its user's. */
export const LEASE_FILE = '/var/lib/openclone-dnsmasq/leases';

/**
 * Architectures by RFC 4578 and the IANA registry "Processor Architecture Types"; a tag each. Early UEFI x64 says 9,
 * newer 7. The rest is named so that the log shows why such a host gets no boot file.
 */
const ARCHITECTURES: readonly { readonly tag: string; readonly types: readonly number[] }[] = [
  { tag: 'bios', types: [0] },
  { tag: 'uefi', types: [7, 9] },
  { tag: 'uefi-http', types: [16] },
  { tag: 'unsupported-firmware', types: [2, 6, 10, 11, 15, 18, 19] },
];

/** What firmware, iPXE and our initramfs (udhcpc -V) call themselves, as DHCP's vendor class. */
const NETBOOT_CLASSES = ['PXEClient', 'HTTPClient', 'OpenClone'];

/** The whole file. The names of boot files are those that placeLoaders (installer/loaders/install.ts) makes. */
export function dnsmasqConfig(site: Site): string {
  const sections = [
    general(site),
    architectures(),
    ...(site.onlyNetboot ? [onlyNetboot()] : []),
    ...(site.subnets.some(({ dhcp }) => dhcp.type === 'proxy') ? [proxies()] : []),
    ...site.subnets.map((subnet) => [
      `# ${subnet.name}: ${subnet.networkAddress}/${subnet.prefixLength}, ${describeMode(subnet.dhcp)}`,
      ...dhcpOf(site, subnet),
    ]),
  ];
  return [HEADING, ...sections.map((lines) => `${lines.join('\n')}\n`)].join('\n');
}

const HEADING = '# Written by the installer of OpenClone, which overwrites it: see dnsmasq(8).\n';

function general(site: Site): string[] {
  const addresses = [...new Set(site.subnets.map(({ serverAddress }) => serverAddress))];
  return [
    // No name service, nothing of the machine's own files, and only our addresses in our subnets: another dnsmasq may run
    // beside this one, and an interface may have addresses in other networks (IPv6 too), which are none of ours.
    'port=0',
    'no-hosts',
    'no-resolv',
    'bind-dynamic',
    ...addresses.map((address) => `listen-address=${address}`),
    'user=dnsmasq',
    'group=nogroup',
    // An empty name: no such file, systemd knows the process.
    'pid-file=',
    'log-facility=-',
    'log-dhcp',
    `dhcp-leasefile=${LEASE_FILE}`,
    ...(hasFull(site) ? ['dhcp-authoritative'] : []),
    // Some firmware does not look for options in the fields of server and file name.
    'dhcp-no-override',
    'enable-tftp',
    `tftp-root=${site.tftpDirectory}`,
    // A room that starts at once; every host opens several files.
    'tftp-max=250',
  ];
}

function architectures(): string[] {
  return ARCHITECTURES.flatMap(({ tag, types }) =>
    types.map((type) => `dhcp-match=set:${tag},option:client-arch,${type}`),
  );
}

function onlyNetboot(): string[] {
  return [
    ...NETBOOT_CLASSES.map((name) => `dhcp-vendorclass=set:netboot,${name}`),
    // 175: iPXE's own options.
    'dhcp-match=set:netboot,175',
    'dhcp-ignore=tag:!netboot',
  ];
}

function proxies(): string[] {
  // UEFI's HTTP boot takes offers of its own vendor class only, and dnsmasq repeats the class that it recognised.
  return ['dhcp-pxe-vendor=PXEClient,HTTPClient'];
}

function describeMode(dhcp: DhcpMode): string {
  switch (dhcp.type) {
    case 'full':
      return 'addresses from here';
    case 'proxy':
      return 'addresses from another server';
    case 'none':
      return 'TFTP only';
    default:
      return unreachable(dhcp);
  }
}

function dhcpOf(site: Site, subnet: Subnet): string[] {
  const { dhcp } = subnet;
  switch (dhcp.type) {
    case 'full':
      return fullDhcp(site, subnet, dhcp);
    case 'proxy':
      return proxyDhcp(site, subnet);
    case 'none':
      return [];
    default:
      return unreachable(dhcp);
  }
}

function fullDhcp(site: Site, subnet: Subnet, dhcp: Extract<DhcpMode, { type: 'full' }>): string[] {
  const { serverAddress, prefixLength, relayed } = subnet;
  const tag = tagOf(subnet);
  const range = [dhcp.firstAddress, dhcp.lastAddress, netmaskOf(prefixLength), dhcp.leaseSeconds];
  // An option without a value is not sent; without the line dnsmasq would name itself as router.
  const option = (name: string, values: readonly string[]): string =>
    ['dhcp-option=tag:' + tag, `option:${name}`, ...values].join(',');
  return [
    `dhcp-range=set:${tag},${range.join(',')}`,
    // Behind a relay it names the relay, without which a host would not reach us.
    ...(relayed && dhcp.router === null
      ? []
      : [option('router', dhcp.router === null ? [] : [dhcp.router])]),
    option('dns-server', dhcp.nameServers),
    `dhcp-boot=tag:${tag},tag:bios,${biosFile(subnet)},,${serverAddress}`,
    `dhcp-boot=tag:${tag},tag:uefi,shimx64.efi,,${serverAddress}`,
    `dhcp-boot=tag:${tag},tag:uefi-http,${httpShim(site, subnet)}`,
    // With a proxy subnet dnsmasq knows the class already and would send it twice.
    ...(hasProxy(site) ? [] : [`dhcp-option-force=tag:${tag},tag:uefi-http,60,HTTPClient`]),
  ];
}

function proxyDhcp(site: Site, subnet: Subnet): string[] {
  const { name, networkAddress, prefixLength } = subnet;
  const tag = tagOf(subnet);
  const uefiFile = `proxy/${name}/uefi.efi`;
  return [
    `dhcp-range=set:${tag},${networkAddress},proxy,${netmaskOf(prefixLength)}`,
    `pxe-service=tag:${tag},x86PC,"OpenClone",${biosFile(subnet)}`,
    // dnsmasq's names for 7 and 9.
    `pxe-service=tag:${tag},BC_EFI,"OpenClone",${uefiFile}`,
    `pxe-service=tag:${tag},X86-64_EFI,"OpenClone",${uefiFile}`,
    `dhcp-boot=tag:${tag},tag:uefi-http,${httpShim(site, subnet)}`,
  ];
}

/** Boot choices lie beside the loader, so every subnet has its own. */
function biosFile(subnet: Subnet): string {
  return `bios/${subnet.name}/lpxelinux.0`;
}

function httpShim(site: Site, subnet: Subnet): string {
  const port = site.httpPort === 80 ? '' : `:${site.httpPort}`;
  return `http://${subnet.serverAddress}${port}/http/shimx64.efi`;
}

function tagOf(subnet: Subnet): string {
  return `net-${subnet.name}`;
}

function hasFull(site: Site): boolean {
  return site.subnets.some(({ dhcp }) => dhcp.type === 'full');
}

function hasProxy(site: Site): boolean {
  return site.subnets.some(({ dhcp }) => dhcp.type === 'proxy');
}
