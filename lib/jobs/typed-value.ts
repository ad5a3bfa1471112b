/** A parameter's value from the words that somebody typed. */

import type { JobParameter, ParameterValue } from '../model/job.ts';

/** Several targets are separated by commas. null: the words are no value of that type. */
export function valueFromText({ type }: JobParameter, text: string): ParameterValue | null {
  switch (type) {
    case 'text':
    case 'choice':
    case 'image':
      return text;
    case 'number':
      return /^-?\d{1,15}(\.\d{1,9})?$/.test(text) ? Number(text) : null;
    case 'boolean':
      if (text === 'true') return true;
      return text === 'false' ? false : null;
    case 'targets': {
      const names = text.split(',').map((name) => name.trim());
      return names.every((name) => name !== '') ? names : null;
    }
  }
}
