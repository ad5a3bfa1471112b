/** How an image is compressed, as a field of a form. */

import { Compression } from '../../../lib/model/image.ts';
import type { Model } from '../../model.ts';
import { textsOf } from '../../text/catalogue.ts';
import { choiceField, type Field } from '../../values/form.ts';

/** `chosen` null: the first one. */
export function compressionField(
  chosen: Compression | null,
  { language }: Pick<Model, 'language'>,
): Field {
  const { compression, compressionNames } = textsOf(language).capture;
  const choices = Compression.options.map((value) => ({
    value,
    label: compressionNames[value],
    disabledReason: null,
  }));
  return choiceField('compression', compression, choices, chosen);
}
