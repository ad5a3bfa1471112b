/** `npm run keys`: writes docs/keys.md. */

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { keysPage } from './page.ts';

const path = process.argv[2] ?? join(import.meta.dirname, '../../../docs/keys.md');
await writeFile(path, keysPage());
