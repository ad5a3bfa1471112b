/**
 * Probes by eth0 of the namespace it is started in: its one argument is JSON; it prints the answers as JSON,
 * or the code of the error to standard error.
 */

import { z } from 'zod';
import { probeDhcp } from '../../../lib/dhcp/probe.ts';
import { toReport } from '../../../lib/errors.ts';

const Probe = z.object({
  clientArch: z.union([z.literal(0), z.literal(7), z.literal(9), z.literal(16)]),
  timeoutMs: z.number(),
  enough: z.number().default(Infinity),
});

const { enough, ...probe } = Probe.parse(JSON.parse(process.argv[2] ?? ''));
try {
  const answers = await probeDhcp({
    ...probe,
    interfaceName: 'eth0',
    enough: (heard) =>
      heard.filter(({ type, bootFile }) => type === 'offer' || bootFile !== null).length >= enough,
  });
  process.stdout.write(JSON.stringify(answers));
} catch (error) {
  process.stderr.write(toReport(error).code);
  process.exitCode = 1;
}
