/** The image that an operation names. */

import type { Image } from '../../../lib/model/image.ts';
import type { Model } from '../../model.ts';

/** By id or name. */
export function imageNamed(reference: string, { images }: Pick<Model, 'images'>): Image | null {
  return images.find(({ id, name }) => id === reference || name === reference) ?? null;
}
