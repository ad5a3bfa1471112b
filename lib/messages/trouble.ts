/** What is wrong when a server cannot be reached, and what to do, in every language. */

import { render } from './render.ts';
import {
  ENGLISH_TROUBLE,
  type RemedyPart,
  type TroubleTexts,
  type TroubleWords,
} from './trouble-words.ts';
import type { Trouble } from '../model/trouble.ts';
import type { Language } from '../model/language.ts';

export function troubleIn(language: Language, trouble: Trouble): TroubleWords {
  const detail = render(language, trouble.detail);
  const texts = language === 'en' ? ENGLISH_TROUBLE : GERMAN_TROUBLE;
  return texts[trouble.kind]({ ...trouble, detail });
}

const START: readonly RemedyPart[] = [
  { text: 'Starten, und nachsehen, warum er nicht lief:' },
  { command: 'sudo systemctl start openclone' },
  { command: 'journalctl -u openclone -n 20' },
];
const LOOK: readonly RemedyPart[] = [
  {
    text: 'Auf dem Server nachsehen oder ihn neu starten (was Rechner gerade tun, geht von selbst weiter):',
  },
  { command: 'systemctl status openclone' },
  { command: 'sudo systemctl restart openclone' },
];
const WAIT: RemedyPart = { text: 'Es wird ständig neu versucht.' };

const GERMAN_TROUBLE: TroubleTexts = {
  'no-socket': ({ place }) => ({
    short: 'hier läuft kein Server',
    what: 'Hier läuft kein Server.',
    why: `Es gibt kein ${place}.`,
    remedy: [
      ...START,
      { text: 'Wenn der Server ein anderer Rechner ist:' },
      { command: 'openclone --server ADRESSE' },
    ],
  }),
  'not-allowed': ({ place, account }) => ({
    short: 'kein Recht dazu',
    what: `Sie dürfen ${place} nicht öffnen.`,
    why: 'Mit diesem Server arbeitet nur, wer in der Gruppe openclone ist.',
    remedy: [
      { text: 'Aufgenommen wird man vom Verwalter des Servers:' },
      { command: `sudo usermod -aG openclone ${account}` },
      {
        text: 'Danach ab- und wieder anmelden: eine ältere Anmeldung hat das Recht noch nicht.',
      },
    ],
  }),
  'not-running': ({ place }) => ({
    short: 'der Server läuft nicht',
    what: 'Der Server läuft nicht.',
    why: `An ${place} hört niemand zu.`,
    remedy: START,
  }),
  'not-a-socket': ({ place }) => ({
    short: 'das ist kein Socket eines Servers',
    what: `${place} ist kein Socket eines Servers.`,
    why: 'Es ist eine Datei anderer Art.',
    remedy: [
      { text: 'Den richtigen mit --socket PFAD oder OPENCLONE_SOCKET nennen; gewöhnlich ist es' },
      { command: '/run/openclone/server.sock' },
    ],
  }),
  'path-too-long': ({ place }) => ({
    short: 'so lang kann der Pfad eines Sockets nicht sein',
    what: `${place} kann kein Pfad eines Sockets sein.`,
    why: 'Der Kernel nimmt dort höchstens 107 Zeichen.',
    remedy: [{ text: 'Mit --socket PFAD oder OPENCLONE_SOCKET einen kürzeren nennen.' }],
  }),
  'no-such-name': ({ place }) => ({
    short: 'es gibt keinen Rechner dieses Namens',
    what: `Einen Rechner mit dem Namen ${place.replace(/:\d+$/, '')} gibt es nicht.`,
    why: 'Der Namensdienst kennt keine Adresse dafür.',
    remedy: [{ text: 'Die Schreibweise prüfen oder stattdessen die Adresse nehmen.' }],
  }),
  'no-way': ({ place }) => ({
    short: 'von hier führt kein Weg dorthin',
    what: `Zu ${place} führt von hier kein Weg.`,
    why: 'Das Netz dieses Rechners führt nicht dorthin.',
    remedy: [{ text: 'Adresse, Kabel und Netzeinstellungen dieses Rechners prüfen.' }],
  }),
  'port-closed': ({ place }) => ({
    short: 'dort hört kein Server zu',
    what: `An ${place} hört kein Server zu.`,
    why: 'Der Rechner ist da, aber dieser Port ist zu.',
    remedy: [
      { text: 'Nachsehen, ob der Server dort läuft und welchen Port er hat (gewöhnlich 7077):' },
      { command: 'systemctl status openclone' },
    ],
  }),
  'no-answer': ({ place }) => ({
    short: 'dort antwortet niemand',
    what: `An ${place} antwortet niemand.`,
    why: 'Der Rechner ist aus, die Adresse ist eine andere, oder eine Firewall steht dazwischen.',
    remedy: [{ text: 'Die Adresse prüfen, und ob TCP-Port 7077 für diesen Rechner offen ist.' }],
  }),
  'other-certificate': ({ place, detail }) => ({
    short: 'er zeigt ein anderes Zertifikat als vorher',
    what: `Der Server an ${place} zeigt ein anderes Zertifikat als vorher.`,
    why: `Er wurde neu eingerichtet, oder an seiner Stelle antwortet ein anderer. Er zeigt ${detail}`,
    remedy: [
      {
        text: 'Den Betreuer des Servers fragen. Ist es richtig, die Zeile des Servers aus dieser Datei nehmen:',
      },
      { command: '~/.config/openclone/known-servers.json' },
    ],
  }),
  silent: ({ place }) => ({
    short: 'der Server antwortet nicht',
    what: 'Der Server antwortet nicht.',
    why: `An ${place} wurde die Verbindung angenommen, dann kam nichts mehr.`,
    remedy: LOOK,
  }),
  busy: ({ place }) => ({
    short: 'er nimmt keine weiteren Verbindungen an',
    what: 'Der Server nimmt gerade keine weiteren Verbindungen an.',
    why: `An ${place} sind zu viele offen, oder sie warten dort.`,
    remedy: [{ text: 'Etwas warten, und Oberflächen beenden, die niemand braucht.' }, ...LOOK],
  }),
  'closed-at-once': ({ place }) => ({
    short: 'die Verbindung wurde sofort beendet',
    what: 'Der Server hat die Verbindung sofort beendet.',
    why: `Was an ${place} zuhört, startet oder beendet sich gerade, oder es ist ein anderes Programm.`,
    remedy: LOOK,
  }),
  'other-program': ({ place }) => ({
    short: 'dort antwortet etwas anderes als OpenClone',
    what: `Was an ${place} antwortet, ist nicht OpenClone.`,
    why: 'Ein anderes Programm hat diesen Platz.',
    remedy: [
      {
        text: 'Adresse und Port prüfen (gewöhnlich 7077). Wer dort zuhört, zeigt auf dem Server:',
      },
      { command: 'sudo ss -ltnp' },
    ],
  }),
  'other-version': ({ detail }) => ({
    short: 'er hat eine andere Version von OpenClone',
    what: 'Der Server hat eine andere Version von OpenClone als dieses Programm.',
    why: `Er sagt: ${detail}`,
    remedy: [
      {
        text: 'Wurde der Server gerade erneuert, dieses Programm beenden und neu starten. Sonst das openclone der Version benutzen, die der Server hat.',
      },
    ],
  }),
  unknown: ({ detail }) => ({
    short: 'es ging nicht',
    what: 'Es kommt keine Verbindung zum Server zustande.',
    why: `Das System sagt: ${detail}`,
    remedy: LOOK,
  }),
  'broken-off': ({ place }) => ({
    short: 'die Verbindung ist abgerissen',
    what: 'Die Verbindung zum Server ist abgerissen.',
    why: `Der Server an ${place} wurde beendet, oder das Netz ist weg.`,
    remedy: [WAIT, ...LOOK],
  }),
  'stopped-answering': ({ place }) => ({
    short: 'der Server antwortet nicht mehr',
    what: 'Der Server antwortet nicht mehr.',
    why: `Von ${place} kam eine halbe Minute lang nichts.`,
    remedy: [WAIT, ...LOOK],
  }),
  ended: ({ detail }) => ({
    short: 'der Server hat die Verbindung beendet',
    what: 'Der Server hat die Verbindung beendet.',
    why: `Er sagte: ${detail}`,
    remedy: [WAIT, ...LOOK],
  }),
};
