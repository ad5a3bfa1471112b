/** The engine's entry: reads the arguments, works until it is told to end, leaves the host as it was told. */

import { randomInt } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { Command, InvalidArgumentError } from 'commander';
import { describeError, toReport } from '../lib/errors.ts';
import { openLog } from '../lib/log.ts';
import { EngineInstanceId } from '../lib/model/ids.ts';
import type { ShutdownMode } from '../lib/model/operation.ts';
import { DEFAULT_ENGINE_PORT, PROGRAM_VERSION } from '../lib/protocol/version.ts';
import { Engine } from './engine.ts';

type Arguments = {
  server: { host: string; port: number };
  certificate: string;
  onlyDisk?: string[];
  state: string;
  controlPower?: true;
};

const command = new Command('openclone-engine')
  .description('Works for an OpenClone server on this host, as root.')
  .version(PROGRAM_VERSION)
  .requiredOption('--server <host:port>', 'the server', serverAddress)
  .requiredOption('--certificate <file>', "the server's certificate (PEM): no other is accepted")
  .option('--only-disk <address>', 'a disk it may see, /dev/sda; may be repeated', collect)
  .option('--state <directory>', 'for its own files', '/run/openclone-engine')
  .option(
    '--control-power',
    'really switch the host off or start it anew when told; else the engine only ends',
  )
  .allowExcessArguments(false)
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .parse();

/** What udp-receiver asks for (engine/transport): the usual limit of 208 kB loses a third of all packets. */
const RECEIVE_BUFFER_LIMIT = 4 * 1024 * 1024;

const SYNC_MS = 3000;

const given = command.opts<Arguments>();
const log = openLog('info');
raiseReceiveBuffer('/proc/sys/net/core/rmem_max');
try {
  const engine = new Engine({
    serverHost: given.server.host,
    serverPort: given.server.port,
    certificate: readFileSync(given.certificate, 'utf8'),
    instanceId: newInstanceId(),
    onlyDisks: given.onlyDisk ?? null,
    stateDirectory: given.state,
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
  if (given.controlPower === true) await leaveHost(mode);
  process.exit(0);
} catch (error) {
  const report = toReport(error);
  log.error({ event: 'fatal', report }, describeError(report));
  process.stderr.write(`openclone-engine: ${describeError(report)}\nhint: ${report.hint}\n`);
  process.exit(1);
}

/**
 * By the kernel itself (proc(5), sysrq): no program is needed, so it works when the root file system is gone with
 * the server. Disks were synced before success was said.
 */
async function leaveHost(mode: ShutdownMode): Promise<void> {
  if (mode === 'exit') return;
  // The emergency sync only begins here; what it writes belongs to other disks than ours.
  writeFileSync('/proc/sysrq-trigger', 's');
  await setTimeout(SYNC_MS);
  writeFileSync('/proc/sysrq-trigger', mode === 'reboot' ? 'b' : 'o');
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

function collect(value: string, before: string[] | undefined): string[] {
  return [...(before ?? []), value];
}
