/** The engine's entry: reads the arguments, works until it is told to end, leaves the host as it was told. */

import { randomInt } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { describeError, OperatorError, toReport } from '../lib/errors.ts';
import { run } from '../lib/exec/run.ts';
import { openLog } from '../lib/log.ts';
import { EngineInstanceId } from '../lib/model/ids.ts';
import { LANGUAGES } from '../lib/model/language.ts';
import { MacAddress } from '../lib/model/names.ts';
import { DEFAULT_ENGINE_PORT, PROGRAM_VERSION } from '../lib/protocol/version.ts';
import { openAliveFile } from './alive-file.ts';
import { readBuildId } from './build-file.ts';
import { Console } from './console/console.ts';
import { lineDevice } from './console/line-device.ts';
import { localAddresses } from './console/local-addresses.ts';
import { initialState } from './console/state.ts';
import { Engine } from './engine.ts';
import { openPower, type Power } from './power.ts';
import { setSystemClock } from './tools/date.ts';

type Arguments = {
  server: { host: string; port: number };
  certificate: string;
  onlyDisk?: string[];
  state: string;
  controlPower?: true;
  console?: string;
  consoleLog?: string;
  buildFile?: string;
  aliveFile?: string;
  bootInterface?: MacAddress;
  language?: string;
};

/** What udp-receiver asks for (engine/transport): the usual limit of 208 kB loses a third of all packets. */
const RECEIVE_BUFFER_LIMIT = 4 * 1024 * 1024;
/** How long a failed start stays on the screen before our supervisor starts us again. */
const SHOW_FAILURE_MS = 20_000;

const log = openLog('info');
const { given, fault } = readArguments();
const screen = new Console({
  // What is wrong with the arguments has to be said on the screen that is among them.
  screen: given?.console ?? valueAfter('--console'),
  lines: lineDevice(given?.consoleLog ?? valueAfter('--console-log')),
  state: initialState(
    {
      language: LANGUAGES.find((each) => each === given?.language) ?? 'en',
      programVersion: PROGRAM_VERSION,
      buildId: null,
      server: given === null ? '' : `${given.server.host}:${given.server.port}`,
      mac: given?.bootInterface ?? null,
    },
    Date.now(),
  ),
  addresses: localAddresses,
  log,
});
screen.open();
if (given === null) await endFailed(fault, 2);
else await work(given);

async function work(options: Arguments): Promise<void> {
  raiseReceiveBuffer('/proc/sys/net/core/rmem_max');
  try {
    // Before anything else: later its path may lead nowhere any more.
    const power: Power | null = options.controlPower === true ? openPower() : null;
    const buildId = options.buildFile === undefined ? null : await readBuildId(options.buildFile);
    screen.change({ buildId });
    const alive = options.aliveFile === undefined ? null : openAliveFile(options.aliveFile);
    const engine = new Engine({
      serverHost: options.server.host,
      serverPort: options.server.port,
      certificate: readCertificate(options.certificate),
      instanceId: newInstanceId(),
      onlyDisks: options.onlyDisk ?? null,
      stateDirectory: options.state,
      bootInterface: options.bootInterface ?? null,
      version: { programVersion: PROGRAM_VERSION, buildId },
      show: (change) => {
        if (change.connection !== undefined) alive?.note(change.connection);
        screen.change(change);
      },
      // Who may switch the machine off may set its clock.
      setClock: power === null ? null : (epochMs) => setSystemClock(run, epochMs),
      log,
    });
    const stop = (signal: NodeJS.Signals): void => {
      engine.stop(`the engine was told to end (${signal})`).then(
        () => process.exit(0),
        () => process.exit(1),
      );
    };
    process.once('SIGTERM', stop);
    process.once('SIGINT', stop);
    const mode = await engine.work();
    log.info({ event: 'exit', mode }, 'the engine ends');
    await power?.leave(mode);
    process.exit(0);
  } catch (error) {
    await endFailed(error, 1);
  }
}

/** Says why the engine cannot work, on the screen too if it has one, and ends. */
async function endFailed(error: unknown, exitStatus: number): Promise<void> {
  const report = toReport(error);
  log.error({ event: 'fatal', report }, describeError(report));
  process.stderr.write(`openclone-engine: ${describeError(report)}\nhint: ${report.hint}\n`);
  screen.change({ activity: { type: 'fatal', error: report } });
  if (screen.isShown) await setTimeout(SHOW_FAILURE_MS);
  process.exit(exitStatus);
}

function readArguments(): { given: Arguments; fault: null } | { given: null; fault: unknown } {
  const command = new Command('openclone-engine')
    .description('Works for an OpenClone server on this host, as root.')
    .version(PROGRAM_VERSION)
    .requiredOption('--server <host:port>', 'the server', serverAddress)
    .requiredOption('--certificate <file>', "the server's certificate (PEM): no other is accepted")
    .option('--only-disk <address>', 'a disk it may see, /dev/sda; may be repeated', collect)
    .option('--state <directory>', 'for its own files', '/run/openclone-engine')
    .option(
      '--control-power',
      'really switch the host off or restart it when told, and set its clock; else the engine only ends',
    )
    .option('--console <device>', 'a text screen of 80x25 to show state and errors on: /dev/tty1')
    .option('--console-log <device>', 'gets a plain line for every change of state: /dev/console')
    .option('--build-file <file>', 'what says which root file system this is')
    .option(
      '--alive-file <file>',
      'is written every few seconds, for the program that watches over it',
    )
    .option('--language <en|de>', 'of the screen; English when it is none of these')
    .option('--boot-interface <mac>', 'the interface that the host booted from', macAddress)
    .allowExcessArguments(false)
    .exitOverride();
  try {
    return { given: command.parse().opts<Arguments>(), fault: null };
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) process.exit(0);
    return {
      given: null,
      fault: new OperatorError({
        code: 'bad-argument',
        message: 'reading the arguments of the engine',
        hint: 'Build the root file system of the hosts again, or look at the kernel command line of the boot files.',
        cause: error,
      }),
    };
  }
}

/** An argument of a command line that could not be read as a whole. */
function valueAfter(option: string): string | null {
  const index = process.argv.indexOf(option);
  return index === -1 ? null : (process.argv[index + 1] ?? null);
}

function readCertificate(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new OperatorError({
      code: 'bad-argument',
      message: `reading the server's certificate ${path}`,
      hint: 'Build the root file system of the hosts again: it carries the certificate of its server.',
      cause,
    });
  }
}

/** Best effort: in a network namespace of its own the engine may not. */
function raiseReceiveBuffer(path: string): void {
  try {
    if (Number(readFileSync(path, 'utf8')) >= RECEIVE_BUFFER_LIMIT) return;
    writeFileSync(path, String(RECEIVE_BUFFER_LIMIT));
  } catch (error) {
    log.warn({ event: 'receive-buffer', path, error }, 'packets may be lost and sent again');
  }
}

function newInstanceId(): EngineInstanceId {
  const letters = '0123456789abcdefghijklmnopqrstuvwxyz';
  const id = Array.from({ length: 10 }, () => letters.charAt(randomInt(letters.length))).join('');
  return EngineInstanceId.parse(`engine-${id}`);
}

function serverAddress(text: string): { host: string; port: number } {
  const match = /^(.+?)(?::(\d+))?$/.exec(text);
  const host = match?.[1];
  const port = match?.[2] === undefined ? DEFAULT_ENGINE_PORT : Number(match[2]);
  if (host === undefined || port < 1 || port > 65_535) {
    throw new InvalidArgumentError('HOST:PORT is needed');
  }
  return { host, port };
}

function macAddress(text: string): MacAddress {
  const parsed = MacAddress.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new InvalidArgumentError('a MAC address is needed');
}

function collect(value: string, before: string[] | undefined): string[] {
  return [...(before ?? []), value];
}
