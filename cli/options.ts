/** Arguments and options that several commands have, described once. */

import type { ArgumentHelp, OptionHelp } from './command.ts';
import type { HelpTexts } from './text/help/catalogue.ts';

export type SharedOptions = {
  readonly host: ArgumentHelp;
  readonly image: ArgumentHelp;
  readonly group: ArgumentHelp;
  readonly operator: ArgumentHelp;
  readonly task: ArgumentHelp;
  readonly targets: ArgumentHelp;
  readonly to: OptionHelp;
  readonly disk: OptionHelp;
  readonly then: OptionHelp;
  readonly detach: OptionHelp;
  readonly wake: OptionHelp;
  readonly until: OptionHelp;
  readonly yes: OptionHelp;
  readonly secrets: readonly OptionHelp[];
};

/** With what the help of a language says of them. */
export function sharedOptions({ general }: HelpTexts): SharedOptions {
  return {
    host: { syntax: '<host>', help: general.hostArgument },
    image: { syntax: '<image>', help: general.imageArgument },
    group: { syntax: '<group>', help: general.groupArgument },
    operator: { syntax: '<name>', help: general.operatorArgument },
    task: { syntax: '<id>', help: general.taskArgument },
    targets: { syntax: '<targets...>', help: general.targets },
    to: { flags: '--to <target...>', help: general.to, mandatory: true },
    disk: { flags: '--disk <disk>', help: general.disk },
    then: { flags: '--then <what>', help: general.then },
    detach: { flags: '--detach', help: general.detach },
    wake: { flags: '--wake', help: general.wake },
    until: { flags: '--until <when>', help: general.until },
    yes: { flags: '-y, --yes', help: general.yes },
    secrets: [
      { flags: '--password-stdin', help: general.passwordStdin },
      { flags: '--hash-stdin', help: general.hashStdin },
    ],
  };
}
