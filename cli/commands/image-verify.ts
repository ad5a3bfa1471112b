/** openclone image verify */

import { z } from 'zod';
import { ERROR_TREATMENT } from '../../lib/model/error-treatment.ts';
import { withServer } from '../command.ts';
import { defineAction } from '../define-action.ts';
import { FlagInput, NameInput } from '../input.ts';
import { verificationLines } from '../print/images.ts';

const { exitStatus: damagedStatus } = ERROR_TREATMENT['image-damaged'];

export const imageVerify = defineAction({
  input: z.object({ image: NameInput, allVersions: FlagInput }),
  run: (context, { image, allVersions }) =>
    withServer(context, async (client) => {
      const verifications = await client.call('image.verify', { image, allVersions });
      const sound = verifications.every(({ problems }) => problems.length === 0);
      return {
        text:
          context.output.quiet && sound
            ? []
            : verificationLines(context.output.texts, image, verifications),
        json: verifications,
        exitStatus: sound ? 0 : damagedStatus,
      };
    }),
});
