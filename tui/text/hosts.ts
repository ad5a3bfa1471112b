/** Texts of the host list. */

import { bilingual } from './bilingual.ts';

export const hosts = bilingual({
  en: {
    title: 'Hosts',
    name: 'NAME',
    state: 'STATE',
    group: 'GROUP',
    address: 'ADDRESS',
    mac: 'MAC',
    disks: 'DISKS',
    seen: 'LAST SEEN',
    shown: (shown: number, all: number, marked: number) =>
      `${shown} of ${all} hosts${marked === 0 ? '' : `, ${marked} marked`}`,
    filterIs: (filter: string) => `filter: ${filter}`,
    empty: 'No hosts.',
    emptyHint: 'Boot one from the network, or enter one with n.',
    mark: 'mark',
    markHelp: 'Marks the host under the cursor for the actions, or unmarks it.',
    markAll: 'mark all',
    markAllHelp: 'Marks all hosts that are shown, or none if all are.',
    filter: 'filter',
    filterHelp: 'Shows only hosts with this text in name, address, MAC, group or state.',
    sort: 'sort',
    sortHelp: 'Sorts by the next column.',
  },
  de: {
    title: 'Rechner',
    name: 'NAME',
    state: 'ZUSTAND',
    group: 'GRUPPE',
    address: 'ADRESSE',
    mac: 'MAC',
    disks: 'PLATTEN',
    seen: 'ZULETZT DA',
    shown: (shown, all, marked) =>
      `${shown} von ${all} Rechnern${marked === 0 ? '' : `, ${marked} markiert`}`,
    filterIs: (filter) => `Filter: ${filter}`,
    empty: 'Keine Rechner.',
    emptyHint: 'Einen vom Netz starten oder mit n eintragen.',
    mark: 'markieren',
    markHelp: 'Markiert den Rechner unter dem Cursor für die Aktionen oder hebt das auf.',
    markAll: 'alle',
    markAllHelp: 'Markiert alle gezeigten Rechner, oder keinen, wenn es schon alle sind.',
    filter: 'filtern',
    filterHelp: 'Zeigt nur Rechner mit diesem Text in Name, Adresse, MAC, Gruppe oder Zustand.',
    sort: 'sortieren',
    sortHelp: 'Sortiert nach der nächsten Spalte.',
  },
});
