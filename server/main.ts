/** The daemon's entry: reads the arguments, starts the server, stops it on SIGTERM and SIGINT. */

import { Command, InvalidArgumentError } from 'commander';
import { describeError, exitStatusOf, OperatorError, toReport } from '../lib/errors.ts';
import { DEFAULT_ENGINE_PORT, DEFAULT_SOCKET, PROGRAM_VERSION } from '../lib/protocol/version.ts';
import { openLog, type LogLevel } from '../lib/log.ts';
import { releaseBootFiles } from './boot/boot-files.ts';
import { actAsOwnerOf } from './act-as-owner.ts';
import type { RestoreOutcome, StoreState } from '../lib/model/store-state.ts';
import { startServer } from './compose.ts';
import { readSiteFile } from './boot/site-file.ts';
import { readStoreState, restoreStore } from './store/restore-store.ts';

type Arguments = {
  site?: string;
  releaseBootFiles?: boolean;
  storeState?: boolean;
  restoreStore?: number;
  data: string;
  images: string;
  socket: string;
  socketGroup: string;
  listen?: string;
  port: number;
  sessionPort: number;
  maxBitrate?: number;
  retriesUntilDrop: number;
  ttl: number;
  heartbeat: number;
  grace: number;
  keepVersions: number;
  logLevel: LogLevel;
};

const command = new Command('openclone server')
  .description('The OpenClone server, in the foreground; its log goes to standard output.')
  .version(PROGRAM_VERSION)
  .option(
    '--site <file>',
    'the site that the installer wrote: boots hosts, and sets ports and directories',
  )
  .option(
    '--release-boot-files',
    'make unknown hosts boot their own disks, and end: for after the server',
  )
  .option('--store-state', 'say as JSON which version the store has, and end')
  .option(
    '--restore-store <version>',
    'put back the copy of that version which a migration kept, if nothing was changed since, say so as JSON, and end: for an update that failed',
    wholeNumber(1, 1000),
  )
  .option('--data <directory>', 'store, certificate and keys', '/var/lib/openclone')
  .option('--images <directory>', 'where images are kept', '/srv/openclone/images')
  .option('--socket <path>', "operators' socket", DEFAULT_SOCKET)
  .option('--socket-group <name>', 'the group that may open it', 'openclone')
  .option(
    '--listen <address>',
    "address for engines and boot loaders (default: the server's in each subnet of the site; all without one)",
  )
  .option('--port <number>', 'TCP port for engines', wholeNumber(1, 65_535), DEFAULT_ENGINE_PORT)
  .option(
    '--session-port <number>',
    'first UDP port of multicast sessions, even',
    evenNumber(1024, 65_000),
    9000,
  )
  .option(
    '--max-bitrate <bits>',
    'most that one session sends, in bit/s',
    wholeNumber(1, 2_147_000_000),
  )
  .option(
    '--retries-until-drop <rounds>',
    'unanswered rounds after which a receiver is dropped: 20 are about 11 s, 30 about 21 s',
    wholeNumber(1, 1000),
    30,
  )
  .option('--ttl <hops>', 'time to live of multicast packets', wholeNumber(1, 255), 1)
  .option('--heartbeat <ms>', 'interval of signs of life', wholeNumber(100, 600_000), 5000)
  .option(
    '--grace <ms>',
    'how long a run whose engine is gone may come back',
    wholeNumber(0, 3_600_000),
    20_000,
  )
  .option('--keep-versions <count>', 'versions kept of an image', wholeNumber(1, 1000), 2)
  .option('--log-level <level>', 'debug, info, warn or error', logLevel, 'info')
  .allowExcessArguments(false)
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .parse();

const given = command.opts<Arguments>();
const log = openLog(given.logLevel);
/** Listened for from the start: a program that reads "ready" may end us at once. */
const told = new Promise<void>((resolve) => {
  process.on('SIGTERM', () => resolve());
  process.on('SIGINT', () => resolve());
});
try {
  const site = given.site === undefined ? null : await readSiteFile(given.site);
  if (given.releaseBootFiles === true) {
    if (site === null) throw siteIsNeeded();
    await releaseBootFiles(site);
    process.exit(0);
  }
  if (given.storeState === true || given.restoreStore !== undefined) {
    // The installer asks, as root: the store is read and written by whom it belongs to.
    await actAsOwnerOf(given.data);
    await endWith(
      given.restoreStore === undefined
        ? await readStoreState(given.data)
        : await restoreStore(given.data, given.restoreStore),
    );
  }
  const server = await startServer({
    site,
    dataDirectory: given.data,
    imageDirectory: isOwn('images') ? given.images : (site?.imageDirectory ?? given.images),
    socketPath: given.socket,
    socketGroup: given.socketGroup,
    listenAddress: given.listen ?? null,
    port: isOwn('port') ? given.port : (site?.enginePort ?? given.port),
    sessionPort: given.sessionPort,
    sender: {
      retriesUntilDrop: given.retriesUntilDrop,
      ttl: given.ttl,
      maxBitsPerSecond: given.maxBitrate ?? null,
    },
    heartbeatMs: given.heartbeat,
    graceMs: given.grace,
    keepVersions: given.keepVersions,
    log,
  });
  await told;
  await server.close();
  process.exit(0);
} catch (error) {
  fail(error);
}

/** Prints for a program, and ends when that has it. */
async function endWith(said: StoreState | RestoreOutcome): Promise<never> {
  await new Promise((resolve) => process.stdout.write(`${JSON.stringify(said)}\n`, resolve));
  process.exit(0);
}

/** Whether the option was given, so that it goes before what the site says. */
function isOwn(option: string): boolean {
  return command.getOptionValueSource(option) !== 'default';
}

function siteIsNeeded(): OperatorError {
  return new OperatorError({
    code: 'bad-argument',
    message: 'releasing the boot files: which ones?',
    hint: 'Add --site FILE; the installer writes /etc/openclone/site.json.',
  });
}

function fail(error: unknown): never {
  const report = toReport(error);
  log.error({ event: 'fatal', report }, describeError(report));
  process.stderr.write(`openclone server: ${describeError(report)}\nhint: ${report.hint}\n`);
  process.exit(exitStatusOf(report));
}

function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`a whole number from ${least} to ${most} is needed`);
  };
}

function evenNumber(least: number, most: number): (text: string) => number {
  const parse = wholeNumber(least, most);
  return (text) => {
    const value = parse(text);
    if (value % 2 === 0) return value;
    throw new InvalidArgumentError('an even number is needed');
  };
}

function logLevel(text: string): LogLevel {
  if (text === 'debug' || text === 'info' || text === 'warn' || text === 'error') return text;
  throw new InvalidArgumentError('debug, info, warn or error is needed');
}
