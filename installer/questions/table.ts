/** All questions, in the order in which they are settled: later ones build on earlier ones. */

import { automaticRegistration } from './automatic-registration.ts';
import { dhcp } from './dhcp.ts';
import { imageDirectory, netbootDirectory, tftpDirectory } from './directories.ts';
import { firewall } from './firewall.ts';
import { interfaceName } from './interface-name.ts';
import { onlyNetboot } from './only-netboot.ts';
import { operator } from './operator.ts';
import { enginePort, httpPort } from './ports.ts';
import { defineQuestion, type Question } from './question.ts';
import { nfsServer, rootTransport } from './root-transport.ts';
import { serverAddress } from './server-address.ts';

export const QUESTIONS: readonly Question[] = [
  interfaceName,
  serverAddress,
  dhcp,
  onlyNetboot,
  tftpDirectory,
  netbootDirectory,
  imageDirectory,
  rootTransport,
  nfsServer,
  enginePort,
  httpPort,
  automaticRegistration,
  firewall,
  operator,
  // Only a file of answers, or an earlier site, says something else.
  defineQuestion({ key: 'otherSubnets', propose: () => [] }),
  defineQuestion({ key: 'biosLocalBoot', propose: () => 'first-disk' }),
  defineQuestion({ key: 'uefiLocalBoot', propose: () => 'search' }),
  defineQuestion({ key: 'kernelOptions', propose: () => '' }),
  defineQuestion({ key: 'rootfs', propose: () => 'build' }),
  defineQuestion({ key: 'serverHardware', propose: () => null }),
  defineQuestion({ key: 'networkFirmware', propose: () => null }),
  defineQuestion({ key: 'rootfsPacking', propose: () => 'thorough' }),
];
