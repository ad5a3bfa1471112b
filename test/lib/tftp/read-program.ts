/** Reads from the namespace it is started in: its one argument is JSON; it prints size and beginning, or the error. */

import { z } from 'zod';
import { toReport } from '../../../lib/errors.ts';
import { readTftp } from '../../../lib/tftp/read-tftp.ts';

const File = z.object({ host: z.string(), path: z.string(), mostBytes: z.number() });

try {
  const bytes = await readTftp({
    ...File.parse(JSON.parse(process.argv[2] ?? '')),
    timeoutMs: 200,
  });
  process.stdout.write(`${bytes.length} ${bytes.toString('latin1', 0, 10)}`);
} catch (error) {
  process.stdout.write(toReport(error).code);
}
