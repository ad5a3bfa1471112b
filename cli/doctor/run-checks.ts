/** runChecks: does all checks at once and collects their results. */

import type { DhcpAnswer } from '../../lib/dhcp/answer.ts';
import { probeDhcp } from '../../lib/dhcp/probe.ts';
import { OperatorError, toReport } from '../../lib/errors.ts';
import type { Run } from '../../lib/exec/run.ts';
import { message } from '../../lib/model/messages/table.ts';
import type { Site, Subnet } from '../../lib/model/site.ts';
import { readBuild, type Build } from './build.ts';
import type { Check, CheckedServer, CheckResult, Surroundings } from './check.ts';
import { parseAddresses, type InterfaceAddresses } from './checks/addresses.ts';
import { skipped, type Unfinished } from './finding.ts';
import { CLIENT_ARCH, FIRMWARES, subnetLabel, type Firmware } from './firmware.ts';
import { readSite } from './site-file.ts';

/** dnsmasq offers an address after up to 3 s of trying it by ping; five more for slow servers and networks. */
const DHCP_TIMEOUT_MS = 8000;

/** `onDone` is called with each check as it ends. Returns results in the order of `checks`, the site file first. Never throws. */
export async function runChecks(
  surroundings: Surroundings,
  siteFile: string,
  checks: readonly Check[],
  onDone: (done: number, total: number) => void,
): Promise<CheckResult[]> {
  const total = checks.length + 1;
  const { site, findings } = await readSite(siteFile);
  const first = { name: 'site', title: message('check.site'), findings };
  onDone(1, total);
  if (site === null) {
    const unseen = [skipped('', message('skipped.no-site'))];
    return [first, ...checks.map(({ name, title }) => ({ name, title, findings: unseen }))];
  }
  const interfaces = await interfacesOrNone(surroundings.run);
  const missing = interfaces === null ? [] : site.subnets.filter((each) => !has(interfaces, each));
  const reachable = site.subnets.filter((each) => !missing.includes(each));
  const base: CheckedServer = {
    ...surroundings,
    site,
    build: await readBuildOrNull(site),
    ownAddresses: (interfaces ?? []).flatMap(({ addresses }) =>
      addresses.map(({ address }) => address),
    ),
    deadUnits: [],
    // Nobody is asked by an interface that does not have our address.
    dhcpAnswers: dhcpAnswersOf({ ...site, subnets: reachable }),
  };
  let done = 1;
  const count = (result: CheckResult): CheckResult => {
    done += 1;
    onDone(done, total);
    return result;
  };
  // What others need is looked at first: one cause, one finding.
  const services = checks.find(({ name }) => name === 'services');
  const ofServices = services === undefined ? null : count(await runCheck(services, base));
  const server = { ...base, deadUnits: failuresOf(ofServices) };
  const others = await Promise.all(
    checks.map(async (check) =>
      check === services && ofServices !== null
        ? ofServices
        : count(await runOnWhatIsThere(check, server, missing)),
    ),
  );
  return [first, ...others];
}

/** The names of what failed. */
function failuresOf(result: CheckResult | null): string[] {
  return (result?.findings ?? []).flatMap((finding) =>
    finding.type === 'failure' && 'about' in finding && typeof finding.about === 'string'
      ? [finding.about]
      : [],
  );
}

/** null when they cannot be listed: then none is missing. */
async function interfacesOrNone(run: Run): Promise<InterfaceAddresses[] | null> {
  return run('ip', ['-json', 'address', 'show']).then(
    ({ stdout }) => parseAddresses(stdout),
    () => null,
  );
}

function has(interfaces: readonly InterfaceAddresses[], subnet: Subnet): boolean {
  const own = interfaces.find(({ name }) => name === subnet.interfaceName);
  return own?.addresses.some(({ address }) => address === subnet.serverAddress) ?? false;
}

/** Leaves out what follows from what another check says already. */
async function runOnWhatIsThere(
  check: Check,
  server: CheckedServer,
  missing: readonly Subnet[],
): Promise<CheckResult> {
  const { name, title, needs } = check;
  const unit = needs?.unit;
  if (unit !== undefined && server.deadUnits.includes(unit)) {
    return { name, title, findings: [skipped('', message('skipped.see-unit', { unit }))] };
  }
  if (needs?.address !== true || missing.length === 0) return runCheck(check, server);
  const left = missing.map((subnet) =>
    skipped(subnetLabel(subnet), message('skipped.see-addresses')),
  );
  const subnets = server.site.subnets.filter((subnet) => !missing.includes(subnet));
  if (subnets.length === 0) return { name, title, findings: left };
  const site = { ...server.site, subnets };
  const { findings } = await runCheck(check, { ...server, site });
  return { name, title, findings: [...findings, ...left] };
}

async function runCheck(check: Check, server: CheckedServer): Promise<CheckResult> {
  const { name, title, rootBecause } = check;
  if (rootBecause !== null && !server.isRoot) {
    const why = message('skipped.only-root', { because: rootBecause });
    return { name, title, findings: [skipped('', why, 'sudo openclone doctor')] };
  }
  try {
    return { name, title, findings: await check.perform(server) };
  } catch (error) {
    return { name, title, findings: [unfinishedBy(error)] };
  }
}

function unfinishedBy(error: unknown): Unfinished {
  const isToolMissing = error instanceof OperatorError && error.code === 'tool-missing';
  return { type: isToolMissing ? 'skipped' : 'failure', error: toReport(error) };
}

/** An unreadable build is no build to most checks; the check "rootfs" says what is wrong with it. */
async function readBuildOrNull(site: Site): Promise<Build | null> {
  return readBuild(site.netbootDirectory).catch(() => null);
}

/** One probe per subnet and firmware, those of a subnet one after the other: they share port 68 of its address. */
function dhcpAnswersOf(site: Site): CheckedServer['dhcpAnswers'] {
  const byKey = new Map<string, Promise<readonly DhcpAnswer[]>>();
  const keyOf = (subnet: Subnet, firmware: Firmware): string => `${subnet.name} ${firmware}`;
  const begin = (): void => {
    const lastOf = new Map<string, Promise<unknown>>();
    // Behind a relay are other broadcasts than those of our interface.
    for (const subnet of site.subnets.filter(({ relayed }) => !relayed)) {
      for (const firmware of FIRMWARES) {
        const before = lastOf.get(subnet.interfaceName) ?? Promise.resolve();
        const probe = async (): Promise<readonly DhcpAnswer[]> =>
          probeDhcp({
            interfaceName: subnet.interfaceName,
            clientArch: CLIENT_ARCH[firmware],
            timeoutMs: DHCP_TIMEOUT_MS,
          });
        const answers = before.then(probe, probe);
        // Callers that await it get the failure; perhaps none does.
        answers.catch(() => undefined);
        byKey.set(keyOf(subnet, firmware), answers);
        lastOf.set(subnet.interfaceName, answers);
      }
    }
  };
  return (subnet, firmware) => {
    if (byKey.size === 0) begin();
    return byKey.get(keyOf(subnet, firmware)) ?? Promise.resolve([]);
  };
}
