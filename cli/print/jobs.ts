/** Jobs and their starts as people read them. */

import { stringify } from 'yaml';
import { errorLineIn } from '../../lib/messages/errors.ts';
import type {
  JobParameter,
  JobStart,
  JobView,
  ParameterValue,
  ParameterValues,
  Schedule,
} from '../../lib/model/job.ts';
import { printable } from '../../lib/format.ts';
import type { Texts } from '../text/catalogue.ts';
import { fields, indented, table } from './table.ts';
import { formatTime, orDash } from './labels.ts';

export function jobTable(texts: Texts, views: readonly JobView[]): string[] {
  const { columns } = texts.jobs;
  return table(
    [
      { title: columns.job },
      { title: columns.last },
      { title: columns.outcome },
      { title: columns.next },
    ],
    views.map(({ job, lastStart, nextStarts: [next] }) => [
      job.name,
      lastStart === null ? texts.jobs.never : formatTime(lastStart.at),
      lastStart === null ? '-' : outcomeText(texts, lastStart),
      next === undefined ? '-' : formatTime(next.at),
    ]),
  );
}

export function jobDetails(texts: Texts, { job, nextStarts }: JobView): string[] {
  const { jobs } = texts;
  return [
    ...fields([
      [jobs.job, job.name],
      [jobs.description, orDash(job.description)],
      [jobs.made, jobs.madeText(formatTime(job.createdAt), job.createdBy)],
      [jobs.overlaps, job.mayOverlap ? jobs.yes : jobs.no],
      [jobs.id, job.id],
    ]),
    ...section(job.parameters, (parameters) => parameterTable(texts, parameters)),
    ...section(job.schedules, (schedules) => scheduleTable(texts, schedules)),
    ...section(nextStarts, (starts) => [
      jobs.next,
      ...indented(starts.map(({ at, schedule }) => `${formatTime(at)}  ${schedule}`)),
    ]),
    '',
    jobs.request,
    ...indented(stringify(job.request).trimEnd().split('\n').map(printable)),
  ];
}

export function startTable(texts: Texts, starts: readonly JobStart[]): string[] {
  const { columns, bySchedule } = texts.jobs;
  return table(
    [
      { title: columns.at },
      { title: columns.by },
      { title: columns.outcome },
      { title: columns.values },
    ],
    starts.map((start) => [
      formatTime(start.at),
      start.by.type === 'schedule' ? bySchedule(start.by.name) : start.by.name,
      outcomeText(texts, start),
      valuesText(start.values),
    ]),
  );
}

function section<T>(parts: readonly T[], lines: (parts: readonly T[]) => string[]): string[] {
  return parts.length === 0 ? [] : ['', ...lines(parts)];
}

function parameterTable(texts: Texts, parameters: readonly JobParameter[]): string[] {
  const { columns, types } = texts.jobs;
  return table(
    [
      { title: columns.parameter },
      { title: columns.type },
      { title: columns.default },
      { title: columns.help },
    ],
    parameters.map(({ name, type, choices, default: value, help }) => [
      name,
      choices === undefined ? types[type] : choices.join(' | '),
      value === undefined ? '-' : valueText(value),
      help,
    ]),
  );
}

function scheduleTable(texts: Texts, schedules: readonly Schedule[]): string[] {
  const { columns, off } = texts.jobs;
  return table(
    [{ title: columns.schedule }, { title: columns.when }, { title: columns.values }],
    schedules.map(({ name, when, isOn, values }) => [
      name,
      isOn ? `${when.type === 'cron' ? when.expression : when.at} ${when.timeZone}` : off,
      valuesText(values),
    ]),
  );
}

function outcomeText({ jobs, states, language }: Texts, { result }: JobStart): string {
  switch (result.type) {
    case 'task':
      return `${result.taskId} ${result.outcome === null ? jobs.underWay : states.runs[result.outcome]}`;
    case 'refused':
      return jobs.refused(errorLineIn(language, result.error));
    case 'still-running':
      return jobs.stillRunning(result.times);
    case 'missed':
      return jobs.missed(result.times);
  }
}

function valuesText(values: ParameterValues): string {
  return orDash(
    Object.entries(values)
      .map(([name, value]) => `${name}=${valueText(value)}`)
      .join(' '),
  );
}

function valueText(value: ParameterValue): string {
  return Array.isArray(value) ? value.join(',') : String(value);
}
