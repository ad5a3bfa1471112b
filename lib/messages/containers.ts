/** What a disk or a partition belongs to, or has in it, by libblkid's name of it. */

import { isContainerType } from '../filesystems/containers.ts';
import type { Language } from '../model/language.ts';
import { containers as german } from './de/containers.ts';
import { containers as english } from './en/containers.ts';

/** `isSet`: of a type that is not known here, whether libblkid takes it for a part of something larger. */
export function containerText(language: Language, type: string, isSet = false): string {
  const { names, set, filesystem } = language === 'en' ? english : german;
  if (isContainerType(type)) return names[type];
  // Words of an older program: no type has a space in it.
  if (type.includes(' ')) return type;
  return isSet ? set(type) : filesystem(type);
}
