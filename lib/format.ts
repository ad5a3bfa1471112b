/** Quantities and times as people read them; nothing here is parsed again. */

import type { Bytes } from './units.ts';

const DECIMAL_UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];

/** "1.5 GB": decimal units, three significant digits. */
export function formatBytes(bytes: Bytes): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < DECIMAL_UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return `${value.toFixed(digits)} ${DECIMAL_UNITS[unit] ?? ''}`;
}

/** "12.3 MB/s". */
export function formatRate(bytesPerSecond: number): string {
  return `${formatBytes(bytesPerSecond)}/s`;
}

/** "45 s", "3:07 min", "2:05:09 h". */
export function formatDuration(elapsedMs: number): string {
  const seconds = Math.max(0, Math.round(elapsedMs / 1000));
  if (seconds < 60) return `${seconds} s`;
  const two = (value: number): string => String(value).padStart(2, '0');
  if (seconds < 3600) return `${Math.floor(seconds / 60)}:${two(seconds % 60)} min`;
  const minutes = Math.floor(seconds / 60);
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)} h`;
}

/** "2026-11-21 08:00" in the local time zone. */
export function formatMoment(timestamp: string): string {
  const time = new Date(timestamp);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())} ${two(time.getHours())}:${two(time.getMinutes())}`;
}

/** "42 %", never 100 % before everything is done. */
export function formatPercent(done: number, total: number): string {
  if (total <= 0) return '0 %';
  const percent = Math.floor((done / total) * 100);
  return `${Math.min(done < total ? 99 : 100, Math.max(0, percent))} %`;
}

/** Removes what a terminal would act on: names and texts can come from the network. */
export function printable(text: string): string {
  return text.replace(
    /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g,
    '\u00b7',
  );
}

/** C1 controls and DEL, what turns the direction of writing, and line breaks that are none in JSON. */
const ACTIVE = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** JSON that no terminal acts on: what JSON leaves as it is, and terminals or eyes would follow, is escaped. */
export function quietJson(json: string): string {
  return json.replace(ACTIVE, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
