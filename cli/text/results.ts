/** What a command says when it has done something. */

import { bilingual } from '../../lib/text/bilingual.ts';

export const results = bilingual({
  en: {
    groupDeleted: (group: string) => `deleted the group ${group}`,
    hostDeleted: (host: string) => `deleted the host ${host}`,
    hostCleared: (host: string) => `${host} boots from its disk again`,
    nextMachine: (host: string) => `${host} is the machine that comes next from now on`,
    acceptedMachine: (host: string, serial: string) =>
      `${host} is the machine with serial number ${serial} from now on`,
    imageDeleted: (image: string) => `deleted the image ${image}`,
    imageProtected: (image: string) => `protected the image ${image}`,
    imageUnprotected: (image: string) => `took the protection from the image ${image}`,
    imageRenamed: (before: string, after: string) => `renamed the image ${before} to ${after}`,
    operatorAdded: (name: string) => `added the operator ${name}`,
    passwordSet: (name: string) => `the operator ${name} has a new password`,
    operatorDeleted: (name: string) => `deleted the operator ${name}`,
  },
  de: {
    groupDeleted: (group) => `Gruppe ${group} gelöscht`,
    hostDeleted: (host) => `Rechner ${host} gelöscht`,
    hostCleared: (host) => `${host} startet wieder von seiner Platte`,
    nextMachine: (host) => `${host} ist von jetzt an das Gerät, das als nächstes kommt`,
    acceptedMachine: (host, serial) =>
      `${host} ist von jetzt an das Gerät mit Seriennummer ${serial}`,
    imageDeleted: (image) => `Abbild ${image} gelöscht`,
    imageProtected: (image) => `Abbild ${image} geschützt`,
    imageUnprotected: (image) => `Abbild ${image} ist nicht mehr geschützt`,
    imageRenamed: (before, after) => `Abbild ${before} heißt jetzt ${after}`,
    operatorAdded: (name) => `Benutzer ${name} angelegt`,
    passwordSet: (name) => `Benutzer ${name} hat ein neues Kennwort`,
    operatorDeleted: (name) => `Benutzer ${name} gelöscht`,
  },
});
