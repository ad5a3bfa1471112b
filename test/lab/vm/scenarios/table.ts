/** All scenarios, those that share a kind of room one after the other. */

import type { Scenario } from '../scenario.ts';
import { httpBlocked, nfsBlocked, squashfsBlocked, tftpBlocked, uefiHttp } from './blocked.ts';
import { daemonDown } from './daemon-down.ts';
import { fourUefi } from './four-uefi.ts';
import { fullImages } from './full-images.ts';
import { kernelNfs } from './kernel-nfs.ts';
import { certificateReplaced, oldEngine } from './left-behind.ts';
import { ownGrubBesideDhcp } from './own-grub.ts';
import { biosBesideDhcp, smallMemory, uefi, uefiBesideDhcp } from './plain-boots.ts';
import { powerCycle } from './power-cycle.ts';
import { ramRoot } from './ram-root.ts';
import { serverAwayLong, serverAwayNfs, serverAwayRam } from './server-away.ts';
import { secureBoot, secureBootBesideDhcp } from './secure-boot.ts';
import { serverVm } from './server-vm.ts';
import { tamperedKernel } from './tampered-kernel.ts';
import { twoCards, twoCardsUefi } from './two-cards.ts';
import { twoSubnets } from './two-subnets.ts';
import { wholeJob, wholeJobRam } from './whole-job.ts';

export const SCENARIOS: readonly Scenario[] = [
  wholeJob,
  secureBoot,
  uefi,
  smallMemory,
  tamperedKernel,
  powerCycle,
  daemonDown,
  serverAwayNfs,
  serverAwayLong,
  fourUefi,
  twoCards,
  twoCardsUefi,
  tftpBlocked,
  uefiHttp,
  httpBlocked,
  nfsBlocked,
  fullImages,
  certificateReplaced,
  oldEngine,
  biosBesideDhcp,
  secureBootBesideDhcp,
  uefiBesideDhcp,
  ownGrubBesideDhcp,
  ramRoot,
  wholeJobRam,
  serverAwayRam,
  squashfsBlocked,
  twoSubnets,
  serverVm,
  kernelNfs,
];
