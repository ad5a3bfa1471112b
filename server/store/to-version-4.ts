/**
 * Makes a store of version 4 from one of version 3: what was an English text is a message, with the old words in it, and
 * a run belongs to a start of a worker, which was an engine's.
 */

import { z } from 'zod';
import { verbatim } from '../../lib/model/messages/table.ts';

const Said = z.string();

const Step3 = z.looseObject({ title: Said, note: Said.nullable() });
const Run3 = z.looseObject({
  steps: z.array(Step3),
  engineInstanceId: z.string().nullish(),
  engineProof: z.string().nullish(),
});
const Version3 = z.looseObject({
  images: z.array(
    z.looseObject({ versions: z.array(z.looseObject({ warnings: z.array(Said).optional() })) }),
  ),
  tasks: z.array(z.looseObject({ title: Said, runs: z.array(Run3) })),
});

export function toVersion4(old: unknown): unknown {
  const { images, tasks, ...rest } = Version3.parse(old);
  return {
    ...rest,
    schemaVersion: 4,
    images: images.map(({ versions, ...image }) => ({
      ...image,
      versions: versions.map(({ warnings, ...version }) => ({
        ...version,
        ...(warnings === undefined ? {} : { warnings: warnings.map(verbatim) }),
      })),
    })),
    tasks: tasks.map(({ title, runs, ...task }) => ({
      ...task,
      title: verbatim(title),
      runs: runs.map(run4),
    })),
  };
}

function run4({ steps, engineInstanceId, engineProof, ...run }: z.infer<typeof Run3>): unknown {
  return {
    ...run,
    steps: steps.map(step4),
    ...(engineInstanceId === undefined ? {} : { workerInstanceId: engineInstanceId }),
    ...(engineProof === undefined ? {} : { workerProof: engineProof }),
  };
}

function step4({ title, note, ...step }: z.infer<typeof Step3>): unknown {
  return { ...step, title: verbatim(title), notes: note === null ? [] : [verbatim(note)] };
}
