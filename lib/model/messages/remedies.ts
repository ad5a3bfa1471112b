/** What to do about what `openclone doctor` found. A remedy that is a command and no more is no message. */

import type { Declarations } from '../message.ts';

export const REMEDY_MESSAGES = {
  // the installer does it
  'remedy.install': {},
  'remedy.install-site': {},
  'remedy.install-boot-files': {},
  'remedy.install-build': {},
  'remedy.install-certificate': {},
  'remedy.install-dhcp': {},
  'remedy.install-directory': {},
  'remedy.install-group': {},
  'remedy.install-package': { name: 'text' },
  // the network
  'remedy.see-addresses': {},
  'remedy.see-cable': { interfaceName: 'text' },
  'remedy.see-wires': {},
  'remedy.negotiate': {},
  'remedy.set-mtu': { interfaceName: 'text', mtuBytes: 'number' },
  'remedy.add-address': { address: 'text', interfaceName: 'text' },
  'remedy.name-other-interface': {},
  'remedy.same-prefix': {},
  'remedy.see-multicast': { interfaceName: 'text' },
  'remedy.add-route': { interfaceName: 'text' },
  'remedy.querier-or-no-snooping': {},
  'remedy.querier-or-bridge': { interfaceName: 'text' },
  'remedy.larger-buffers': { name: 'text' },
  // the firewall
  'remedy.accept-ports': { network: 'text', interfaceName: 'text' },
  'remedy.see-ruleset': {},
  'remedy.allow-in-ufw': {},
  // DHCP
  'remedy.dhcp-silent': { ports: 'texts' },
  'remedy.no-boot-service': { server: 'text' },
  'remedy.one-dhcp-server': { server: 'text' },
  'remedy.no-addresses': {},
  'remedy.leave-one-dhcp-server': {},
  'remedy.name-no-boot-file': { server: 'text' },
  'remedy.name-us-for-secure-boot': { server: 'text', own: 'text' },
  'remedy.name-us-for-bios': { server: 'text', own: 'text', bootFile: 'text' },
  'remedy.name-us-for-uefi': { server: 'text', own: 'text', bootFile: 'text' },
  'remedy.boot-behind-relay': { own: 'text' },
  'remedy.one-openclone': {},
  // services and ports
  'remedy.see-start': {},
  'remedy.see-why': { unit: 'text' },
  'remedy.restart': { unit: 'text' },
  'remedy.restart-when-idle': {},
  'remedy.see-port': { port: 'number' },
  'remedy.free-port': { pid: 'number', unit: 'text' },
  'remedy.see-engine-port': { port: 'number' },
  'remedy.see-http': { port: 'number' },
  'remedy.see-tftp': {},
  'remedy.see-other-tftp': {},
  // files
  'remedy.server-writes-file': {},
  'remedy.make-readable': { path: 'text' },
  'remedy.delete-images': {},
  'remedy.make-room': {},
  'remedy.renew-certificate': {},
  'remedy.compare-as-root': {},
  // NFS
  'remedy.take-out-export': {},
  'remedy.export-read-only': {},
  'remedy.see-build': { path: 'text' },
  'remedy.install-mount': {},
  'remedy.mount-elsewhere': { source: 'text' },
  'remedy.see-exports': {},
  'remedy.see-nfs-server': {},
  // the clock
  'remedy.set-clock': {},
  'remedy.see-clock': {},
  'remedy.see-clock-of-server': {},
  'remedy.synchronise': {},
  // programs
  'remedy.newer-partclone': {},
} as const satisfies Declarations;
