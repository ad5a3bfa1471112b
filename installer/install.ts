/** Installing and updating: look around, settle the answers, show the plan, refuse or go on, do the steps. */

import { OperatorError } from '../lib/errors.ts';
import type { Site, Subnet } from '../lib/model/site.ts';
import { readAnswersFile, type Answers, type GivenAnswers } from './answers.ts';
import type { DhcpServers } from './facts/dhcp-servers.ts';
import { Journal } from './changes/journal.ts';
import { executeSteps, pendingSteps, type StepProgress } from './execute.ts';
import { makePlan, type Plan } from './plan.ts';
import { readPackageList } from './packages.ts';
import { lookBeforehand } from './questions/before-asking.ts';
import { findObstacles } from './preflight/table.ts';
import { planLines } from './print-plan.ts';
import {
  answerKeeper,
  answersOfInstalled,
  knownAnswers,
  mergeAnswers,
  sameAnswers,
} from './kept-answers.ts';
import type { Prompter } from './terminal/prompter.ts';
import { resolveAnswers } from './questions/resolve.ts';
import { buildsInUse } from './running-server/builds-in-use.ts';
import { runsUnderWay } from './running-server/runs-under-way.ts';
import { siteFromAnswers } from './site-from-answers.ts';
import { reportHealth } from './report-health.ts';
import type { InstallStep, StepContext } from './step.ts';
import { collectFacts, type MachineFacts } from './facts/collect.ts';
import type { System } from './machine/system.ts';
import { PROGRAM_VERSION } from '../lib/protocol/version.ts';
import type { Obstacle } from './preflight/obstacle.ts';

export type InstallOptions = {
  readonly system: System;
  /** All of them, in order. */
  readonly steps: readonly InstallStep[];
  readonly sourceDirectory: string;
  readonly answersFile: string | null;
  /** Said on the command line: counts before a file of answers. */
  readonly serverHardware: boolean | null;
  /** null: nobody is asked. */
  readonly prompter: Prompter | null;
  readonly dryRun: boolean;
  readonly refresh: boolean;
  readonly force: boolean;
  readonly signal: AbortSignal;
  readonly print: (lines: readonly string[]) => void;
  readonly show: StepContext['show'];
};

/** Returns the exit status. */
export async function install(options: InstallOptions): Promise<number> {
  const { system, prompter, print } = options;
  const found = await collectFacts(system);
  const { environment, installation } = found;
  const known = knownAnswers(installation, prompter !== null);
  const given = mergeAnswers(known, {
    ...(options.answersFile === null ? {} : await readAnswersFile(options.answersFile)),
    ...(options.serverHardware === null ? {} : { serverHardware: options.serverHardware }),
  });
  refuseWithoutOperator(options, found, given);
  if (prompter !== null) await lookBeforeAsking(options, found, { prompter, given });
  const journal = await Journal.open(system, PROGRAM_VERSION);
  const keep = answerKeeper();
  const begin = async (answered: GivenAnswers, isAgreed: boolean): Promise<void> =>
    journal.begin({
      at: new Date().toISOString(),
      isAgreed,
      isUpdate: environment.isUpdate,
      answers: await keep(answered),
    });
  const before = installation.record?.begun;
  if (prompter !== null && before !== undefined) prompter.explain(goingOn(before.at));
  const asking = (await keepsAll(options, found)) ? null : prompter;
  const answers = await resolveAnswers(environment, asking, given, async (answered) => {
    if (asking === null || options.dryRun) return;
    const said = { ...given, ...answered };
    if (before?.isAgreed === true) await journal.begin({ ...before, draft: await keep(said) });
    else await begin(said, false);
  });
  const plan = await planFor(options, found, answers);
  const context: StepContext = {
    system,
    plan,
    journal,
    buildsInUse: plan.isUpdate ? ((await buildsInUse(system)) ?? []) : [],
    say: (text) => print([text]),
    show: options.show,
  };
  const pending = await pendingSteps(options.steps, context);
  const obstacles = await obstaclesOf(options, found, plan);
  const lines = planLines(plan, options.steps, pending);
  if (prompter === null || obstacles.length > 0) print(lines);
  else await prompter.page(['', ...lines]);
  refuseObstacles(options, obstacles);
  if (options.dryRun) return 0;
  const installed = answersOfInstalled(answers);
  // A run that was killed after its last step has its end still to come.
  if (pending.size === 0 && !isGoingOn(installation)) {
    const { record } = installation;
    const isKept = sameAnswers(record?.answers, installed) && record?.begun === undefined;
    if (!isKept) await journal.finish(installed);
    print(['', 'Everything is as planned already: nothing was changed.']);
    return 0;
  }
  await askForRestart(options, plan, pending);
  if (prompter !== null) await askToGoOn(prompter);
  await begin(answers, true);
  try {
    await executeSteps(options.steps, context, {
      signal: options.signal,
      onProgress: (progress) => report(options, progress),
    });
  } catch (error) {
    // Taken back: nothing goes on by itself, but a person may want the answers again. What a killed run before this one
    // has done is still there.
    if (!isGoingOn(installation)) {
      await (prompter === null ? journal.abandon() : begin(answers, false));
    }
    throw error;
  }
  await journal.finish(installed);
  print(['', 'OpenClone is installed. What a host would see of it:']);
  return reportHealth({ show: options.show, print }, answers.operator?.name ?? null);
}

/** Steps of an earlier run may have begun: what it had been told holds until a person says yes to something else. */
function isGoingOn({ record }: MachineFacts['installation']): boolean {
  return record?.begun?.isAgreed === true;
}

function goingOn(at: string): string {
  const when = new Date(at).toLocaleString('sv-SE');
  return `The installer did not come to its end on ${when}. Its answers are proposed again.`;
}

/** What no answer changes is said before the first question, not after the last. */
async function lookBeforeAsking(
  options: InstallOptions,
  found: MachineFacts,
  { prompter, given }: { readonly prompter: Prompter; readonly given: GivenAnswers },
): Promise<void> {
  const { system, sourceDirectory } = options;
  if (found.environment.isUpdate || isGoingOn(found.installation)) return;
  options.print(['Looking at this machine and its network …']);
  const { obstacles, remarks } = await lookBeforehand(system, found, { given, sourceDirectory });
  refuseObstacles(options, obstacles);
  if (remarks.length > 0) prompter.explain(remarks.join('\n'));
}

/** On an installed server most people want the new version, and no question. */
async function keepsAll(
  { prompter, answersFile }: InstallOptions,
  { environment, installation }: MachineFacts,
): Promise<boolean> {
  const isOffered =
    environment.isUpdate && answersFile === null && installation.record?.begun === undefined;
  if (prompter === null || !isOffered) return false;
  prompter.explain(
    `OpenClone is installed here. Updating to ${PROGRAM_VERSION} keeps every answer and all data; otherwise each answer is asked again, with what it is now as the proposal.`,
  );
  return prompter.confirm({ message: 'Update only?', proposal: true });
}

/** Nobody can log in later if nobody says who. */
function refuseWithoutOperator(
  { prompter, dryRun }: InstallOptions,
  { environment }: MachineFacts,
  given: GivenAnswers,
): void {
  if (prompter !== null || dryRun || environment.isUpdate || given.operator !== undefined) return;
  throw new OperatorError({
    code: 'bad-argument',
    message: 'installing without questions: nothing says who the first operator is',
    hint: 'Put "operator": {"name": …, "passwordFile": …} into the file of answers; null adds none.',
  });
}

async function planFor(
  options: InstallOptions,
  { environment, installation, installedPackages }: MachineFacts,
  answers: Answers,
): Promise<Plan> {
  const chosen = environment.interfaces
    .find(({ name }) => name === answers.interfaceName)
    ?.addresses.find(({ address }) => address === answers.serverAddress);
  const { interfaces } = environment;
  if (!interfaces.some(({ name }) => name === answers.interfaceName)) {
    const names = interfaces.map(({ name }) => name).join(', ');
    throw new OperatorError({
      code: 'bad-argument',
      message: `there is no interface ${answers.interfaceName} with an IPv4 address, only ${names}`,
      hint: 'Answer "interfaceName" with one of these; see `ip -brief address`. Nothing was changed.',
    });
  }
  if (chosen === undefined && installation.site === null) {
    throw new OperatorError({
      code: 'bad-argument',
      message: `looking for the address ${answers.serverAddress} on the interface ${answers.interfaceName}`,
      hint: 'See `ip -brief address` for what there is.',
    });
  }
  const prefixLength = chosen?.prefixLength ?? installation.site?.subnets[0]?.prefixLength ?? 24;
  return makePlan({
    answers,
    site: siteFromAnswers(answers, prefixLength, installation.site),
    sourceDirectory: options.sourceDirectory,
    isUpdate: environment.isUpdate,
    packageList: await readPackageList(options.sourceDirectory),
    installedPackages,
    firewall: environment.firewall,
    refresh: options.refresh,
  });
}

async function obstaclesOf(
  { system }: InstallOptions,
  { environment, installation, hasSystemd }: MachineFacts,
  plan: Plan,
): Promise<Obstacle[]> {
  return findObstacles(system, plan, {
    hasSystemd,
    interfaces: environment.interfaces,
    portHolders: environment.portHolders,
    dhcpServers: await otherDhcpServers(plan.site, installation.site, environment),
    canServeNfs: environment.canServeNfs,
    record: installation.record,
  });
}

/** All of them are shown; those that --force does not go on in spite of end the installation. */
function refuseObstacles({ force, print }: InstallOptions, obstacles: readonly Obstacle[]): void {
  if (obstacles.length === 0) return;
  const inTheWay = obstacles.filter(({ canBeForced }) => !(force && canBeForced));
  print(['', ...obstacles.flatMap(obstacleLines)]);
  if (inTheWay.length === 0) return;
  throw new OperatorError({
    code: 'not-allowed',
    message: `installing: ${inTheWay.length === 1 ? 'something stands' : `${inTheWay.length} things stand`} in the way (see above), and nothing was changed`,
    hint: inTheWay.every(({ canBeForced }) => canBeForced)
      ? 'Do what stands below each of them, and start again; --force goes on all the same.'
      : 'Do what stands below each of them, and start again.',
  });
}

/** Who gives addresses where we would begin to: asked again at an update that changes this. */
async function otherDhcpServers(
  { subnets }: Site,
  before: Site | null,
  { findDhcpServers }: MachineFacts['environment'],
): Promise<ReadonlyMap<string, DhcpServers>> {
  const givers = (site: readonly Subnet[]): string[] =>
    site
      .filter(({ dhcp, relayed }) => dhcp.type === 'full' && !relayed)
      .map(({ interfaceName }) => interfaceName);
  const known = givers(before?.subnets ?? []);
  const found = new Map<string, DhcpServers>();
  for (const name of new Set(givers(subnets).filter((each) => !known.includes(each)))) {
    found.set(name, await findDhcpServers(name));
  }
  return found;
}

function obstacleLines({ message, hint }: Obstacle): string[] {
  return [`! ${message}`, `  ${hint}`];
}

/** Runs go on when the daemon restarts within its grace time, but nobody should count on that unasked. */
async function askForRestart(
  { system, prompter, force }: InstallOptions,
  plan: Plan,
  pending: ReadonlySet<InstallStep>,
): Promise<void> {
  if (!plan.isUpdate || force) return;
  if (![...pending].some(({ restartsServer }) => restartsServer === true)) return;
  const count = await runsUnderWay(system);
  if (count === 0) return;
  const isFine =
    prompter !== null &&
    (await prompter.confirm({
      message: `${count} ${count === 1 ? 'host is' : 'hosts are'} being worked on, and the server has to restart. Go on?`,
      proposal: false,
    }));
  if (isFine) return;
  throw new OperatorError({
    code: 'not-allowed',
    message: `updating while ${count} ${count === 1 ? 'host is' : 'hosts are'} being worked on`,
    hint: 'Wait until `openclone status` shows no task under way, or give --force.',
  });
}

async function askToGoOn(prompter: Prompter): Promise<void> {
  if (await prompter.confirm({ message: 'Do all this?', proposal: true })) return;
  throw new OperatorError({
    code: 'cancelled',
    message: 'installing: the answer was not yes',
    hint: 'Nothing was changed.',
  });
}

/** To the operator, and to the journal: journalctl -t openclone-installer. */
async function report({ system, print }: InstallOptions, progress: StepProgress): Promise<void> {
  const { type, step } = progress;
  if (type === 'started') print([`→ ${step.title}`]);
  if (type === 'failed') print([`✗ ${step.title}: ${progress.reason}`]);
  const reason = type === 'failed' ? `: ${progress.reason}` : '';
  await system.run('logger', ['--tag', 'openclone-installer', `${step.name} ${type}${reason}`]);
}
