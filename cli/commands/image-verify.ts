/** openclone image verify */

import { z } from 'zod';
import { ERROR_TREATMENT } from '../../lib/model/error-report.ts';
import { defineCommand, withServer } from '../command.ts';
import { FlagInput, NameInput } from '../input.ts';
import { IMAGE_ARGUMENT } from '../options.ts';
import { verificationLines } from '../print/images.ts';

const { exitStatus: damagedStatus } = ERROR_TREATMENT['image-damaged'];

export const imageVerify = defineCommand({
  path: 'image verify',
  summary: 'read every file of an image and compare its hash',
  details: `Ends with exit status ${damagedStatus} when something is wrong with a version.`,
  arguments: [IMAGE_ARGUMENT],
  options: [{ flags: '--all-versions', help: 'all versions, not only the newest' }],
  input: z.object({ image: NameInput, allVersions: FlagInput }),
  run: (context, { image, allVersions }) =>
    withServer(context, async (client) => {
      const verifications = await client.call('image.verify', { image, allVersions });
      const sound = verifications.every(({ problems }) => problems.length === 0);
      return {
        text: context.screen.quiet && sound ? [] : verificationLines(image, verifications),
        json: verifications,
        exitStatus: sound ? 0 : damagedStatus,
      };
    }),
});
