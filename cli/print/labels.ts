/** Texts for times, and a dash where there is no value. */

export { formatMoment as formatTime } from '../../lib/format.ts';

/** "-" for what is not known or empty. */
export function orDash(text: string | null): string {
  return text === null || text === '' ? '-' : text;
}
