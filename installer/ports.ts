/** The ports by which hosts reach this server. */

import type { Site } from '../lib/model/site.ts';
import type { Answers } from './answers.ts';

export type Protocol = 'tcp' | 'udp';

/** Of multicast sessions and their answers (server/sessions/ports.ts). */
export const SESSION_PORTS = [9000, 9999] as const;

export type PlannedPort = {
  readonly protocol: Protocol;
  readonly port: number;
  readonly purpose: string;
};

/** Without those of multicast sessions. */
export function plannedPorts(answers: Answers, site: Site): PlannedPort[] {
  const modes = new Set(site.subnets.map(({ dhcp }) => dhcp.type));
  const ports: PlannedPort[] = [
    { protocol: 'tcp', port: site.enginePort, purpose: 'engines on the hosts' },
    { protocol: 'tcp', port: site.httpPort, purpose: 'kernel, initramfs and squashfs by HTTP' },
    { protocol: 'udp', port: 69, purpose: 'boot loaders by TFTP' },
  ];
  if (modes.has('full') || modes.has('proxy')) {
    ports.push({ protocol: 'udp', port: 67, purpose: 'DHCP' });
  }
  if (modes.has('proxy'))
    ports.push({ protocol: 'udp', port: 4011, purpose: 'DHCP of PXE clients' });
  if (answers.nfsServer === 'kernel' && site.rootTransport === 'nfs') {
    ports.push({ protocol: 'tcp', port: 2049, purpose: 'root file system by NFS' });
  }
  return ports;
}
