/** openclone doctor */

import { z } from 'zod';
import { run } from '../../lib/exec/run.ts';
import { SITE_FILE } from '../../lib/model/site-file.ts';
import { DEFAULT_SOCKET } from '../../lib/protocol/version.ts';
import { defineAction } from '../define-action.ts';
import { Block } from '../display.ts';
import { CHECKS } from '../doctor/checks/table.ts';
import { exitStatusFor } from '../doctor/exit-status.ts';
import { runChecks } from '../doctor/run-checks.ts';
import { FlagInput } from '../input.ts';
import { doctorJson, doctorLines } from '../print/doctor.ts';

export const doctor = defineAction({
  input: z.object({
    site: z.string().min(1).default(SITE_FILE),
    data: z.string().min(1).default('/var/lib/openclone'),
    long: FlagInput,
  }),
  run: async (context, { site, data, long }) => {
    const { output } = context;
    const block = output.live && !output.json && !output.quiet ? new Block(output) : null;
    const results = await runChecks(
      {
        run,
        isRoot: process.getuid?.() === 0,
        long,
        dataDirectory: data,
        socketPath: context.namedSocket ?? DEFAULT_SOCKET,
        connect: () => context.connect(),
      },
      site,
      CHECKS,
      (done, total) => block?.draw([output.texts.doctor.checksDone(done, total)]),
    );
    block?.draw([]);
    const exitStatus = exitStatusFor(results);
    return {
      // Programs that read it get whole lines.
      text: doctorLines(output.texts, results, output.live ? output.size().columns : null),
      json: { exitStatus, checks: doctorJson(results) },
      exitStatus,
    };
  },
});
