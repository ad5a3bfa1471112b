/** Texts about a server that cannot be reached, for somebody who stands before the machine. */

import { bilingual } from '../../../lib/text/bilingual.ts';

export const problems = bilingual({
  en: {
    notListening: (server: string) =>
      `The machine at ${server} answers, but no OpenClone server listens there.`,
    noNetwork: 'This host has no network address, or no way to the server.',
    noAnswer: (server: string) => `The server at ${server} does not answer.`,
    unknownName: (server: string) => `The name of the server (${server}) is not known here.`,
    brokenOff: 'The server broke the connection off.',
    otherCertificate:
      'connecting to the server: it has another certificate than the one this engine was given',
    other: (text: string) => `The connection failed: ${text}`,
    checks: {
      status: 'On the server: systemctl status openclone',
      log: 'On the server: systemctl status openclone, and journalctl -u openclone',
      firewall: (port: string) => `Does the server's firewall let TCP port ${port} through?`,
      cable: 'Is the network cable in, and does its light burn?',
      dhcp: 'Does the DHCP server answer?',
      power: 'Is the server switched on?',
      address: 'Name the server by its address.',
      build: 'Is it the right server? Then build the root file system of the hosts again.',
    },
  },
  de: {
    notListening: (server) =>
      `Der Rechner an ${server} antwortet, aber dort hört kein OpenClone-Server zu.`,
    noNetwork: 'Dieser Rechner hat keine Netzadresse oder keinen Weg zum Server.',
    noAnswer: (server) => `Der Server an ${server} antwortet nicht.`,
    unknownName: (server) => `Der Name des Servers (${server}) ist hier nicht bekannt.`,
    brokenOff: 'Der Server hat die Verbindung abgebrochen.',
    otherCertificate: 'Der Server zeigt ein anderes Zertifikat als das, das diese Engine kennt.',
    other: (text) => `Die Verbindung schlug fehl: ${text}`,
    checks: {
      status: 'Auf dem Server: systemctl status openclone',
      log: 'Auf dem Server: systemctl status openclone, und journalctl -u openclone',
      firewall: (port) => `Lässt die Firewall des Servers TCP-Port ${port} durch?`,
      cable: 'Steckt das Netzkabel, und leuchtet sein Licht?',
      dhcp: 'Antwortet der DHCP-Server?',
      power: 'Ist der Server eingeschaltet?',
      address: 'Den Server mit seiner Adresse nennen.',
      build: 'Ist es der richtige Server? Dann das Netzsystem der Rechner neu bauen.',
    },
  },
});
