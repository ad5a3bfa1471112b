/** What the help says of the commands about groups and images. */

import { bilingual } from '../../../lib/text/bilingual.ts';

export const images = bilingual({
  en: {
    list: { summary: 'list the images' },
    show: {
      summary: 'show an image: its disk, partitions and versions',
      byHand: 'print a shell script that restores the newest version without OpenClone',
    },
    layout: {
      summary: 'show where an image would go on the disk of a host, or why it does not fit',
      details:
        'Nothing is written: the disk is taken as the host told of it when its engine started last.',
    },
    verify: {
      summary: 'read every file of an image and compare its hash',
      details: (exitStatus: number) =>
        `Ends with exit status ${exitStatus} when something is wrong with a version.`,
      allVersions: 'all versions, not only the newest',
    },
    rename: { summary: 'give an image another name', newName: 'its new name' },
    protect: { summary: 'keep an image from being deleted or captured again' },
    unprotect: { summary: 'let an image be deleted and captured again' },
    delete: { summary: 'delete an image with all its versions' },
  },
  de: {
    list: { summary: 'die Abbilder auflisten' },
    show: {
      summary: 'ein Abbild zeigen: seine Platte, Partitionen und Versionen',
      byHand: 'ein Shell-Skript ausgeben, das die neueste Version ohne OpenClone zurückspielt',
    },
    layout: {
      summary:
        'zeigen, wohin ein Abbild auf der Platte eines Rechners käme, oder warum es nicht passt',
      details:
        'Geschrieben wird nichts: Es gilt, was der Rechner beim letzten Start der Engine von der Platte gesagt hat.',
    },
    verify: {
      summary: 'jede Datei eines Abbilds lesen und ihre Prüfsumme vergleichen',
      details: (exitStatus) =>
        `Endet mit dem Rückgabewert ${exitStatus}, wenn mit einer Version etwas nicht stimmt.`,
      allVersions: 'alle Versionen, nicht nur die neueste',
    },
    rename: { summary: 'einem Abbild einen anderen Namen geben', newName: 'sein neuer Name' },
    protect: { summary: 'ein Abbild davor schützen, gelöscht oder neu aufgenommen zu werden' },
    unprotect: { summary: 'erlauben, dass ein Abbild gelöscht oder neu aufgenommen wird' },
    delete: { summary: 'ein Abbild mit allen Versionen löschen' },
  },
});

export const groups = bilingual({
  en: {
    list: { summary: 'list the groups' },
    show: { summary: 'show a group and its hosts' },
    create: { summary: 'make a group, mostly a room', name: 'its name' },
    edit: {
      summary: 'rename a group, or change which hosts are in it',
      name: 'its new name',
      remove: 'hosts to take out of it',
    },
    delete: { summary: 'delete a group; its hosts stay, without a group' },
    hosts: 'hosts to put into it; they leave the group they are in',
  },
  de: {
    list: { summary: 'die Gruppen auflisten' },
    show: { summary: 'eine Gruppe und ihre Rechner zeigen' },
    create: { summary: 'eine Gruppe anlegen, meist einen Raum', name: 'ihr Name' },
    edit: {
      summary: 'eine Gruppe umbenennen, oder ändern, welche Rechner darin sind',
      name: 'ihr neuer Name',
      remove: 'Rechner, die sie verlassen',
    },
    delete: { summary: 'eine Gruppe löschen; ihre Rechner bleiben, ohne Gruppe' },
    hosts: 'Rechner, die hineinkommen; sie verlassen ihre bisherige Gruppe',
  },
});
