/** Preloaded (`node --import`): at the end, writes the address of every loaded module to the file that TRACE_FILE names. */

import { writeFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

const loaded = new Set<string>();

registerHooks({
  load: (url, context, nextLoad) => {
    loaded.add(url);
    return nextLoad(url, context);
  },
});
process.on('exit', () => writeFileSync(process.env['TRACE_FILE'] ?? '', [...loaded].join('\n')));
