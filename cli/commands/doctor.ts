/** openclone doctor */

import { z } from 'zod';
import { run } from '../../lib/exec/run.ts';
import { SITE_FILE } from '../../lib/model/site.ts';
import { DEFAULT_SOCKET } from '../../lib/protocol/version.ts';
import { defineCommand } from '../command.ts';
import { Block } from '../display.ts';
import { CHECKS } from '../doctor/checks/table.ts';
import { examine } from '../doctor/examine.ts';
import { DOCTOR_STATUS, exitStatusFor } from '../doctor/verdict.ts';
import { FlagInput } from '../input.ts';
import { doctorLines } from '../print/doctor.ts';

export const doctor = defineCommand({
  path: 'doctor',
  summary: 'check this server as the hosts see it, and say what to do about what is wrong',
  details:
    'Asks for DHCP as a booting host does (and takes no lease), reads boot files, tries the services, ' +
    'the network and the disks of this machine. As root it sees more.\n\n' +
    `Exit status: 0 nothing is wrong, ${DOCTOR_STATUS.warning} warnings only, ${DOCTOR_STATUS.failure} something is wrong.`,
  options: [
    { flags: '--site <file>', help: `how the server serves its rooms (default: ${SITE_FILE})` },
    { flags: '--data <directory>', help: "the server's data (default: /var/lib/openclone)" },
    { flags: '--long', help: 'also what takes minutes: listen for an IGMP querier' },
  ],
  input: z.object({
    site: z.string().min(1).default(SITE_FILE),
    data: z.string().min(1).default('/var/lib/openclone'),
    long: FlagInput,
  }),
  run: async (context, { site, data, long }) => {
    const { screen } = context;
    const block = screen.live && !screen.json && !screen.quiet ? new Block(screen) : null;
    const examinations = await examine(
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
      (done, total) => block?.draw([`${done} of ${total} checks done`]),
    );
    block?.draw([]);
    const exitStatus = exitStatusFor(examinations);
    return {
      text: doctorLines(examinations),
      json: { exitStatus, checks: examinations },
      exitStatus,
    };
  },
});
