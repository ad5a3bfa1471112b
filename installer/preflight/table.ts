/** What stands in the way of an installation: found, and said with its remedy, before anything is changed. */

import type { Plan } from '../plan.ts';
import type { System } from '../machine/system.ts';
import { directoryObstacles, nestingObstacles } from './directories.ts';
import type { PreflightFacts } from './facts.ts';
import { fileObstacles } from './files.ts';
import { loaderObstacles } from './loaders.ts';
import { nfsObstacles, rpcbindObstaclesOf } from './nfs.ts';
import { portObstacles } from './ports.ts';
import { spaceObstacles } from './space.ts';
import { addressObstacles, dhcpObstacles, subnetObstacles } from './subnets.ts';
import type { Obstacle } from './obstacle.ts';
import { rangeObstacles } from './subnets.ts';
import { newerStoreObstacles } from './store.ts';
import { systemObstacles } from './systemd.ts';

type Subject = { readonly system: System; readonly plan: Plan; readonly facts: PreflightFacts };

type Check = (subject: Subject) => readonly Obstacle[] | Promise<readonly Obstacle[]>;

/** In the order in which what they find is said. */
const CHECKS: readonly Check[] = [
  ({ facts }) => systemObstacles(facts),
  ({ system, plan }) => newerStoreObstacles(system, plan.sourceDirectory),
  ({ plan }) => subnetObstacles(plan.site),
  ({ plan, facts }) => addressObstacles(plan.site, facts.interfaces),
  ({ plan }) => rangeObstacles(plan.site),
  ({ plan, facts }) => portObstacles(plan.site.subnets, plan.ports, facts.portHolders),
  ({ plan, facts }) => rpcbindObstaclesOf(plan, facts.portHolders),
  ({ facts }) => dhcpObstacles(facts.dhcpServers),
  ({ plan, facts }) => nfsObstacles(plan, facts.canServeNfs),
  ({ plan }) => nestingObstacles(plan.site),
  ({ system, plan, facts }) => directoryObstacles(system, plan, facts.record),
  ({ system, plan, facts }) => fileObstacles(system, plan, facts.record),
  ({ system, plan, facts }) => loaderObstacles(system, plan, facts.record),
  ({ system, plan, facts }) => spaceObstacles(system, plan, facts.record),
];

/** All obstacles at once, so that nobody has to meet them one by one. */
export async function findObstacles(
  system: System,
  plan: Plan,
  facts: PreflightFacts,
): Promise<Obstacle[]> {
  const obstacles: Obstacle[] = [];
  for (const check of CHECKS) obstacles.push(...(await check({ system, plan, facts })));
  return obstacles;
}
