/** Texts of the login. */

import { bilingual } from './bilingual.ts';

export const login = bilingual({
  en: {
    title: 'Log in',
    user: 'User',
    password: 'Password',
    logIn: 'log in',
    logInHelp: 'Logs in with this user and password.',
    next: 'next field',
    nextHelp: 'Goes to the other field.',
    missing: 'user and password are needed',
    checking: 'One moment ...',
    hint: 'An administrator makes operators with: openclone operator add NAME',
  },
  de: {
    title: 'Anmelden',
    user: 'Benutzer',
    password: 'Kennwort',
    logIn: 'anmelden',
    logInHelp: 'Meldet mit diesem Benutzer und Kennwort an.',
    next: 'nächstes Feld',
    nextHelp: 'Geht ins andere Feld.',
    missing: 'Benutzer und Kennwort werden gebraucht',
    checking: 'Einen Augenblick ...',
    hint: 'Benutzer legt die Verwaltung an: openclone operator add NAME',
  },
});
