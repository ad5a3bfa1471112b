/** All steps, in order: each builds on those before it; DHCP comes last, when everything that hosts ask for is there. */

import { account } from './account.ts';
import { command } from './command.ts';
import { configuration } from './configuration.ts';
import { daemon } from './daemon.ts';
import { directories } from './directories.ts';
import { dnsmasq } from './dnsmasq.ts';
import { firewall } from './firewall.ts';
import { loaders } from './loaders.ts';
import { nfs } from './nfs.ts';
import { operator } from './operator.ts';
import { packages } from './packages.ts';
import { program } from './program.ts';
import { rootfs } from './rootfs.ts';
import { settings } from './settings.ts';
import type { InstallStep } from '../step.ts';
import { units } from './units.ts';

export const STEPS: readonly InstallStep[] = [
  packages,
  account,
  directories,
  program,
  command,
  configuration,
  units,
  loaders,
  daemon,
  settings,
  operator,
  rootfs,
  nfs,
  dnsmasq,
  firewall,
];
