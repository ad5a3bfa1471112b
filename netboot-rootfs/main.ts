/** The builder's entry: reads the arguments, makes, activates, lists or removes root file systems of the hosts. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { describeError, exitStatusOf, OperatorError, toReport } from '../lib/errors.ts';
import { run, type Run } from '../lib/exec/run.ts';
import { BuildId } from '../lib/model/build-file.ts';
import { Site } from '../lib/model/site.ts';
import { SITE_FILE } from '../lib/model/site-file.ts';
import { PROGRAM_VERSION } from '../lib/protocol/version.ts';
import { activateBuild, hardwareOfCurrent, listBuilds, pruneBuilds, rollBack } from './activate.ts';
import { buildRootfs } from './build.ts';
import { makeRecipe } from './recipe.ts';

type Locations = { netboot?: string; tftp?: string; site?: string };
type BuildArguments = Locations & {
  certificate: string;
  engine: string;
  node: string;
  suite?: string;
  sources?: string;
  firmware?: boolean;
  serverHardware?: boolean;
  refresh?: true;
  quickPacking?: true;
  activate?: true;
  json?: true;
};

/** As long as a build on a slow machine takes. */
const LOCK_WAIT_SECONDS = 900;
const DATA = join(import.meta.dirname, 'data');
/** As the installer leaves them. */
const CERTIFICATE = '/var/lib/openclone/tls/server.crt';
const ENGINE = join(import.meta.dirname, '../dist/engine.js');

// All of it is read by other users than root, whatever root's own umask is.
process.umask(0o022);

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => stop.abort());
}

const command = new Command('openclone rootfs')
  .description('Root file systems that the hosts boot (docs/design/rootfs.md). Needs root.')
  .version(PROGRAM_VERSION)
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));

/** Every tool ends when we are told to; what is unfinished is then removed as after any failure. */
const runUntilStopped: Run = (tool, args, options) =>
  run(tool, args, { ...options, signal: stop.signal });

placed('build', 'makes a new build; which one hosts boot stays as it is')
  .option('--certificate <file>', "the server's certificate (PEM)", CERTIFICATE)
  .option('--engine <file>', "the engine's bundle (npm run build)", ENGINE)
  .option('--node <file>', 'the Node program for the hosts', process.execPath)
  .option('--suite <name>', 'suite of the distribution; else that of this machine')
  .option('--sources <file>', "apt sources to take as they stand; else this machine's")
  .option('--firmware', 'with firmware of network cards, as far as the sources have it')
  .option('--no-firmware', 'without; when neither is said, as the current build is')
  .option('--server-hardware', 'with drivers of adapters that only servers have, 9 MB more')
  .option('--no-server-hardware', 'without; when neither is said, as the current build is')
  .option('--refresh', "fetches the packages again: the distribution's security updates")
  .option('--quick-packing', 'a larger squashfs in a fifth of the time: for tests')
  .option('--activate', 'lets hosts boot it at once')
  .option('--json', 'the result as JSON')
  .action(async (given: BuildArguments) => {
    const site = await siteOf(given);
    const before = await hardwareOfCurrent(site.netboot);
    const result = await buildRootfs(runUntilStopped, {
      netboot: site.netboot,
      recipe: await makeRecipe({
        suite: given.suite ?? null,
        sourcesFile: given.sources ?? null,
        firmware: given.firmware ?? before.firmware,
        serverHardware: given.serverHardware ?? before.serverHardware,
        dataDirectory: DATA,
        machineRoot: '/',
      }),
      certificateFile: given.certificate,
      engineFile: given.engine,
      nodeFile: given.node,
      dataDirectory: DATA,
      refresh: given.refresh === true,
      packing: given.quickPacking === true ? 'quick' : 'thorough',
      waitSeconds: LOCK_WAIT_SECONDS,
      now: new Date(),
      onProgress: (text) => process.stderr.write(`${text}\n`),
    });
    for (const warning of result.warnings) process.stderr.write(`warning: ${warning}\n`);
    const { file, directory, baseReused } = result;
    if (given.activate === true) await activateBuild(site, file.id);
    print(given.json === true ? JSON.stringify({ ...file, directory, baseReused }) : file.id);
  });

placed('activate', 'lets hosts boot a build from now on')
  .argument('[id]', 'the build; the newest when there is none', buildId)
  .action(async (id: BuildId | undefined, given: Locations) => {
    const file = await activateBuild(await siteOf(given), id ?? null);
    print(`current: ${file.id}`);
  });

placed('rollback', 'lets hosts boot the build before again').action(async (given: Locations) => {
  const file = await rollBack(await siteOf(given));
  print(`current: ${file.id}`);
});

placed('list', 'shows all builds, oldest first')
  .option('--json', 'as JSON')
  .action(async (given: Locations & { json?: true }) => {
    const rows = await listBuilds((await siteOf(given)).netboot);
    if (given.json === true) print(JSON.stringify(rows));
    else rows.forEach((row) => print(rowText(row)));
  });

placed(
  'prune',
  'removes builds older than the current one, except the previous and those of the last day',
)
  .option('--keep <build>', 'one that hosts run from; may be given again', addTo, [])
  .action(async (given: Locations & { keep: readonly string[] }) => {
    const removed = await pruneBuilds(await siteOf(given), new Date(), given.keep);
    removed.forEach((id) => print(`removed: ${id}`));
  });

try {
  await command.parseAsync();
} catch (error) {
  const report = toReport(stop.signal.aborted ? interrupted(error) : error);
  process.stderr.write(`openclone rootfs: ${describeError(report)}\nhint: ${report.hint}\n`);
  process.exitCode = exitStatusOf(report);
}

function addTo(one: string, others: readonly string[]): readonly string[] {
  return [...others, one];
}

function placed(name: string, description: string): Command {
  return command
    .command(name)
    .description(description)
    .option('--netboot <directory>', 'where builds are (NETBOOT)')
    .option('--tftp <directory>', 'where boot loaders find kernels (TFTP)')
    .option('--site <file>', `site.json: names both; ${SITE_FILE} when none is named`)
    .allowExcessArguments(false);
}

async function siteOf(given: Locations): Promise<{ netboot: string; tftp: string | null }> {
  const file = given.site ?? (given.netboot === undefined ? SITE_FILE : null);
  const site = file === null ? null : await readSite(file);
  const netboot = given.netboot ?? site?.netbootDirectory;
  const tftp = given.tftp ?? site?.tftpDirectory ?? null;
  if (netboot !== undefined) return { netboot, tftp };
  throw new OperatorError({
    code: 'bad-argument',
    message: 'looking for the directory of the builds',
    hint: 'Name it with --netboot DIRECTORY, or the site with --site FILE.',
  });
}

async function readSite(file: string): Promise<Site> {
  try {
    return Site.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    throw new OperatorError({
      code: 'bad-argument',
      message: `reading the site from ${file}`,
      hint: 'The installer writes it: run install.sh again, or correct the file.',
      cause: error,
    });
  }
}

function rowText({
  file,
  current,
  previous,
}: Awaited<ReturnType<typeof listBuilds>>[number]): string {
  const mark = current ? 'current' : previous ? 'previous' : '-';
  const ram = file.squashfs === null ? 'nfs' : 'nfs, ram';
  return [file.id, mark, file.programVersion, file.suite, file.kernel, ram].join('\t');
}

function interrupted(cause: unknown): OperatorError {
  return new OperatorError({
    code: 'interrupted',
    message: 'working on root file systems: told to end',
    hint: 'Nothing unfinished remains; run it again.',
    cause,
  });
}

function buildId(text: string): BuildId {
  const id = BuildId.safeParse(text);
  if (id.success) return id.data;
  throw new InvalidArgumentError('an id as "list" shows it is needed');
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
