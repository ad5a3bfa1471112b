/** Deploying, last step: what will be overwritten, host by host; then it starts. */

import { render } from '../../../lib/messages/render.ts';
import { padEnd, padStart, widthOf } from '../../../lib/columns.ts';
import type { HostView } from '../../../lib/model/host.ts';
import type { ImageVersion } from '../../../lib/model/image.ts';
import type { Disk } from '../../../lib/model/system-info.ts';
import { withShutdown } from '../../../lib/model/task-request.ts';
import { layoutOf } from '../../layout.ts';
import type { Model } from '../../model.ts';
import { wrap } from '../../components/dialog.ts';
import { conditionSpan } from '../../presentation/hosts/host-condition.ts';
import { isRunning } from '../../presentation/hosts/host-filter.ts';
import { refusalForWork } from '../../presentation/hosts/host-work.ts';
import { formatTime } from '../../presentation/time-format.ts';
import { scrollAfter, scrollRows, scrollView } from '../../components/scroll-view.ts';
import { momentAfter } from '../../presentation/tasks/wait-field.ts';
import { cutLine, line, span, type Line } from '../../picture.ts';
import { followUp, notice, request } from '../../actions.ts';
import { perform, reaction, type ScreenKind } from '../../screen.ts';
import { glyphsOf } from '../../glyphs.ts';
import { textsOf } from '../../text/catalogue.ts';
import { bytesText } from '../../../lib/text/quantities.ts';
import { chosenDisk, gatherMs, imageOf, isMulticast, targetsOf, WIZARD } from './plan.ts';
import type { DisabledReason } from '../../disabled-reason.ts';
import { isTaskBeingMade } from '../task-being-made.ts';
import type { Action, DeployPlan, ScreenStates } from '../../screen-states.ts';

export const DEPLOY_SUMMARY: ScreenKind<ScreenStates['deploy-summary']> = {
  title: ({ plan }, model) => {
    const name = imageOf(plan, model)?.image.name ?? '';
    return textsOf(model.language).deploy.summaryTitle(name);
  },
  commands: ({ plan }, model) => {
    const texts = textsOf(model.language).deploy;
    return [
      {
        name: 'start',
        keys: startKeys(model),
        label: texts.start,
        help: texts.startHelp,
        disabledReason: refusalForStart(plan, model),
        run: () => perform(startRequest(plan, model)),
      },
      {
        name: 'not-enter',
        keys: ['enter'],
        label: texts.start,
        help: texts.notByEnter,
        disabledReason: null,
        inFooter: false,
        run: () => perform(notice(texts.notByEnter, true)),
      },
    ];
  },
  update: (state, event, model) => {
    const { body } = layoutOf(model);
    const { length } = linesFor(state.plan, model, body.width);
    const first = scrollAfter(state.first, event, length, scrollRows(length, body));
    return first === null ? perform() : reaction({ ...state, first });
  },
  view: ({ plan, first }, model, area) =>
    scrollView(linesFor(plan, model, area.width), first, model, area),
};

/** "j" is the German yes. */
function startKeys({ language }: Model): readonly [string, ...string[]] {
  return language === 'de' ? ['j', 'y'] : ['y'];
}

/** What changed since it was chosen, and a second start of the same. */
function refusalForStart(plan: DeployPlan, model: Model): DisabledReason | null {
  const texts = textsOf(model.language).deploy;
  const found = imageOf(plan, model);
  if (found === null) return texts.imageGone;
  const hosts = targetsOf(plan, model);
  if (hosts.length < plan.hostIds.length) {
    return texts.hostsGone(plan.hostIds.length - hosts.length);
  }
  if (isTaskBeingMade(model, plan.hostIds)) return texts.isStarting;
  return refusalForWork(hosts);
}

function startRequest(plan: DeployPlan, model: Model): Action {
  const texts = textsOf(model.language).deploy;
  const { hostIds, imageId, disk, transport, afterwards, wake, waitMs } = plan;
  const params = {
    targets: [...hostIds],
    disk,
    operations: withShutdown(
      [{ type: 'deploy', image: imageId, transport, gatherMs: gatherMs(plan) }],
      afterwards,
    ),
    wake,
    waitMs,
  };
  const name = imageOf(plan, model)?.image.name ?? '';
  const shows = isMulticast(plan) ? 'session' : 'task';
  const then = followUp('task-started', { wizard: WIZARD, shows, started: 'deploy' });
  return request(texts.starting(name), 'task.create', params, then);
}

function linesFor(plan: DeployPlan, model: Model, width: number): readonly Line[] {
  const texts = textsOf(model.language).deploy;
  const found = imageOf(plan, model);
  if (found === null) return [line(span(` ${texts.imageGone}`, 'bad'))];
  const { image, version } = found;
  const hosts = targetsOf(plan, model);
  const off = hosts.filter((host) => !isRunning(host)).length;
  const facts: readonly (readonly [string, string])[] = [
    [
      texts.summaryImage,
      texts.imageFact(image.name, formatTime(version.capturedAt), version.hostName),
    ],
    [texts.summaryHosts, texts.hostsFact(hosts.length, off, plan.wake)],
    [texts.summaryWaits, texts.waitsFact(momentAfter(plan.waitMs, model))],
    [
      texts.summaryWay,
      `${isMulticast(plan) ? texts.transports.multicast : texts.transports.unicast}, ${bytesText(version.storedBytes, model)}`,
    ],
    [
      texts.afterwards,
      plan.afterwards === null
        ? texts.stay
        : plan.afterwards === 'reboot'
          ? texts.reboot
          : texts.powerOff,
    ],
  ];
  const nameWidth = Math.max(...facts.map(([name]) => widthOf(name)));
  return [
    ...facts.map(([name, text]) => line(span(` ${padEnd(name, nameWidth)}  `, 'dim'), text)),
    ...remarks([texts.keeps(version.hostName), ...warned(version, model)], width),
    line(''),
    line(span(` ${texts.loses(hosts.length, startKeys(model)[0])}`, 'bad')),
    ...diskTable(plan, hosts, model, width),
  ];
}

/** What is easily overlooked of an image, and cannot be mended afterwards. */
function remarks(texts: readonly string[], width: number): Line[] {
  return texts.flatMap((text) =>
    wrap(text, width - 2).map((each) => line(span(` ${each}`, 'warn'))),
  );
}

/** The first thing that its capture warned of; the others are with the image. */
function warned({ warnings = [] }: ImageVersion, model: Model): string[] {
  const [first] = warnings;
  if (first === undefined) return [];
  return [textsOf(model.language).deploy.warned(warnings.length, render(model.language, first))];
}

/** Host, state, disk, what is on it now. */
function diskTable(
  plan: DeployPlan,
  hosts: readonly HostView[],
  model: Model,
  width: number,
): Line[] {
  const texts = textsOf(model.language).deploy;
  const disks = new Map(
    (chosenDisk(plan, model)?.disks ?? []).map(({ hostName, disk }) => [hostName, disk]),
  );
  const names = Math.min(24, Math.max(4, ...hosts.map(({ name }) => widthOf(name))));
  const addresses = Math.max(0, ...[...disks.values()].map(({ address }) => widthOf(address)));
  return hosts.map((host) => {
    const disk = disks.get(host.name);
    const state = conditionSpan(host, model);
    const rest: Line =
      disk === undefined
        ? [span(texts.diskUnknown, 'warn')]
        : [
            span(
              `${padEnd(disk.address, addresses)}${padStart(bytesText(disk.sizeBytes, model), 9)}  `,
            ),
            span(systemsOn(disk, host) ?? texts.noSystem),
            span(`  ${[disk.model, disk.serial ?? ''].join(' ').trim()}`, 'dim'),
          ];
    return cutLine(
      line(
        span(`   ${padEnd(host.name, names)}  `),
        { ...state, text: padEnd(state.text, 16) },
        ...rest,
      ),
      width,
      glyphsOf(model).cut,
    );
  });
}

/** Null when none is known. */
function systemsOn({ address }: Disk, { systemInfo }: HostView): string | null {
  const systems = systemInfo?.operatingSystems.filter(({ partition }) =>
    partition.startsWith(address),
  );
  const names = (systems ?? []).map(({ name }) => name);
  return names.length === 0 ? null : names.join(', ');
}
