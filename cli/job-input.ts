/** Job files and values of parameters, as people name them on the command line. */

import { open } from 'node:fs/promises';
import { z } from 'zod';
import { MAX_JOB_FILE_BYTES, readJobFile } from '../lib/jobs/job-file.ts';
import { valueFromText } from '../lib/jobs/typed-value.ts';
import { OperatorError } from '../lib/errors.ts';
import { render } from '../lib/messages/render.ts';
import type { Job, JobDefinition, ParameterValues } from '../lib/model/job.ts';
import { message } from '../lib/model/messages/table.ts';

export const FileInput = z.string().min(1, 'a file is named by its path').max(4096);
/** NAME=VALUE, each once. */
export const SetInput = z.array(z.string().regex(/^[^=]+=/, 'NAME=VALUE is expected')).default([]);

/** Throws `bad-argument` with all faults, "FILE:LINE:COLUMN: what is wrong". */
export async function definitionIn(path: string): Promise<JobDefinition> {
  const read = readJobFile(await textOf(path));
  if (read.type === 'job') return read.definition;
  const lines = read.faults.map(
    ({ line, column, what }) => `${path}:${line}:${column}: ${render('en', what)}`,
  );
  throw new OperatorError({
    code: 'bad-argument',
    message: `reading a job file: ${lines.join('; ')}`,
    hint: '`openclone job export NAME` shows what one looks like.',
    reason: message('job-fault.several', {
      faults: read.faults.slice(0, 10).map(({ what }) => what),
    }),
  });
}

/** The values by the types of the job's parameters. Throws `bad-argument` for words that are none. */
export function valuesIn({ name, parameters }: Job, settings: readonly string[]): ParameterValues {
  const doing = `starting the job "${name}"`;
  const keys = settings.map((setting) => setting.split('=', 1)[0] ?? '');
  const twice = keys.find((key, index) => keys.indexOf(key) !== index);
  if (twice !== undefined) throw refused(doing, message('job-fault.name-twice', { name: twice }));
  return Object.fromEntries(
    settings.map((setting) => {
      const [key = ''] = setting.split('=', 1);
      const parameter = parameters.find((each) => each.name === key);
      if (parameter === undefined) {
        throw refused(doing, message('job-fault.parameter-unknown', { name: key }));
      }
      const value = valueFromText(parameter, setting.slice(key.length + 1));
      if (value !== null) return [key, value];
      throw refused(doing, message('job-fault.wrong-type', { name: key, type: parameter.type }));
    }),
  );
}

function refused(doing: string, reason: Parameters<typeof render>[1]): OperatorError {
  return new OperatorError({
    code: 'bad-argument',
    message: `${doing}: ${render('en', reason)}`,
    hint: '`openclone job show NAME` lists the parameters and their types.',
    reason,
  });
}

async function textOf(path: string): Promise<string> {
  try {
    await using file = await open(path === '-' ? '/dev/stdin' : path);
    const bytes = Buffer.alloc(MAX_JOB_FILE_BYTES + 1);
    let length = 0;
    for (;;) {
      const { bytesRead } = await file.read(bytes, length);
      length += bytesRead;
      if (bytesRead === 0 || length === bytes.length) return bytes.toString('utf8', 0, length);
    }
  } catch (cause) {
    throw new OperatorError({
      code: 'bad-argument',
      message: `reading the job file ${path}`,
      hint: 'Name a file that can be read, or - for standard input.',
      cause,
    });
  }
}
