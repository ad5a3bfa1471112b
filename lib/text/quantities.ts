/** Sizes, rates and other broken numbers as the operator's language writes them: German has a decimal comma. */

import { formatBytes, formatRate } from '../format.ts';
import type { Bytes } from '../units.ts';
import type { Language } from '../model/language.ts';

type InLanguage = { readonly language: Language };

/** "1.5 GB", "1,5 GB". */
export function bytesText(bytes: Bytes, { language }: InLanguage): string {
  return pointsIn(language, formatBytes(bytes));
}

/** "12.3 MB/s", "12,3 MB/s". */
export function rateText(bytesPerSecond: number, { language }: InLanguage): string {
  return pointsIn(language, formatRate(bytesPerSecond));
}

/** A number with `digits` digits after its point. */
export function decimalText(value: number, digits: number, { language }: InLanguage): string {
  return pointsIn(language, value.toFixed(digits));
}

/** What stands before the decimals. */
export function decimalMarkIn({ language }: InLanguage): string {
  return pointsIn(language, '.');
}

/** A text of one number that was written with a decimal point ("1.5 GB"), with the mark of `language`. */
export function pointsIn(language: Language, number: string): string {
  return language === 'de' ? number.replace('.', ',') : number;
}
