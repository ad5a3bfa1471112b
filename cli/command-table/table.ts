/** All commands, in the order of the help: what they are called and take; what each does is in its file. */

import type { Command } from '../command.ts';
import type { HelpTexts } from '../text/help/catalogue.ts';
import { hostCommands } from './hosts.ts';
import { groupCommands, imageCommands } from './images.ts';
import { programCommands, serverCommands } from './server.ts';
import { jobCommands } from './jobs.ts';
import { operatorCommands, taskCommands } from './tasks.ts';
import { workCommands } from './work.ts';

/** With their help in the language of `texts`. */
export function commandTable(texts: HelpTexts): readonly Command[] {
  return [
    ...workCommands(texts),
    ...hostCommands(texts),
    ...groupCommands(texts),
    ...imageCommands(texts),
    ...taskCommands(texts),
    ...jobCommands(texts),
    ...operatorCommands(texts),
    ...serverCommands(texts),
    ...programCommands(texts),
  ];
}
