/** An operation in the words of somebody who stands before the machine. */

import type { DiskSelector } from '../../lib/model/disk-selector.ts';
import type { EngineOperation } from '../../lib/model/operation.ts';
import { unreachable } from '../../lib/unreachable.ts';
import type { WorkTitle } from './state.ts';
import type { ScreenTexts } from './text/catalogue.ts';

/** What the screen says of an operation while it runs and afterwards. */
export function workTitle(operation: EngineOperation): WorkTitle {
  switch (operation.type) {
    case 'capture':
      return { type: 'capture', disk: operation.disk };
    case 'deploy':
    case 'partition':
      return { type: operation.type, image: operation.image.name, disk: operation.disk };
    case 'shutdown':
      return { type: 'leave', mode: operation.mode };
    default:
      return unreachable(operation);
  }
}

export function titleText({ titles }: ScreenTexts, title: WorkTitle): string {
  const diskText = (disk: DiskSelector): string =>
    disk.type === 'only' ? titles.onlyDisk : titles.disk(disk.value);
  switch (title.type) {
    case 'capture':
      return titles.capture(diskText(title.disk));
    case 'deploy':
    case 'partition':
      return titles[title.type](title.image, diskText(title.disk));
    case 'leave':
      return titles.leaving[title.mode];
    default:
      return unreachable(title);
  }
}
