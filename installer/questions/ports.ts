/** TCP ports. */

import { DEFAULT_ENGINE_PORT } from '../../lib/protocol/version.ts';
import type { GivenAnswers } from '../answers.ts';
import { isTakenAt } from '../facts/ports.ts';
import { portObstacles } from '../preflight/ports.ts';
import { defineQuestion } from './question.ts';
import type { Environment } from '../facts/environment.ts';

/** UEFI HTTP boot and GRUB know no other port. */
const HTTP_PORT = 80;
const OTHER_HTTP_PORT = 8077;

export const httpPort = defineQuestion({
  key: 'httpPort',
  propose: (environment, answers) =>
    isFree(environment, HTTP_PORT, answers) ? HTTP_PORT : OTHER_HTTP_PORT,
  ask: async (prompter, proposal, environment, answers) => {
    prompter.explain(
      `Kernels go by HTTP: ten times as fast as TFTP. Port 80 is best; with another one UEFI hosts fetch theirs by TFTP.${
        isFree(environment, HTTP_PORT, answers) ? '' : '\nPort 80 is taken on this server.'
      }`,
    );
    const text = await prompter.input({
      message: 'HTTP port',
      proposal: String(proposal),
      faultOf: (entered) => faultOf(entered, environment, answers),
    });
    return Number(text);
  },
});

/** Asked by nobody: nothing but our engines uses it. */
export const enginePort = defineQuestion({
  key: 'enginePort',
  propose: () => DEFAULT_ENGINE_PORT,
});

function faultOf(text: string, environment: Environment, answers: GivenAnswers): string | null {
  const port = Number(text);
  if (!/^[1-9]\d{0,4}$/.test(text) || port > 65_535) return 'a number from 1 to 65535 is needed';
  if (port === (answers.enginePort ?? DEFAULT_ENGINE_PORT)) {
    return `engines on the hosts use ${port}: another one is needed`;
  }
  const { interfaceName = '', serverAddress = '' } = answers;
  const wanted = { protocol: 'tcp', port, purpose: 'HTTP' } as const;
  const [taken] = portObstacles(
    [{ interfaceName, serverAddress }],
    [wanted],
    environment.portHolders,
  );
  return taken?.message ?? null;
}

function isFree(
  { portHolders }: Environment,
  port: number,
  { serverAddress }: GivenAnswers,
): boolean {
  const addresses = ['127.0.0.1', ...(serverAddress === undefined ? [] : [serverAddress])];
  return !portHolders.some((holder) => isTakenAt(holder, port, addresses));
}
