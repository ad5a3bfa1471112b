/** Deploying, third step: which disk of the hosts, with the reason where one cannot be taken. */

import type { DiskChoice } from '../../../lib/disk/disk-choices.ts';
import type { Model } from '../../model.ts';
import { diskFaultText, diskName } from '../../presentation/hosts/disk-choice.ts';
import { wrap } from '../../components/dialog.ts';
import { listScreen } from '../../components/list-screen.ts';
import { TOP } from '../../values/selection.ts';
import type { Column } from '../../components/table-view.ts';
import { line, span, type Line } from '../../picture.ts';
import { perform, reaction, type Command } from '../../screen.ts';
import { textsOf } from '../../text/catalogue.ts';
import { bytesText } from '../../../lib/text/quantities.ts';
import { openDeployOptions } from './options.ts';
import { disksOf, imageOf, targetsOf, unknownHosts } from './plan.ts';
import { notice } from '../../actions.ts';
import type { ScreenStates, Targets } from '../../screen-states.ts';

type DeployDisk = ScreenStates['deploy-disk'];

export const DEPLOY_DISK = listScreen<DiskChoice, DeployDisk>({
  list: 'deploy-disk',
  title: ({ targets }, model) => {
    const name = imageOf(targets, model)?.image.name ?? '';
    return textsOf(model.language).deploy.diskTitle(name, targets.hostIds.length);
  },
  rows: (model, { targets }) => disksOf(targets, model),
  keyOf: ({ selector }) => (selector.type === 'only' ? 'only' : selector.value),
  columns: (_, model, __, { targets }) => columns(targets, model),
  below: (choice, model, width, { targets }) => choiceLines(choice, targets, model, width),
  head: (_, model, { targets }) => {
    const texts = textsOf(model.language).deploy;
    const bytes = imageOf(targets, model)?.version.requiredBytes ?? 0;
    const unknown = unknownHosts(targets, model).length;
    return line(
      ` ${texts.diskHead(bytesText(bytes, model))}`,
      span(unknown === 0 ? '' : `  ${texts.unknownDisks(unknown)}`, 'warn'),
    );
  },
  empty: (model) => [textsOf(model.language).deploy.imageGone],
  commands: (choice, model, { targets }) => [
    nextCommand(choice, targets, model),
    ...leaveOutCommand(choice, targets, model),
  ],
});

function nextCommand(choice: DiskChoice | null, targets: Targets, model: Model): Command {
  const texts = textsOf(model.language).deploy;
  const fault = choice?.fault ?? null;
  return {
    name: 'next',
    keys: ['enter', 'space'],
    label: texts.next,
    help: texts.diskHelp,
    disabledReason:
      choice === null ? texts.imageGone : fault === null ? null : diskFaultText(fault, model),
    run: () =>
      perform(
        ...(choice === null
          ? []
          : [openDeployOptions({ ...targets, disk: choice.selector }, model)]),
      ),
  };
}

/** Leaves out the hosts whose disk does not fit: the others get the image. */
function leaveOutCommand(
  choice: DiskChoice | null,
  targets: Targets,
  model: Model,
): Command<DeployDisk>[] {
  const fault = choice?.fault ?? null;
  if (fault === null) return [];
  const texts = textsOf(model.language).deploy;
  const unfit = new Set(fault.hosts);
  const all = targetsOf(targets, model);
  const fitting = all.filter(({ name }) => !unfit.has(name));
  const left = all.length - fitting.length;
  return [
    {
      name: 'leave-out',
      keys: ['o'],
      label: texts.leaveOut(left),
      help: texts.leaveOutHelp,
      disabledReason: fitting.length === 0 ? texts.leavesNobody : null,
      run: () => {
        const hostIds = fitting.map(({ id }) => id);
        return reaction(
          { targets: { ...targets, hostIds }, selection: TOP },
          notice(texts.leftOut(fault.hosts.join(', '))),
        );
      },
    },
  ];
}

/** The reason in full, then which disk it is in which host: equal ones together, the smallest first. */
function choiceLines(
  { fault, disks }: DiskChoice,
  targets: Targets,
  model: Model,
  width: number,
): readonly Line[] {
  const kinds = new Map<string, { readonly sizeBytes: number; readonly hosts: string[] }>();
  for (const { hostName, disk } of disks) {
    const text = `${disk.address}  ${bytesText(disk.sizeBytes, model)}  ${disk.model}`;
    const kind = kinds.get(text) ?? { sizeBytes: disk.sizeBytes, hosts: [] };
    kind.hosts.push(hostName);
    kinds.set(text, kind);
  }
  const sorted = [...kinds].sort(([, one], [, other]) => one.sizeBytes - other.sizeBytes);
  const reason =
    fault === null ? [] : wrap(diskFaultText(fault, model, fault.hosts.length), width - 4);
  return [
    ...reason.map((text) => line(span(`  ${text}`, 'warn'))),
    ...(reason.length === 0 ? [] : [line('')]),
    ...sorted.flatMap(([text, { hosts }]) => [
      line(`  ${text}`),
      ...wrap(hosts.join(', '), width - 6).map((part) => line(span(`    ${part}`, 'dim'))),
    ]),
  ];
}

function columns(targets: Targets, model: Model): Column<DiskChoice>[] {
  const texts = textsOf(model.language).deploy;
  return [
    {
      title: texts.diskColumn,
      width: 22,
      cell: (choice) => span(diskName(choice, model), choice.fault === null ? 'strong' : 'dim'),
    },
    {
      title: texts.hostsColumn,
      width: 8,
      align: 'right',
      cell: ({ disks }) => `${disks.length}/${targets.hostIds.length}`,
    },
    {
      title: texts.smallestColumn,
      width: 9,
      align: 'right',
      cell: ({ smallestBytes }) => (smallestBytes === null ? '-' : bytesText(smallestBytes, model)),
    },
    {
      title: texts.verdictColumn,
      width: 'rest',
      cell: (choice) => {
        if (choice.fault !== null) return span(diskFaultText(choice.fault, model), 'warn');
        const models = [...new Set(choice.disks.map(({ disk }) => disk.model))];
        return models.slice(0, 3).join(', ');
      },
    },
  ];
}
