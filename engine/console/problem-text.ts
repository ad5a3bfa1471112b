/** Why there is no connection, and what to check, in the words of somebody who stands before the machine. */

import type { ErrorReport } from '../../lib/model/error-report.ts';
import { errorIn } from '../../lib/messages/errors.ts';
import { render } from '../../lib/messages/render.ts';
import { unreachable } from '../../lib/unreachable.ts';
import type { Problem } from './state.ts';
import type { ScreenTexts } from './text/catalogue.ts';

export type ProblemText = { readonly what: string; readonly check: readonly string[] };

export function problemText(texts: ScreenTexts, problem: Problem): ProblemText {
  const { problems } = texts;
  const { checks } = problems;
  switch (problem.type) {
    case 'error':
      return refusalText(texts, problem.error);
    case 'not-listening':
      return {
        what: problems.notListening(problem.server),
        check: [checks.status, checks.firewall(portOf(problem.server))],
      };
    case 'no-network':
      return { what: problems.noNetwork, check: [checks.cable, checks.dhcp] };
    case 'no-answer':
      return {
        what: problems.noAnswer(problem.server),
        check: [checks.power, checks.cable, checks.firewall(portOf(problem.server))],
      };
    case 'unknown-name':
      return { what: problems.unknownName(problem.server), check: [checks.address] };
    case 'broken-off':
      return { what: problems.brokenOff, check: [checks.log] };
    case 'other':
      return { what: problems.other(render(texts.language, problem.said)), check: [checks.log] };
    default:
      return unreachable(problem);
  }
}

/** What the server said, or that it is another one: with both fingerprints. */
function refusalText({ language, problems }: ScreenTexts, error: ErrorReport): ProblemText {
  if (error.code === 'unauthorized') {
    const [fingerprints] = error.causes;
    return {
      what: problems.otherCertificate,
      check: [problems.checks.build, ...(fingerprints === undefined ? [] : [fingerprints])],
    };
  }
  const { what, hint, original } = errorIn(language, error);
  return { what, check: [hint, ...(original === null ? [] : [original.message])] };
}

function portOf(server: string): string {
  return server.slice(server.lastIndexOf(':') + 1);
}
