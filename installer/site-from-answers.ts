/** Converts answers to the site, and a site back to the answers that gave it. */

import { Site, SITE_FORMAT_VERSION, type Subnet } from '../lib/model/site.ts';
import { networkAddressOf } from '../lib/network/ipv4.ts';
import type { Answers, GivenAnswers } from './answers.ts';

/** The name of the subnet that the questions are about. */
export const MAIN_SUBNET = 'main';

/**
 * The site that these answers describe. `prefixLength` is that of the interface's address. What `previous`, the site
 * that is there already, says of the main subnet and nobody is asked about stays.
 */
export function siteFromAnswers(
  answers: Answers,
  prefixLength: number,
  previous: Site | null,
): Site {
  const main: Subnet = {
    name: MAIN_SUBNET,
    networkAddress: networkAddressOf(answers.serverAddress, prefixLength),
    prefixLength,
    relayed: false,
    ...keptOf(answers, previous),
    interfaceName: answers.interfaceName,
    serverAddress: answers.serverAddress,
    dhcp: answers.dhcp,
  };
  return Site.parse({
    formatVersion: SITE_FORMAT_VERSION,
    subnets: [main, ...answers.otherSubnets],
    onlyNetboot: answers.onlyNetboot,
    tftpDirectory: answers.tftpDirectory,
    netbootDirectory: answers.netbootDirectory,
    imageDirectory: answers.imageDirectory,
    rootTransport: answers.rootTransport,
    ...(answers.rootTransport === 'nfs' && answers.nfsServer === 'none'
      ? { nfsServer: answers.nfsServer }
      : {}),
    httpPort: answers.httpPort,
    enginePort: answers.enginePort,
    biosLocalBoot: answers.biosLocalBoot,
    uefiLocalBoot: answers.uefiLocalBoot,
    kernelOptions: answers.kernelOptions,
  });
}

/** What a site that is there already answers. */
export function answersFromSite(site: Site): GivenAnswers {
  const [main, ...otherSubnets] = site.subnets;
  return {
    ...(main === undefined
      ? {}
      : {
          interfaceName: main.interfaceName,
          serverAddress: main.serverAddress,
          dhcp: main.dhcp,
        }),
    otherSubnets,
    onlyNetboot: site.onlyNetboot,
    tftpDirectory: site.tftpDirectory,
    netbootDirectory: site.netbootDirectory,
    imageDirectory: site.imageDirectory,
    rootTransport: site.rootTransport,
    ...(site.nfsServer === undefined ? {} : { nfsServer: site.nfsServer }),
    httpPort: site.httpPort,
    enginePort: site.enginePort,
    biosLocalBoot: site.biosLocalBoot,
    uefiLocalBoot: site.uefiLocalBoot,
    kernelOptions: site.kernelOptions,
  };
}

function keptOf(answers: Answers, previous: Site | null): Partial<Subnet> {
  const main = previous?.subnets[0];
  return main?.interfaceName === answers.interfaceName &&
    main.serverAddress === answers.serverAddress
    ? main
    : {};
}
