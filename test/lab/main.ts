/** `npm run lab`: captures a disk of one virtual host, deploys it to a room of them, verifies every copy, boots one. */

import { constants } from 'node:os';
import { Command, InvalidArgumentError, Option } from 'commander';
import { runLab } from './demonstration.ts';
import { Report } from './report.ts';

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
const outcome = await runLab(
  { ...options, sectorSizeBytes: Number(options.sectorSize) },
  report,
  interruption.signal,
);
if (options.json) process.stdout.write(`${JSON.stringify(outcome, null, 2)}\n`);
report.end(outcome);
process.exitCode = outcome.ok ? 0 : failureStatus;

function parseHosts(text: string): number {
  const hosts = Number(text);
  // 200 is what a room holds; the source host is one of them.
  if (!Number.isInteger(hosts) || hosts < 1 || hosts > 199) {
    throw new InvalidArgumentError('between 1 and 199.');
  }
  return hosts;
}
