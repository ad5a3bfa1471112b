/** A host's state as one sign and one word: colour is never the only sign. */

import type { HostView } from '../../../lib/model/host.ts';
import type { Model } from '../../model.ts';
import { span, type Span } from '../../picture.ts';
import { glyphsOf } from '../../glyphs.ts';
import { textsOf } from '../../text/catalogue.ts';

export function stateSpan(host: HostView, model: Model): Span {
  const signs = glyphsOf(model);
  const { hostStates } = textsOf(model.language).common;
  if (host.approval === 'pending') return span(`${signs.pending} ${hostStates.pending}`, 'warn');
  switch (host.state) {
    case 'off':
      return span(`${signs.off} ${hostStates.off}`, 'dim');
    case 'idle':
      return span(`${signs.idle} ${hostStates.idle}`, 'good');
    case 'working':
      return span(`${signs.busy} ${hostStates.working}`, 'busy');
  }
}
