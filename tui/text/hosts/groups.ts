/** Texts of a group as tiles. */

import { bilingual } from '../../../lib/text/bilingual.ts';
import { countedHosts, countedHostsInGerman } from './counted.ts';

export const hostGroups = bilingual({
  en: {
    tilesTitle: (name: string, at: number, all: number) =>
      `Tiles: ${name}${all > 1 ? ` (${at}/${all})` : ''}`,
    tilesCount: (count: number, marked: number) =>
      `${countedHosts(count)}${marked === 0 ? '' : `, ${marked} marked`}`,
    noHostsHere: 'No hosts here.',
    nextGroup: 'next group',
    nextGroupHelp: 'Shows the next group; with Shift the one before.',
    previousGroup: 'previous group',
    previousGroupHelp: 'Shows the group before.',
    noOtherGroup: 'there is no other group',
  },
  de: {
    tilesTitle: (name, at, all) => `Kacheln: ${name}${all > 1 ? ` (${at}/${all})` : ''}`,
    tilesCount: (count, marked) =>
      `${countedHostsInGerman(count)}${marked === 0 ? '' : `, ${marked} markiert`}`,
    noHostsHere: 'Hier sind keine Rechner.',
    nextGroup: 'nächste Gruppe',
    nextGroupHelp: 'Zeigt die nächste Gruppe; mit Umschalt die davor.',
    previousGroup: 'vorige Gruppe',
    previousGroupHelp: 'Zeigt die Gruppe davor.',
    noOtherGroup: 'es gibt keine andere Gruppe',
  },
});
