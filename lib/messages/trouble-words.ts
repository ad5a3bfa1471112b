/** What is said of a server that cannot be reached, and what to do about it: the English of it. */

import type { Trouble, TroubleKind } from '../model/trouble.ts';

/** A sentence, or a command to be typed as it is. */
export type RemedyPart =
  | { readonly text: string; readonly command?: never }
  | { readonly command: string; readonly text?: never };

export type TroubleWords = {
  /** For the middle of a line. */
  readonly short: string;
  /** What is wrong, a sentence. */
  readonly what: string;
  readonly why: string;
  readonly remedy: readonly RemedyPart[];
};

/** `detail` is in the language of the text already, where it has a text in it. */
type Presented = Pick<Trouble, 'place' | 'account'> & { readonly detail: string };

export type TroubleTexts = Readonly<Record<TroubleKind, (trouble: Presented) => TroubleWords>>;

const START: readonly RemedyPart[] = [
  { text: 'Start it, and see why it was not running:' },
  { command: 'sudo systemctl start openclone' },
  { command: 'journalctl -u openclone -n 20' },
];
const LOOK: readonly RemedyPart[] = [
  { text: 'On the server, see how it is, or restart it (hosts at work go on by themselves):' },
  { command: 'systemctl status openclone' },
  { command: 'sudo systemctl restart openclone' },
];
const WAIT: RemedyPart = { text: 'It is tried again all the time.' };

export const ENGLISH_TROUBLE: TroubleTexts = {
  'no-socket': ({ place }) => ({
    short: 'no server is running here',
    what: 'No server is running here.',
    why: `There is no ${place}.`,
    remedy: [
      ...START,
      { text: 'If the server is another machine:' },
      { command: 'openclone --server ADDRESS' },
    ],
  }),
  'not-allowed': ({ place, account }) => ({
    short: 'you may not open it',
    what: `You may not open ${place}.`,
    why: 'Only members of the group openclone work with this server.',
    remedy: [
      { text: 'An administrator adds you:' },
      { command: `sudo usermod -aG openclone ${account}` },
      { text: 'Then log out and in again: a login that began before has not got the right.' },
    ],
  }),
  'not-running': ({ place }) => ({
    short: 'the server is not running',
    what: 'The server is not running.',
    why: `Nobody listens at ${place}.`,
    remedy: START,
  }),
  'not-a-socket': ({ place }) => ({
    short: 'that is not the socket of a server',
    what: `${place} is not the socket of a server.`,
    why: 'It is a file of another kind.',
    remedy: [
      { text: 'Name the right one by --socket PATH or OPENCLONE_SOCKET; usually it is' },
      { command: '/run/openclone/server.sock' },
    ],
  }),
  'path-too-long': ({ place }) => ({
    short: 'the path of a socket cannot be so long',
    what: `${place} cannot be the path of a socket.`,
    why: 'The kernel takes at most 107 characters there.',
    remedy: [{ text: 'Name a shorter path by --socket PATH or OPENCLONE_SOCKET.' }],
  }),
  'no-such-name': ({ place }) => ({
    short: 'there is no machine of that name',
    what: `There is no machine of the name ${place.replace(/:\d+$/, '')}.`,
    why: 'The name service knows no address for it.',
    remedy: [{ text: 'Check how it is written, or use its address instead.' }],
  }),
  'no-way': ({ place }) => ({
    short: 'there is no way to it from here',
    what: `There is no way to ${place} from here.`,
    why: 'The network of this machine does not lead there.',
    remedy: [{ text: 'Check the address, and the cable and network settings of this machine.' }],
  }),
  'port-closed': ({ place }) => ({
    short: 'no server listens there',
    what: `No server listens at ${place}.`,
    why: 'The machine is there, but this port is closed.',
    remedy: [
      { text: 'See whether the server runs there, and which port it has (7077 unless changed):' },
      { command: 'systemctl status openclone' },
    ],
  }),
  'no-answer': ({ place }) => ({
    short: 'nobody answers there',
    what: `Nobody answers at ${place}.`,
    why: 'The machine is off, the address is another one, or a firewall is between.',
    remedy: [{ text: 'Check the address, and whether TCP port 7077 is open for this machine.' }],
  }),
  'other-certificate': ({ place, detail }) => ({
    short: 'it shows another certificate than before',
    what: `The server at ${place} shows another certificate than before.`,
    why: `Either it was set up again, or another machine answers in its place. It shows ${detail}`,
    remedy: [
      { text: 'Ask the person who runs it. If it is right, remove its line from this file:' },
      { command: '~/.config/openclone/known-servers.json' },
    ],
  }),
  silent: ({ place }) => ({
    short: 'it does not answer',
    what: 'The server does not answer.',
    why: `At ${place} the connection was taken, and then nothing was said.`,
    remedy: LOOK,
  }),
  busy: ({ place }) => ({
    short: 'it takes no more connections now',
    what: 'The server takes no more connections now.',
    why: `Too many are open at ${place}, or wait there.`,
    remedy: [{ text: 'Wait a moment, and end UIs that nobody uses.' }, ...LOOK],
  }),
  'closed-at-once': ({ place }) => ({
    short: 'it ended the connection at once',
    what: 'The server ended the connection at once.',
    why: `What listens at ${place} is starting or stopping, or it is another program.`,
    remedy: LOOK,
  }),
  'other-program': ({ place }) => ({
    short: 'what answers there is not OpenClone',
    what: `What answers at ${place} is not OpenClone.`,
    why: 'Another program has this place.',
    remedy: [
      { text: 'Check address and port (7077 unless changed). Who listens, on the server:' },
      { command: 'sudo ss -ltnp' },
    ],
  }),
  'other-version': ({ detail }) => ({
    short: 'it has another version of OpenClone',
    what: 'The server has another version of OpenClone than this program.',
    why: `${detail.charAt(0).toUpperCase()}${detail.slice(1)}.`,
    remedy: [
      {
        text: 'If the server was updated just now, end this program and start it again. Else use the openclone command of the version that the server has.',
      },
    ],
  }),
  unknown: ({ detail }) => ({
    short: 'it did not work',
    what: 'There is no connection to the server.',
    why: `The system says: ${detail}`,
    remedy: LOOK,
  }),
  'broken-off': ({ place }) => ({
    short: 'the connection broke off',
    what: 'The connection to the server broke off.',
    why: `The server at ${place} was stopped, or the network went away.`,
    remedy: [WAIT, ...LOOK],
  }),
  'stopped-answering': ({ place }) => ({
    short: 'the server stopped answering',
    what: 'The server stopped answering.',
    why: `Nothing has come from ${place} for half a minute.`,
    remedy: [WAIT, ...LOOK],
  }),
  ended: ({ detail }) => ({
    short: 'the server ended the connection',
    what: 'The server ended the connection.',
    why: `It said: ${detail}`,
    remedy: [WAIT, ...LOOK],
  }),
};
