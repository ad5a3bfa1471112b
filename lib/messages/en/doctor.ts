/** What doctor checks and finds, in English. */

import type { CHECK_MESSAGES, DOCTOR_MESSAGES } from '../../model/messages/doctor.ts';
import type { TextsOf } from '../texts.ts';

export const checks: TextsOf<typeof CHECK_MESSAGES> = {
  'check.site': 'the site file',
  'check.links': 'links of the interfaces',
  'check.addresses': 'addresses of the interfaces',
  'check.services': 'services',
  'check.ports': 'ports and who holds them',
  'check.firewall': 'firewall rules',
  'check.server': 'the daemon',
  'check.operators': 'operators',
  'check.tls': "the engines' port and its certificate",
  'check.dhcp': 'DHCP on the wire',
  'check.duplicates': 'other OpenClone servers',
  'check.boot-files': 'boot files on the disk',
  'check.tftp': 'boot files by TFTP',
  'check.http': 'kernel, initramfs and root file system by HTTP',
  'check.rootfs': "the hosts' root file system",
  'check.nfs': 'NFS root of the hosts',
  'check.multicast': 'multicast loop-back and route',
  'check.igmp': 'IGMP querier',
  'check.buffers': 'buffers of sockets',
  'check.clock': 'the clock',
  'check.space': 'free space',
  'check.tools': 'versions of tools',
  'skipped.no-site': 'without a valid site file this cannot be judged',
  'skipped.see-addresses': 'see addresses',
  'skipped.see-unit': ({ unit }) => `see services: ${unit}`,
  'skipped.only-root': ({ because }) => `only root can do this: ${because}`,
  'root.dhcp-client': 'a DHCP client uses port 68',
  'root.found-by-dhcp': 'they are found by DHCP, whose client uses port 68',
  'root.list-rules': 'it lists the rules',
  'root.listen': 'it listens to all packets',
  'root.mount': 'it mounts',
  'root.see-holders': 'it looks which program holds a port',
  'about.subnet': ({ name, interfaceName }) => `subnet ${name} (${interfaceName})`,
  'about.subnet-firmware': ({ name, interfaceName, firmware }) =>
    `subnet ${name} (${interfaceName}), ${firmware}`,
  'about.group': ({ group }) => `group ${group}`,
  'about.accounts': 'accounts',
  'about.export': ({ path, client }) => `${path} to ${client}`,
  'about.package-on-server': ({ name }) => `${name} (this server)`,
  'about.package-on-hosts': ({ name }) => `${name} (hosts)`,
  'about.hosts': 'hosts',
  'about.images': 'images',
  'about.store': 'store',
  'about.root-file-systems': 'root file systems',
  'about.boot-files': 'boot files',
  'port.service': ({ service, protocol, port }) => `${service} (${protocol} ${port})`,
  'port.engines': ({ port }) => `engines (tcp ${port})`,
  'port.proxy-dhcp': ({ port }) => `proxy DHCP (udp ${port})`,
  'port.sessions': ({ port }) => `multicast sessions (udp ${port})`,
};

export const doctor: TextsOf<typeof DOCTOR_MESSAGES> = {
  'site.unreadable': ({ said }) => `it cannot be read: ${said}`,
  'site.only-root-reads': 'the server cannot read it: only root may',
  'site.not-json': ({ said }) => `it is no JSON: ${said}`,
  'site.invalid': ({ said }) => `it is not valid: ${said}`,
  'site.valid': ({ subnets }) => `valid; subnets: ${subnets}`,
  'links.no-interface': 'there is no such interface',
  'links.no-link': 'no link',
  'links.half-duplex': 'half duplex: multicast will be slow and lossy',
  'links.slow': ({ megabitsPerSecond }) =>
    `only ${megabitsPerSecond} Mbit/s: every transmission is as slow`,
  'links.mtu': ({ mtuBytes, usualBytes }) => `MTU ${mtuBytes}: hosts that boot have ${usualBytes}`,
  'links.good': ({ megabitsPerSecond, mtuBytes }) =>
    `link, ${megabitsPerSecond} Mbit/s, MTU ${mtuBytes}`,
  'links.good-speed-unknown': ({ mtuBytes }) => `link, speed not known, MTU ${mtuBytes}`,
  'addresses.no-interface': ({ interfaceName, others }) =>
    `there is no interface ${interfaceName}, only ${others}`,
  'addresses.none': ({ interfaceName, wanted }) =>
    `${interfaceName} has no IPv4 address; ${wanted} is expected`,
  'addresses.others': ({ interfaceName, others, wanted }) =>
    `${interfaceName} has ${others}, not ${wanted}`,
  'addresses.no-broadcast': ({ address }) =>
    `${address} has no broadcast address: multicast sessions never start`,
  'addresses.outside': ({ address, network }) => `${address} lies outside ${network}`,
  'addresses.other-prefix': ({ interfaceName, length, wantedLength }) =>
    `${interfaceName} has the prefix length ${length}, the site says ${wantedLength}`,
  'addresses.good': ({ address, broadcast }) => `${address}, broadcast ${broadcast}`,
  'services.no-systemd': 'systemd does not answer on this machine',
  'services.not-installed': 'it is not installed',
  'services.not-active': ({ state }) => `it is ${state}`,
  'services.failed': ({ state, result }) => `it is ${state} (${result})`,
  'services.disabled': 'it runs, but will not start with this machine',
  'services.runs': ({ state, substate }) => `it is ${state} (${substate})`,
  'ports.nobody': 'nobody listens there',
  'ports.held': ({ programs }) => `held by ${programs}`,
  'ports.held-by-kernel': 'held by the kernel',
  'ports.kernel-holds': ({ address }) =>
    `the kernel or a process of another container holds it on ${address}`,
  'ports.process-holds': ({ program, pid, address }) =>
    `${program ?? 'a process'} (process ${pid}) holds it on ${address}`,
  'firewall.drops': ({ ports }) => `rules of nftables drop ${ports.join(', ')}`,
  'firewall.unclear': ({ ports }) =>
    `the rules of nftables are too special to be understood here: ${ports.join(', ')}`,
  'firewall.open': 'nothing is dropped',
  'firewall.ufw-allows': 'OpenClone is allowed',
  'firewall.ufw-allows-no-dhcp': ({ interfaceName }) =>
    `it allows OpenClone, but no DHCP on ${interfaceName} from hosts that have no address yet`,
  'firewall.ufw-closed': 'it is active and does not allow OpenClone',
  'daemon.answers': ({ version }) => `OpenClone ${version} answers`,
  'daemon.other-version': ({ running, installed }) =>
    `OpenClone ${running} runs, ${installed} is installed`,
  'daemon.open-socket': ({ mode }) =>
    `everybody on this machine may give orders: its mode is ${mode}`,
  'operators.no-daemon': 'the daemon does not answer: see the check server',
  'operators.no-group': 'there is no such group: only root can give orders',
  'operators.root-alone': 'nobody but root gives orders without a password',
  'operators.members': ({ names }) => `give orders on this machine without a password: ${names}`,
  'operators.accounts': ({ names }) => `there are: ${names}`,
  'operators.no-account': 'there is none: nobody can sign in at a host or from elsewhere',
  'tls.no-connection': ({ address, port, said }) =>
    `no engine can connect to ${address} port ${port}: ${said}`,
  'tls.other-certificate':
    'the server shows another certificate than the hosts carry: every host refuses it',
  'tls.not-yet-valid': ({ from }) => `the certificate is valid from ${from} only`,
  'tls.expired': ({ until }) => `the certificate was valid until ${until}`,
  'tls.expires-soon': ({ until }) => `the certificate is valid until ${until} only`,
  'tls.not-compared': 'the server answers; whether hosts carry its certificate could not be read',
  'tls.good': ({ until }) => `the certificate that hosts carry, valid until ${until}`,
  'dhcp.answers': ({ offers }) => offers.join('; '),
  'dhcp.offer': ({ server, address, bootFile }) => `${server} offers ${address} and ${bootFile}`,
  'dhcp.offer-of-one': ({ server, what }) => `${server} offers ${what}`,
  'dhcp.offer-of-nothing': ({ server }) => `${server} offers nothing`,
  'dhcp.silent': 'this server does not answer',
  'dhcp.no-boot-file': 'this server names no boot file',
  'dhcp.boot-file-of-other-firmware': ({ bootFile }) =>
    `this server names ${bootFile}, which is for other firmware`,
  'dhcp.boot-file-missing': ({ bootFile }) => `this server names ${bootFile}, which is not there`,
  'dhcp.sends-elsewhere': ({ nextServer, own }) =>
    `this server sends hosts to ${nextServer} for it, not to ${own}`,
  'dhcp.second-boot-service': ({ server, bootFile }) =>
    `${server} also answers hosts that boot from the network, with ${bootFile ?? 'a menu'}`,
  'dhcp.second-server': ({ offer }) =>
    `a second DHCP server: ${offer}. Hosts take whichever answers first`,
  'dhcp.no-addresses': 'nobody gives addresses',
  'dhcp.several-give': ({ servers }) =>
    `several give addresses: ${servers}. Hosts take whichever answers first`,
  'dhcp.other-names-boot-file': ({ server, bootFile, nextServer }) =>
    `${server} names a boot file of its own: ${bootFile} on ${nextServer}`,
  'dhcp.no-secure-boot': ({ server, nextServer }) =>
    `hosts with Secure Boot will not boot: their GRUB fetches from ${nextServer ?? 'nobody'}, which ${server} names as next server`,
  'dhcp.other-names-none': ({ server }) => `${server} names no boot file`,
  'dhcp.other-sends-elsewhere': ({ server, nextServer, bootFile }) =>
    `${server} sends hosts to ${nextServer ?? 'no server'} for ${bootFile}`,
  'dhcp.other-names-other-firmware': ({ server, bootFile }) =>
    `${server} names ${bootFile}, which is for other firmware`,
  'dhcp.other-names-missing': ({ server, bootFile }) =>
    `${server} names ${bootFile}, which this server does not have`,
  'dhcp.relayed': 'DHCP comes by a relay: it cannot be asked from here',
  'duplicates.another': ({ server }) =>
    `${server} is an OpenClone server too: hosts come to whichever answers first`,
  'duplicates.none': 'nobody else boots hosts',
  'duplicates.not-openclone': ({ servers }) =>
    `others boot hosts too, but are no OpenClone: ${servers}`,
  'boot-files.missing': 'it is not there',
  'boot-files.empty': 'it is empty',
  'boot-files.not-entered': 'it cannot be entered by others',
  'boot-files.not-read': 'it cannot be read by others',
  'boot-files.writable': 'everybody may change it',
  'boot-files.other-size': ({ sizeBytes, buildBytes }) =>
    `${sizeBytes}, in the build ${buildBytes}`,
  'boot-files.good': ({ files }) => `${files} boot files, readable by everybody`,
  'tftp.not-served': ({ said }) => `a file does not come: ${said}`,
  'tftp.other-content': ({ file, directory }) =>
    `${file} comes otherwise than it lies in ${directory}`,
  'tftp.no-files': ({ directory }) => `there are no boot files in ${directory}`,
  'tftp.good': ({ files, address }) => `${files} files read from ${address}`,
  'http.no-build': 'there is no build to fetch: see the check rootfs',
  'http.wrong': ({ url, why }) => `${url}: ${why}`,
  'http.status': ({ status, said }) => `it answers ${status} ${said}`,
  'http.wrong-size': ({ foundBytes, expectedBytes }) => `${foundBytes} bytes, not ${expectedBytes}`,
  'http.size-unknown': ({ expectedBytes }) => `an unknown number of bytes, not ${expectedBytes}`,
  'http.other-content': 'other content than on the disk',
  'http.not-fetched': ({ said }) => `it cannot be fetched (${said})`,
  'http.good': ({ files, origin }) => `${files} files answered by ${origin}`,
  'rootfs.none': 'there is none: hosts can only boot their own disk',
  'rootfs.unreadable': ({ said }) => `the current build cannot be read: ${said}`,
  'rootfs.lacks': ({ files }) => `it lacks ${files}`,
  'rootfs.other-version': ({ version, own }) =>
    `it has the engine of OpenClone ${version}, this is ${own}`,
  'rootfs.good': ({ version, kernel, builtAt }) =>
    `OpenClone ${version}, kernel ${kernel}, built ${builtAt}`,
  'rootfs.no-certificate': "the server's certificate is not in it",
  'rootfs.other-certificate': "its certificate is not the server's: every host refuses it",
  'nfs.shows': ({ directories }) => `this gives away ${directories.join(' and ')}`,
  'nfs.writable': 'everybody who may write there can put programs on every host',
  'nfs.root-by-http': 'hosts fetch their root file system by HTTP',
  'nfs.no-mount-program': ({ said }) => `it cannot be tried: ${said}`,
  'nfs.not-tried': 'this kernel cannot mount NFS, or nfs-common is not installed: not tried',
  'nfs.not-exported': ({ source, said }) =>
    `${source} is not exported to this server's own address: ${said}`,
  'nfs.not-mounted': ({ source, said }) => `${source} cannot be mounted: ${said}`,
  'nfs.no-build': ({ source }) => `${source} can be mounted; there is no build in it yet`,
  'nfs.incomplete': ({ source, path }) => `${source} can be mounted, but ${path} is not in it`,
  'nfs.good': ({ source }) => `${source} can be mounted and read`,
  'multicast.lost': ({ address }) => `a packet from ${address} to a group did not come back`,
  'multicast.failed': ({ address, said }) =>
    `a packet from ${address} to a group did not come back: ${said}`,
  'multicast.no-route':
    'there is no route for multicast, nor a default route: no transmission gets behind the router',
  'multicast.good': ({ interfaceName }) =>
    `a packet to a group leaves by ${interfaceName} and comes back`,
  'igmp.bridge-asks': 'the bridge on this machine is a querier',
  'igmp.not-listened': 'not listened for: a querier speaks every two minutes only',
  'igmp.heard': ({ querier }) => `a querier asks: ${querier}`,
  'igmp.silent': ({ seconds }) =>
    `no querier heard in ${seconds} s: switches with IGMP snooping stop transmissions after some minutes`,
  'buffers.good': ({ sizeBytes }) => `${sizeBytes} bytes`,
  'buffers.small': ({ sizeBytes }) => `${sizeBytes} bytes, less than usual: transmissions get slow`,
  'clock.long-ago': ({ time }) => `it is ${time}, which is long ago`,
  'clock.before-build': ({ time }) => `it is ${time}, before the root file system was built`,
  'clock.not-asked': 'systemd cannot be asked whether the clock is synchronised',
  'clock.synchronised': ({ time }) => `${time}, synchronised`,
  'clock.not-yet-synchronised': ({ time }) => `${time}, not yet synchronised`,
  'clock.not-synchronised': ({ time }) => `${time}, not synchronised by anything`,
  'space.unseen': ({ path, said }) => `${path} cannot be looked at: ${said}`,
  'space.free': ({ freeBytes, path }) => `${freeBytes} free in ${path}`,
  'tools.no-list': ({ path }) => `the list of packages cannot be read: ${path}`,
  'tools.not-installed': 'the Debian package is not installed',
  'tools.version': ({ version }) => `version ${version}`,
  'tools.faults': ({ version, faults }) => `version ${version}: ${faults.join('; ')}`,
  'fault.partclone-untried': 'older than every version that OpenClone was tried with',
  'fault.partclone-bigalloc':
    'ext4 with bigalloc is copied whole, and a log that cannot be written goes unnoticed (#241)',
  'fault.partclone-exfat': 'exFAT on standard output gets spoiled (#272): it is written elsewhere',
  'fault.partclone-clonezilla':
    "cannot read the newest images of Clonezilla (their checksums' kind)",
  'fault.udpcast-receiver':
    'a receiver that dies stops everybody for some seconds, until it is dropped',
};
