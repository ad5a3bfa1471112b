/** Operators' calls about what hosts boot. */

import { OperatorError } from '../../lib/errors.ts';
import type { Handlers } from '../../lib/protocol/contract.ts';
import type { BOOT_METHODS } from '../../lib/protocol/operator-api/settings.ts';
import type { Caller } from './caller.ts';
import type { ApiContext } from './context.ts';

export function bootHandlers({
  bootFiles,
}: Pick<ApiContext, 'bootFiles'>): Handlers<typeof BOOT_METHODS, [Caller]> {
  return {
    'boot.refresh': async () => {
      if (bootFiles === null) {
        throw new OperatorError({
          code: 'not-allowed',
          message:
            'writing the boot files: this server was started without a site and boots no hosts',
          hint: 'Start it with --site FILE, as the installed service does.',
        });
      }
      await bootFiles.refresh();
      return { build: bootFiles.build, problems: bootFiles.problems };
    },
  };
}
