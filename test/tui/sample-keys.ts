/** A model and keys for the parts that screens are made of. */

import { newModel, type Model } from '../../tui/model.ts';

export const MODEL: Model = newModel({
  area: { left: 0, top: 0, width: 80, height: 24 },
  unicode: true,
  language: 'en',
  now: 0,
  operator: 'anna',
});

export const key = (name: string): { name: string; text: string | null } => ({
  name,
  text: name.length === 1 ? name : name === 'space' ? ' ' : null,
});
