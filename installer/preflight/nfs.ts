/** What keeps this machine from serving root file systems by NFS, when it is to. */

import type { PortHolder } from '../facts/ports.ts';
import type { Plan } from '../plan.ts';
import { type Obstacle, obstacle } from './obstacle.ts';
import { rpcbindObstacles } from './ports.ts';

/** None when the kernel can, or need not. */
export function nfsObstacles(plan: Plan, canServeNfs: boolean): Obstacle[] {
  if (!servesNfs(plan) || canServeNfs) return [];
  return [
    obstacle(
      'this kernel has no NFS server (nfsd)',
      'Answer rootTransport with "ram" (hosts fetch the whole system by HTTP), or nfsServer with "none" when another NFS server of this machine exports the netboot directory.',
    ),
  ];
}

export function rpcbindObstaclesOf(plan: Plan, holders: readonly PortHolder[]): Obstacle[] {
  return servesNfs(plan) ? rpcbindObstacles(holders) : [];
}

function servesNfs({ site, answers }: Plan): boolean {
  return site.rootTransport === 'nfs' && answers.nfsServer !== 'none';
}
