/** The dialog that asks for another server on the network to go to. */

import { parseServer } from '../../lib/client/known-servers.ts';
import { DEFAULT_ENGINE_PORT } from '../../lib/protocol/version.ts';
import { formDialog } from '../components/form-dialog.ts';
import { valueOf } from '../values/form.ts';
import { textsOf } from '../text/catalogue.ts';
import type { ScreenStates } from '../screen-states.ts';

export const ELSEWHERE = formDialog<ScreenStates['elsewhere']>({
  title: (_, { language }) => textsOf(language).noServer.elsewhereTitle,
  label: (_, { language }) => textsOf(language).noServer.goThere,
  checks: {
    text: (text, _, { language }) => (isServer(text) ? null : textsOf(language).noServer.badServer),
  },
  submit: ({ form }) => [{ type: 'elsewhere', server: valueOf(form, 'text').trim() }],
});

function isServer(text: string): boolean {
  try {
    parseServer(text.trim(), DEFAULT_ENGINE_PORT);
    return true;
  } catch {
    return false;
  }
}
