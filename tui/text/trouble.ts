/** Texts of the screen that shows that a server cannot be reached. */

import { bilingual } from '../../lib/text/bilingual.ts';

export const noServer = bilingual({
  en: {
    title: 'no server',
    waitingTitle: 'connecting',
    connectingTo: (place: string) => `Connecting to the server at ${place} ...`,
    noAnswerFor: (ago: string) => `No answer for ${ago}.`,
    givenUpLater:
      'Each attempt is given up after 10 s; then it is said what to look at, and tried again.',
    answeredBut: (server: string) =>
      `The server ${server} has answered, but told nothing of itself yet.`,
    nothingFor: (ago: string) => `Nothing for ${ago}.`,
    isBusy:
      'It may be very busy. r connects again; on the server, `systemctl status openclone` says how it is.',
    tryingAgain: (ago: string) => `It is tried again all the time (for ${ago} so far).`,
    tryNow: 'try now',
    tryNowHelp: 'Gives up the attempt under way and tries at once; it is tried again anyhow.',
    tried: 'Tried again.',
    elsewhere: 'log in over the network',
    elsewhereHelp:
      'Asks for the name or address of a server and goes there; its port is 7077 unless you add one (cloner:7078).',
    elsewhereTitle: 'A server on the network',
    elsewherePrompt: 'Server',
    goThere: 'go there',
    badServer: 'a name or an address, and a port if it is not 7077: cloner, cloner:7078',
  },
  de: {
    title: 'kein Server',
    waitingTitle: 'Verbindungsaufbau',
    connectingTo: (place) => `Verbindung zum Server an ${place} wird aufgebaut ...`,
    noAnswerFor: (ago) => `Seit ${ago} keine Antwort.`,
    givenUpLater:
      'Ein Versuch endet nach 10 s; dann steht hier, wo man nachsehen kann, und es wird neu versucht.',
    answeredBut: (server) =>
      `Der Server ${server} hat geantwortet, aber noch nichts von sich gesagt.`,
    nothingFor: (ago) => `Seit ${ago} nichts.`,
    isBusy:
      'Vielleicht ist er sehr beschäftigt. r verbindet neu; auf dem Server sagt `systemctl status openclone`, wie es ihm geht.',
    tryingAgain: (ago) => `Es wird ständig neu versucht (seit ${ago}).`,
    tryNow: 'jetzt versuchen',
    tryNowHelp:
      'Bricht den laufenden Versuch ab und versucht es sofort neu; neu versucht wird ohnehin.',
    tried: 'Noch einmal versucht.',
    elsewhere: 'über das Netz anmelden',
    elsewhereHelp:
      'Fragt nach Name oder Adresse eines Servers und geht dorthin; Port 7077, wenn keiner dabeisteht (cloner:7078).',
    elsewhereTitle: 'Ein Server im Netz',
    elsewherePrompt: 'Server',
    goThere: 'dorthin',
    badServer: 'ein Name oder eine Adresse, dazu ein Port, wenn nicht 7077: cloner, cloner:7078',
  },
});
