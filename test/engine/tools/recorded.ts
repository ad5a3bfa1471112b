/** Output recorded from the real tools (test/fixtures/tool-output). */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export function recorded(name: string): string {
  return readFileSync(join(import.meta.dirname, '../../fixtures/tool-output', name), 'utf8');
}
