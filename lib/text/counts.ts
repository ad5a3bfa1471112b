/** How many hosts did not do what was asked, and by whose doing. */

export type Undone = { readonly failed: number; readonly cancelled: number };

/** ", 2 failed, 1 cancelled"; empty when there is none. */
export function undoneIn(
  { failed, cancelled }: Undone,
  words: Readonly<Record<keyof Undone, string>>,
): string {
  return [
    failed === 0 ? '' : `, ${failed} ${words.failed}`,
    cancelled === 0 ? '' : `, ${cancelled} ${words.cancelled}`,
  ].join('');
}

export const UNDONE_WORDS = {
  en: { failed: 'failed', cancelled: 'cancelled' },
  de: { failed: 'fehlgeschlagen', cancelled: 'abgebrochen' },
} as const;
