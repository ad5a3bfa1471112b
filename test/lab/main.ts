/** `npm run lab`: captures a disk of one virtual host, deploys it to a room of them, verifies every copy, boots one. */

import { constants } from 'node:os';
import { Command, InvalidArgumentError, Option } from 'commander';
import { runLab } from './demonstration.ts';
import { Report } from './report.ts';
import { endRooms, runStaying } from './stay.ts';

const program = new Command('lab')
  .description(
    'Captures a disk of one virtual host, deploys it to several others and verifies them',
  )
  .option('--hosts <number>', 'how many hosts get the disk', parseHosts, 3)
  .option('--rate <rate>', "limit the server's link, as tc(8) writes it: 200mbit")
  .addOption(
    new Option('--source <kind>', 'which source disk to make')
      .choices(['mbr', 'gpt'])
      .default('mbr'),
  )
  .option('--disk <file>', 'a raw disk image as the source instead; it is only read')
  .addOption(
    new Option('--sector-size <bytes>', 'logical sectors of all disks')
      .choices(['512', '4096'])
      .default('512'),
  )
  .addOption(
    new Option('--transport <kind>').choices(['auto', 'multicast', 'unicast']).default('auto'),
  )
  .addOption(
    new Option('--compression <kind>').choices(['zstd', 'gzip', 'lzo', 'none']).default('zstd'),
  )
  .option('--boot', 'boot a deployed disk (default: when the source is the mbr disk we make)')
  .option('--no-boot', 'boot nothing')
  .option('--boot-marker <text>', 'what a booted --disk prints on its serial console')
  .option(
    '--stay',
    'make a room with an image that stays until Ctrl-C, to try UI and commands on',
    false,
  )
  .option('--size <MiB>', "with --stay: of each host's disk", parseSize, 240)
  .option('--end', 'end rooms that stay, and remove what killed labs have left', false)
  .option('--keep <directory>', 'leave the deployed disks and the image there')
  .option('--json', 'one JSON document on standard output, progress on standard error', false);

const options = program.parse().opts<{
  hosts: number;
  rate?: string;
  source: 'mbr' | 'gpt';
  disk?: string;
  sectorSize: '512' | '4096';
  transport: string;
  compression: string;
  boot?: boolean;
  bootMarker?: string;
  keep?: string;
  stay: boolean;
  size: number;
  end: boolean;
  json: boolean;
}>();

const interruption = new AbortController();
let failureStatus = 1;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    failureStatus = 128 + constants.signals[signal];
    interruption.abort(new Error(`interrupted by ${signal}`));
  });
}

// Nobody reads any more (`npm run lab | head`): that is an interruption too.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', () => interruption.abort(new Error('nobody reads the output any more')));
}

const report = new Report(options.json ? process.stderr : process.stdout);
if (options.end) {
  const { ended, swept } = await endRooms();
  report.say(ended.length === 0 ? 'No room was open.' : `Ended: ${ended.join(', ')}`);
  if (swept.length > 0) report.say(`Removed what was left of ${swept.join(', ')}`);
} else if (options.stay) {
  const reason = await runStaying(
    { ...options, sizeMebibytes: options.size },
    report,
    interruption.signal,
  );
  if (reason !== null) {
    process.stderr.write(`lab: ${reason}\n`);
    process.exitCode = 1;
  }
} else {
  const outcome = await runLab(
    { ...options, sectorSizeBytes: Number(options.sectorSize) },
    report,
    interruption.signal,
  );
  if (options.json) process.stdout.write(`${JSON.stringify(outcome, null, 2)}\n`);
  report.end(outcome);
  process.exitCode = outcome.ok ? 0 : failureStatus;
}

function parseSize(text: string): number {
  const mebibytes = Number(text);
  // The image that the room has must fit.
  if (!Number.isInteger(mebibytes) || mebibytes < 240 || mebibytes > 1_048_576) {
    throw new InvalidArgumentError('at least 240.');
  }
  return mebibytes;
}

function parseHosts(text: string): number {
  const hosts = Number(text);
  // 200 is what a room holds; the source host is one of them.
  if (!Number.isInteger(hosts) || hosts < 1 || hosts > 199) {
    throw new InvalidArgumentError('between 1 and 199.');
  }
  return hosts;
}
