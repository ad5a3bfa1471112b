/** What an installation will be, decided before anything is changed. */

import { PROGRAM_VERSION } from '../lib/protocol/version.ts';
import type { Site } from '../lib/model/site.ts';
import { SITE_FILE } from '../lib/model/site-file.ts';
import type { Answers } from './answers.ts';
import type { Firewall } from './facts/firewall.ts';
import { serverPackages, type PackageRow } from './packages.ts';
import { plannedDirectories, type PlannedDirectory } from './planned-directories.ts';
import { dnsmasqConfig } from './templates/dnsmasq.ts';
import { exportsFile } from './templates/exports.ts';
import { daemonUnit, dnsmasqUnit } from './templates/units.ts';
import { plannedPorts, type PlannedPort } from './ports.ts';
import { ufwApplication } from './templates/ufw.ts';
import {
  DAEMON_UNIT,
  DNSMASQ_CONFIG,
  DNSMASQ_UNIT,
  EXPORTS_FILE,
  UFW_APPLICATION,
  UNIT_DIRECTORY,
} from './machine/names.ts';

export type PlannedFile = {
  readonly path: string;
  readonly text: string;
  readonly purpose: string;
};

export type Plan = {
  readonly programVersion: string;
  /** Where this installer's own files lie. */
  readonly sourceDirectory: string;
  readonly isUpdate: boolean;
  readonly answers: Answers;
  readonly site: Site;
  readonly packages: readonly PackageRow[];
  /** Those that are not installed yet. */
  readonly missingPackages: readonly string[];
  readonly directories: readonly PlannedDirectory[];
  /** By what they are for. */
  readonly files: {
    readonly configuration: readonly PlannedFile[];
    readonly units: readonly PlannedFile[];
    readonly exports: readonly PlannedFile[];
    readonly dnsmasq: readonly PlannedFile[];
    readonly firewall: readonly PlannedFile[];
  };
  readonly ports: readonly PlannedPort[];
  /** The firewall that is there. */
  readonly firewall: Firewall;
  /** Whether boot loaders and the packages of the root file system are fetched again. */
  readonly refresh: boolean;
};

/** The plan for these answers. Pure. */
export function makePlan(input: {
  readonly answers: Answers;
  readonly site: Site;
  readonly sourceDirectory: string;
  readonly isUpdate: boolean;
  readonly packageList: readonly PackageRow[];
  readonly installedPackages: ReadonlySet<string>;
  readonly firewall: Firewall;
  readonly refresh: boolean;
}): Plan {
  const { answers, site, sourceDirectory, isUpdate, firewall } = input;
  const packages = serverPackages(input.packageList, answers);
  const ports = plannedPorts(answers, site);
  const opensUfw = firewall === 'ufw' && answers.firewall === 'open';
  return {
    programVersion: PROGRAM_VERSION,
    sourceDirectory,
    isUpdate,
    answers,
    site,
    packages,
    missingPackages: packages
      .map(({ name }) => name)
      .filter((name) => !input.installedPackages.has(name)),
    directories: plannedDirectories(site),
    files: {
      configuration: [
        {
          path: SITE_FILE,
          text: `${JSON.stringify(site, null, 2)}\n`,
          purpose: 'how this server serves its rooms',
        },
      ],
      units: [
        {
          path: `${UNIT_DIRECTORY}/${DAEMON_UNIT}`,
          text: daemonUnit(site),
          purpose: 'the server as a service',
        },
        {
          path: `${UNIT_DIRECTORY}/${DNSMASQ_UNIT}`,
          text: dnsmasqUnit(site),
          purpose: 'dnsmasq, an instance of our own',
        },
      ],
      dnsmasq: [{ path: DNSMASQ_CONFIG, text: dnsmasqConfig(site), purpose: 'DHCP and TFTP' }],
      exports:
        site.rootTransport === 'nfs'
          ? [{ path: EXPORTS_FILE, text: exportsFile(site), purpose: 'the NFS export, read-only' }]
          : [],
      firewall: opensUfw
        ? [{ path: UFW_APPLICATION, text: ufwApplication(ports), purpose: 'our ports, for ufw' }]
        : [],
    },
    ports,
    firewall,
    refresh: input.refresh,
  };
}
