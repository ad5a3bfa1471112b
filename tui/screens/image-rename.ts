/** Another name for an image. */

import { Name } from '../../lib/model/names.ts';
import { notice, request } from '../actions.ts';
import { formDialog } from '../components/form-dialog.ts';
import { valueOf } from '../values/form.ts';
import { checkWith } from '../components/text-checks.ts';
import { textsOf } from '../text/catalogue.ts';
import type { ScreenStates } from '../screen-states.ts';

export const IMAGE_RENAME = formDialog<ScreenStates['image-rename']>({
  title: ({ name }, { language }) => textsOf(language).images.renameTitle(name),
  label: (_, { language }) => textsOf(language).images.rename,
  checks: {
    text: (text, { imageId }, { images, language }) => {
      const isTaken = images.some(
        ({ id, name }) => id !== imageId && name.toLowerCase() === text.toLowerCase(),
      );
      return checkWith(Name, text) ?? (isTaken ? textsOf(language).images.nameTaken : null);
    },
  },
  submit: ({ form, imageId, name: before }, { language }) => {
    const texts = textsOf(language).images;
    const name = valueOf(form, 'text');
    return [
      request(texts.renaming(before), 'image.rename', { image: imageId, name }, [
        notice(texts.renamed(name)),
      ]),
    ];
  },
});
