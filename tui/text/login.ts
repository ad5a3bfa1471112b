/** Texts of the login. */

import { bilingual } from '../../lib/text/bilingual.ts';

export const login = bilingual({
  en: {
    title: 'Log in',
    heading: (server: string) => `OpenClone on ${server}`,
    loggingIn: 'logging in',
    user: 'User',
    password: 'Password',
    logIn: 'log in',
    logInHelp: 'Logs in with this user and password.',
    next: 'next field',
    nextHelp: 'Goes to the other field.',
    missing: 'user and password are needed',
    checking: 'One moment ...',
    hint: 'New operators, on the server: openclone operator add NAME',
    contacting: (server: string) => `Connecting to ${server} ... (Ctrl-C gives up)`,
    unknownServer: (server: string, fingerprint: string) =>
      `The server ${server} is not known yet. The fingerprint (SHA-256) of its certificate is\n  ${fingerprint}`,
    isItRight: 'Is this the one that the server itself shows? (yes/no)',
    yesWords: 'yes',
    fingerprintHint:
      'On the server: openssl x509 -noout -fingerprint -sha256 -in /var/lib/openclone/tls/server.crt',
  },
  de: {
    title: 'Anmelden',
    heading: (server) => `OpenClone auf ${server}`,
    loggingIn: 'Anmeldung',
    user: 'Benutzer',
    password: 'Kennwort',
    logIn: 'anmelden',
    logInHelp: 'Meldet mit diesem Benutzer und Kennwort an.',
    next: 'nächstes Feld',
    nextHelp: 'Geht ins andere Feld.',
    missing: 'Benutzer und Kennwort werden gebraucht',
    checking: 'Einen Augenblick ...',
    hint: 'Neue Benutzer, am Server: openclone operator add NAME',
    contacting: (server) => `Verbindung zu ${server} wird aufgebaut ... (Strg-C gibt auf)`,
    unknownServer: (server, fingerprint) =>
      `Der Server ${server} ist noch nicht bekannt. Der Fingerabdruck (SHA-256) seines Zertifikats ist\n  ${fingerprint}`,
    isItRight: 'Ist es der, den der Server selbst zeigt? (ja/nein)',
    yesWords: 'ja yes',
    fingerprintHint:
      'Auf dem Server: openssl x509 -noout -fingerprint -sha256 -in /var/lib/openclone/tls/server.crt',
  },
});
