/** Deploying, third step: which disk of the hosts, with the reason where one cannot be taken. */

import { formatBytes } from '../../../lib/format.ts';
import type { DiskChoice, DiskFault } from '../../../lib/target-disks.ts';
import { unreachable } from '../../../lib/unreachable.ts';
import type { Model } from '../../model.ts';
import { listScreen } from '../../parts/list-screen.ts';
import { FIRST_PLACE, type Place } from '../../parts/place.ts';
import type { Column } from '../../parts/table-view.ts';
import { line, span } from '../../picture.ts';
import { stay, type Screen } from '../../screen.ts';
import { textsOf } from '../../text/catalogue.ts';
import { deployOptionsScreen } from './options.ts';
import { disksOf, imageOf, unknownHosts, type Targets } from './plan.ts';

export function deployDiskScreen(targets: Targets, place: Place = FIRST_PLACE): Screen {
  return listScreen<DiskChoice>({
    name: 'deploy-disk',
    title: (model) => {
      const name = imageOf(targets, model)?.image.name ?? '';
      return textsOf(model.language).deploy.diskTitle(name, targets.hostIds.length);
    },
    place,
    at: (next) => deployDiskScreen(targets, next),
    rows: (model) => disksOf(targets, model),
    keyOf: ({ selector }) => (selector.type === 'only' ? 'only' : selector.value),
    columns: (_, model) => columns(targets, model),
    head: (_, model) => {
      const texts = textsOf(model.language).deploy;
      const bytes = imageOf(targets, model)?.version.requiredBytes ?? 0;
      const unknown = unknownHosts(targets, model).length;
      return line(
        ` ${texts.diskHead(formatBytes(bytes))}`,
        span(unknown === 0 ? '' : `  ${texts.unknownDisks(unknown)}`, 'warn'),
      );
    },
    empty: (model) => [textsOf(model.language).deploy.imageGone],
    commands: (choice, model, screen) => {
      const texts = textsOf(model.language).deploy;
      return [
        {
          name: 'next',
          keys: ['enter', 'space'],
          label: texts.next,
          help: texts.diskHelp,
          whyNot:
            choice === null
              ? texts.imageGone
              : choice.fault === null
                ? null
                : faultText(choice.fault, targets, model),
          run: () =>
            stay(
              screen,
              ...(choice === null
                ? []
                : [
                    {
                      type: 'push' as const,
                      screen: deployOptionsScreen({ ...targets, disk: choice.selector }, model),
                    },
                  ]),
            ),
        },
      ];
    },
  });
}

/** What the disk is called: "/dev/sda", "the only fixed disk". */
export function diskName({ selector }: Pick<DiskChoice, 'selector'>, { language }: Model): string {
  return selector.type === 'only' ? textsOf(language).deploy.onlyDisk : selector.value;
}

function faultText(fault: DiskFault, targets: Targets, model: Model): string {
  const { faults } = textsOf(model.language).deploy;
  const names = fault.hosts.slice(0, 3).join(', ');
  const whose = fault.hosts.length > 3 ? `${names}, +${fault.hosts.length - 3}` : names;
  switch (fault.type) {
    case 'missing':
      return faults.missing(whose);
    case 'ambiguous':
      return faults.ambiguous(whose);
    case 'too-small': {
      const needed = imageOf(targets, model)?.version.requiredBytes ?? 0;
      return faults.tooSmall(whose, formatBytes(fault.sizeBytes), formatBytes(needed));
    }
    case 'sector-size':
      return faults.sectorSize(whose);
    case 'read-only':
      return faults.readOnly(whose);
    default:
      return unreachable(fault);
  }
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
      cell: ({ smallestBytes }) => (smallestBytes === null ? '-' : formatBytes(smallestBytes)),
    },
    {
      title: texts.verdictColumn,
      width: 'rest',
      cell: (choice) => {
        if (choice.fault !== null) return span(faultText(choice.fault, targets, model), 'warn');
        const models = [...new Set(choice.disks.map(({ disk }) => disk.model))];
        return models.slice(0, 3).join(', ');
      },
    },
  ];
}
