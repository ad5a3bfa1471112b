/** Texts of a group as tiles. */

import { bilingual } from '../../../lib/text/bilingual.ts';
import { countedHosts, countedHostsInGerman } from './counted.ts';

export const hostGroups = bilingual({
  en: {
    roomTitle: (name: string, at: number, all: number) =>
      `Room: ${name}${all > 1 ? ` (${at}/${all})` : ''}`,
    inRoom: (count: number, marked: number) =>
      `${countedHosts(count)}${marked === 0 ? '' : `, ${marked} marked`}`,
    noHostsHere: 'No hosts here.',
    nextRoom: 'next room',
    nextRoomHelp: 'Shows the next group; with Shift the one before.',
    previousRoom: 'previous room',
    previousRoomHelp: 'Shows the group before.',
    onlyRoom: 'there is no other group',
  },
  de: {
    roomTitle: (name, at, all) => `Raum: ${name}${all > 1 ? ` (${at}/${all})` : ''}`,
    inRoom: (count, marked) =>
      `${countedHostsInGerman(count)}${marked === 0 ? '' : `, ${marked} markiert`}`,
    noHostsHere: 'Hier sind keine Rechner.',
    nextRoom: 'nächster Raum',
    nextRoomHelp: 'Zeigt die nächste Gruppe; mit Umschalt die davor.',
    previousRoom: 'voriger Raum',
    previousRoomHelp: 'Zeigt die Gruppe davor.',
    onlyRoom: 'es gibt keine andere Gruppe',
  },
});
