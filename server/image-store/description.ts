/** What an engine says of the whole image that it has captured. */

import { OperatorError } from '../../lib/errors.ts';
import type { RunId } from '../../lib/model/ids.ts';
import { CapturedDisk } from '../../lib/model/image.ts';
import { DESCRIPTION_LIMITS, whyTooMuch } from '../../lib/protocol/message-limits.ts';
import { parseMessage } from '../../lib/protocol/parse-message.ts';

/** Throws OperatorError `stream-wrong` when there is none (null) or too much of it, `bad-message` when it does not fit. */
export function parseDescription(runId: RunId, bytes: Buffer | null): CapturedDisk {
  const what = `the description of what ${runId} has captured`;
  if (bytes === null) throw wrong(what, 'it has not been received');
  const tooMuch = whyTooMuch(bytes, DESCRIPTION_LIMITS);
  if (tooMuch !== null) throw wrong(what, tooMuch);
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch {
    throw wrong(what, 'it is not JSON');
  }
  return parseMessage(CapturedDisk, value, what);
}

function wrong(what: string, why: string): OperatorError {
  return new OperatorError({
    code: 'stream-wrong',
    message: `reading ${what}: ${why}`,
    hint: 'Capture again. If it happens again, this is a fault in OpenClone.',
  });
}
