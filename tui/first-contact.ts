/** Connects to a server over the network: the first time a person compares its fingerprint, later the program does. */

import { createInterface } from 'node:readline/promises';
import type { Readable, Writable } from 'node:stream';
import type { ServerPlace } from '../lib/client/operator-client.ts';
import { shownFingerprint, type NetworkServer } from '../lib/client/known-server-agent.ts';
import { knownFingerprint, rememberServer } from '../lib/client/known-servers.ts';
import { OperatorError } from '../lib/errors.ts';
import type { Language } from '../lib/model/language.ts';
import { textsOf } from './text/catalogue.ts';

export type ContactOptions = {
  readonly server: NetworkServer;
  /** Where the known servers are kept. */
  readonly path: string;
  readonly language: Language;
  readonly input: Readable;
  readonly output: Writable;
};

/**
 * Where the server is and what certificate it must have. A server that is not known yet is asked about on `output`;
 * throws `cancelled` when the answer is not yes, `connection-failed` when nobody answers there.
 */
export async function meetServer(options: ContactOptions): Promise<ServerPlace> {
  const { server, path, language, output } = options;
  const known = await knownFingerprint(path, server);
  if (known !== null) return { network: server, fingerprint: known };
  // A server that stays silent is waited for, and there is no screen yet that says so.
  output.write(`${textsOf(language).login.contacting(`${server.host}:${server.port}`)}\n`);
  const fingerprint = await shownFingerprint(server);
  await askWhether(fingerprint, options);
  await rememberServer(path, server, fingerprint);
  return { network: server, fingerprint };
}

async function askWhether(
  fingerprint: string,
  { server, language, input, output }: ContactOptions,
): Promise<void> {
  const texts = textsOf(language).login;
  const asking = createInterface({ input, output });
  // Ctrl-D and Ctrl-C are no yes.
  const closed = new Promise<string>((resolve) => asking.once('close', () => resolve('')));
  try {
    output.write(`${texts.unknownServer(`${server.host}:${server.port}`, fingerprint)}\n`);
    const answer = await Promise.race([asking.question(`${texts.isItRight} `), closed]);
    if (texts.yesWords.split(' ').includes(answer.trim().toLowerCase())) return;
  } finally {
    asking.close();
  }
  throw new OperatorError({
    code: 'cancelled',
    message: `connecting to ${server.host}, port ${server.port}: it is not known`,
    hint: texts.fingerprintHint,
  });
}
