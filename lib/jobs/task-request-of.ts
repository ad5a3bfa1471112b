/** From a job and values to the task request that it stands for: pure. What the world has to say, task.create says. */

import { isDeepStrictEqual } from 'node:util';
import type { z } from 'zod';
import { complaintText } from '../messages/complaint.ts';
import type {
  JobDefinition,
  JobParameter,
  ParameterType,
  ParameterValue,
  ParameterValues,
  ScheduleDefinition,
} from '../model/job.ts';
import { ParameterReference } from '../model/job.ts';
import { message } from '../model/messages/table.ts';
import type { SimpleMessage } from '../model/message.ts';
import { TaskRequest } from '../model/task-request.ts';
import { timesFault } from './times.ts';

/** What is wrong, and where in the definition: the keys that lead there. */
export type JobFault = {
  readonly path: readonly (string | number)[];
  readonly what: SimpleMessage;
};

export type MadeRequest =
  | { readonly type: 'request'; readonly request: TaskRequest }
  | { readonly type: 'faults'; readonly faults: readonly JobFault[] };

type Parameters = Pick<JobDefinition, 'parameters' | 'request'>;

/** The request with `values`, and defaults where there is none, in the place of parameters. */
export function taskRequestOf(job: Parameters, values: ParameterValues): MadeRequest {
  const faults = valueFaults(job.parameters, values, []);
  // A map, since a parameter may be called as what every object has: constructor.
  const given = new Map(Object.entries(values));
  const complete = new Map<string, ParameterValue>();
  for (const parameter of job.parameters) {
    const value = given.get(parameter.name) ?? parameter.default;
    if (value !== undefined) complete.set(parameter.name, value);
    else {
      const { name } = parameter;
      faults.push({ path: [], what: message('job-fault.value-missing', { name }) });
    }
  }
  return faults.length > 0 ? { type: 'faults', faults } : filledIn(job.request, complete);
}

/** All that is wrong with a definition, whatever the world is like: empty when each start makes a request. */
export function definitionFaults(definition: JobDefinition): JobFault[] {
  const { parameters, request, schedules } = definition;
  const faults = [
    ...doubleNames(parameters, 'parameters'),
    ...doubleNames(schedules, 'schedules'),
    ...parameters.flatMap(parameterFaults),
    ...undeclared(parameters, request, ['request']),
    ...schedules.flatMap(timesFaults),
  ];
  // A wrong name makes the rest wrong too.
  if (faults.length > 0) return faults;
  return [
    ...sampleFaults(definition),
    ...schedules.flatMap(({ values }, index) => scheduleFaults(definition, values, index)),
  ];
}

function doubleNames(
  parts: readonly { readonly name: string }[],
  where: 'parameters' | 'schedules',
): JobFault[] {
  return parts.flatMap(({ name }, index) =>
    parts.findIndex((part) => part.name === name) === index
      ? []
      : [{ path: [where, index, 'name'], what: message('job-fault.name-twice', { name }) }],
  );
}

function parameterFaults(parameter: JobParameter, index: number): JobFault[] {
  const { name, type, choices, default: byDefault } = parameter;
  const path = ['parameters', index];
  if (type === 'choice' && (choices ?? []).length === 0) {
    return [{ path, what: message('job-fault.no-choices', { name }) }];
  }
  if (type !== 'choice' && choices !== undefined) {
    return [
      { path: [...path, 'choices'], what: message('job-fault.choices-of-another', { name, type }) },
    ];
  }
  if (byDefault === undefined || isOfType(parameter, byDefault)) return [];
  return [{ path: [...path, 'default'], what: wrongValue(parameter) }];
}

/** References to what is no parameter. */
function undeclared(
  parameters: readonly JobParameter[],
  template: unknown,
  path: readonly (string | number)[],
): JobFault[] {
  const reference = ParameterReference.safeParse(template);
  if (reference.success) {
    const { parameter: name } = reference.data;
    return parameters.some((parameter) => parameter.name === name)
      ? []
      : [{ path, what: message('job-fault.parameter-unknown', { name }) }];
  }
  return partsOf(template).flatMap(([key, part]) => undeclared(parameters, part, [...path, key]));
}

/** What a start with samples of the right types would refuse: fields that are wrong whatever is put in. */
function sampleFaults({ parameters, request }: Parameters): JobFault[] {
  const samples = new Map(
    parameters.map((parameter) => [parameter.name, parameter.default ?? sampleOf(parameter)]),
  );
  const tries = [
    samples,
    ...parameters.flatMap(({ name, choices = [] }) =>
      choices.map((choice) => new Map([...samples, [name, choice]])),
    ),
  ];
  for (const values of tries) {
    const made = filledIn(request, values);
    if (made.type === 'faults') return [...made.faults];
  }
  return [];
}

function timesFaults({ when }: ScheduleDefinition, index: number): JobFault[] {
  const text = timesFault(when, new Date());
  if (text === null) return [];
  return [{ path: ['schedules', index, 'when'], what: message('job-fault.times', { text }) }];
}

function scheduleFaults(job: Parameters, values: ParameterValues, index: number): JobFault[] {
  const made = taskRequestOf(job, values);
  if (made.type === 'request') return [];
  return made.faults.map(({ what }) => ({ path: ['schedules', index, 'values'], what }));
}

function valueFaults(
  parameters: readonly JobParameter[],
  values: ParameterValues,
  path: readonly (string | number)[],
): JobFault[] {
  return Object.entries(values).flatMap(([name, value]): JobFault[] => {
    const parameter = parameters.find((each) => each.name === name);
    if (parameter === undefined) {
      return [{ path: [...path, name], what: message('job-fault.parameter-unknown', { name }) }];
    }
    return isOfType(parameter, value)
      ? []
      : [{ path: [...path, name], what: wrongValue(parameter) }];
  });
}

const TYPES: Readonly<
  Record<ParameterType, (value: ParameterValue, parameter: JobParameter) => boolean>
> = {
  text: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  boolean: (value) => typeof value === 'boolean',
  choice: (value, { choices = [] }) => typeof value === 'string' && choices.includes(value),
  targets: (value) => Array.isArray(value) && value.length > 0,
  image: (value) => typeof value === 'string' && value !== '',
};

function isOfType(parameter: JobParameter, value: ParameterValue): boolean {
  return TYPES[parameter.type](value, parameter);
}

/** A minute, which every time of a request may be. */
const SAMPLE_NUMBER = 60_000;

function sampleOf({ type, choices = [] }: JobParameter): ParameterValue {
  const [first = ''] = choices;
  const samples: Readonly<Record<ParameterType, ParameterValue>> = {
    text: 'sample',
    number: SAMPLE_NUMBER,
    boolean: true,
    choice: first,
    targets: ['sample'],
    image: 'sample',
  };
  return samples[type];
}

function wrongValue({ name, type, choices = [] }: JobParameter): SimpleMessage {
  return type === 'choice'
    ? message('job-fault.not-a-choice', { name, choices: choices.slice(0, 10) })
    : message('job-fault.wrong-type', { name, type });
}

/** All parameters have values. */
function filledIn(template: unknown, values: ReadonlyMap<string, ParameterValue>): MadeRequest {
  const filled = replaced(template, values);
  const parsed = TaskRequest.safeParse(filled);
  if (!parsed.success) return { type: 'faults', faults: parsed.error.issues.map(fieldFault) };
  const lost = lostKeys(filled, parsed.data, ['request']);
  return lost.length > 0
    ? { type: 'faults', faults: lost }
    : { type: 'request', request: parsed.data };
}

function replaced(template: unknown, values: ReadonlyMap<string, ParameterValue>): unknown {
  if (typeof template !== 'object' || template === null) return template;
  if (Array.isArray(template)) return template.map((part: unknown) => replaced(part, values));
  const reference = ParameterReference.safeParse(template);
  if (reference.success) return values.get(reference.data.parameter);
  return Object.fromEntries(
    Object.entries(template).map(([key, part]) => [key, replaced(part, values)]),
  );
}

function fieldFault(issue: z.core.$ZodIssue): JobFault {
  const keys = issue.path.map((key) => (typeof key === 'number' ? key : String(key)));
  const text = complaintText(issue);
  return { path: ['request', ...keys], what: message('job-fault.field', { text }) };
}

/** Fields that the schema does not know, and so left out: mistyped ones. */
function lostKeys(given: unknown, parsed: unknown, path: readonly (string | number)[]): JobFault[] {
  if (isDeepStrictEqual(given, parsed)) return [];
  return partsOf(given).flatMap(([key, part]): JobFault[] => {
    const kept = partsOf(parsed).find(([each]) => each === key);
    const at = [...path, key];
    if (kept !== undefined) return lostKeys(part, kept[1], at);
    return [{ path: at, what: message('job-fault.field-unknown', { field: String(key) }) }];
  });
}

function partsOf(value: unknown): [string | number, unknown][] {
  if (Array.isArray(value)) return [...value.entries()];
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}
