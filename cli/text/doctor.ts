/** Texts around the findings of `openclone doctor`. */

import { bilingual } from '../../lib/text/bilingual.ts';
import type { Finding } from '../doctor/finding.ts';

export const doctor = bilingual({
  en: {
    types: {
      ok: 'ok',
      warning: 'WARNING',
      failure: 'FAILURE',
      skipped: 'skipped',
    } satisfies Readonly<Record<Finding['type'], string>>,
    checksDone: (done: number, total: number) => `${done} of ${total} checks done`,
    ok: (count: number) => `${count} ok`,
    skipped: (count: number) => `${count} skipped`,
  },
  de: {
    types: { ok: 'gut', warning: 'WARNUNG', failure: 'FEHLER', skipped: 'entfällt' },
    checksDone: (done, total) => `${done} von ${total} Prüfungen fertig`,
    ok: (count) => `${count} gut`,
    skipped: (count) => `${count} entfallen`,
  },
});
