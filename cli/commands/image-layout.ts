/** openclone image layout */

import { z } from 'zod';
import { selectDisk } from '../../lib/disk/disk-selection.ts';
import { layoutOn } from '../../lib/disk/layout/layout-on.ts';
import { OperatorError } from '../../lib/errors.ts';
import { done, withServer } from '../command.ts';
import { defineAction } from '../define-action.ts';
import { DiskInput, HostInput, NameInput } from '../input.ts';
import { layoutLines } from '../print/layout.ts';

export const imageLayout = defineAction({
  input: z.object({
    image: NameInput,
    host: HostInput,
    disk: DiskInput.default({ type: 'only' }),
  }),
  run: (context, { image: reference, host: hostReference, disk: selector }) =>
    withServer(context, async (client) => {
      const { manifest } = await client.call('image.show', { image: reference });
      const { name, systemInfo } = await client.call('host.show', { host: hostReference });
      if (systemInfo === null) throw unknownDisks(name);
      const disk = selectDisk(systemInfo.disks, selector);
      const layout = layoutOn(disk, manifest);
      const { tableAreas, ...places } = layout;
      return done(layoutLines(context.output.texts, disk, layout), {
        disk,
        layout: {
          ...places,
          tableAreas: tableAreas.map(({ kind, startSector, sectorCount }) => ({
            kind,
            startSector,
            sectorCount,
          })),
        },
      });
    }),
});

function unknownDisks(host: string): OperatorError {
  return new OperatorError({
    code: 'disk-not-found',
    message: `planning the layout on the disk of ${host}: its disks are not known`,
    hint: 'A host tells of its disks when its engine starts: let it boot from the network once.',
  });
}
