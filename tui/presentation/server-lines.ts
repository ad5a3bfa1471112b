/** The server on the first screen, in lines: load, space, hosts, and what is wrong with it. */

import { padEnd, widthOf } from '../../lib/columns.ts';
import type { HostView } from '../../lib/model/host.ts';
import type { Status } from '../../lib/model/status.ts';
import type { Model } from '../model.ts';
import { workOf, workSign } from './hosts/host-condition.ts';
import { hostNames } from './hosts/host-names.ts';
import { openRegistration } from './registration.ts';
import { line, span, type Line } from '../picture.ts';
import { textsOf } from '../text/catalogue.ts';
import { bytesText, decimalText } from '../../lib/text/quantities.ts';
import { render } from '../../lib/messages/render.ts';
import type { Message } from '../../lib/model/message.ts';

export function serverLines(model: Model): Line[] {
  const { overview: texts, states } = textsOf(model.language);
  const { status } = model;
  if (status === null) return [];
  const { server, boot, problems } = status;
  const said = (problem: Message): string => render(model.language, problem);
  const hosts = hostCounts(status, model);
  const registration = openRegistration(model);
  const used = server.memoryBytes - server.freeMemoryBytes;
  const store = server.imageStore;
  const isFull = store.sizeBytes > 0 && store.freeBytes / store.sizeBytes < 0.1;
  const rows: readonly (readonly [string, Line])[] = [
    [texts.server, line(`${server.hostname}, OpenClone ${server.programVersion}`)],
    [
      texts.load,
      line(
        `${server.loadAverage.map((load) => decimalText(load, 2, model)).join(' ')} (${texts.cores(server.processorCount)})`,
      ),
    ],
    [texts.memory, line(`${bytesText(used, model)} / ${bytesText(server.memoryBytes, model)}`)],
    [
      texts.imageStore,
      line(
        span(
          texts.free(bytesText(store.freeBytes, model), bytesText(store.sizeBytes, model)),
          isFull ? 'warn' : 'plain',
        ),
      ),
    ],
    ...(boot === null
      ? []
      : ([[texts.rootfs, line(boot.build ?? span(texts.noRootfs, 'warn'))]] as const)),
    [
      texts.hosts,
      line(
        String(hosts.total),
        ...(
          [
            [hosts.working, states.conditions.working, 'busy'],
            [hosts.idle, states.conditions.ready, 'good'],
            [hosts.off, states.conditions.off, 'dim'],
          ] as const
        ).flatMap(([count, word, style]) => ['  ', span(`${count} ${word}`, style)]),
      ),
    ],
    ...(hosts.halfWritten.length === 0
      ? []
      : ([['', halfWrittenLine(hosts.halfWritten, model)]] as const)),
    ...(hosts.pending === 0
      ? []
      : ([['', line(span(texts.pending(hosts.pending), 'warn'))]] as const)),
    ...(registration === null
      ? []
      : ([[texts.registration, line(span(registration, 'warn'))]] as const)),
  ];
  const nameWidth = Math.max(...rows.map(([name]) => widthOf(name)));
  return [
    ...rows.map(([name, text]): Line => [span(` ${padEnd(name, nameWidth)}  `, 'dim'), ...text]),
    ...(problems.length === 0 ? [] : [line(span(` ${texts.problems}:`, 'bad'))]),
    ...problems.map(({ what, hint }) => line(span(` ${said(what)}: ${said(hint)}`, 'warn'))),
  ];
}

/** The server counts whether hosts are on; one that nobody may trust is neither ready nor just off. */
function hostCounts(
  { hosts: counts }: Status,
  model: Model,
): Status['hosts'] & { readonly halfWritten: readonly HostView[] } {
  const halfWritten = model.hosts.filter(
    // Asked of the few alone that can be: there may be thousands of hosts.
    (host) => host.halfWritten !== null && workOf(host, model)?.type === 'half-written',
  );
  const without = (state: 'idle' | 'off'): number =>
    Math.max(0, counts[state] - halfWritten.filter((host) => host.state === state).length);
  return { ...counts, idle: without('idle'), off: without('off'), halfWritten };
}

/** "✗ 2 half written: pc-04, pc-07". */
function halfWrittenLine(hosts: readonly HostView[], model: Model): Line {
  const { text } = workSign('half-written', model);
  const { halfWritten } = textsOf(model.language).overview;
  return line(span(`${text} ${halfWritten(hosts.length, hostNames(hosts, model))}`, 'bad'));
}
