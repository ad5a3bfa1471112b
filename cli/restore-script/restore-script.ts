/**
 * A shell script that restores an image without OpenClone: with coreutils, util-linux, partclone and the
 * decompressor, on any Linux (docs/design/image-format.md). It prints the restore plan that a deploy carries out.
 */

import { capturedLayout } from '../../lib/disk/layout/plan-layout.ts';
import {
  restorePlan,
  type DiskAction,
  type RestorePlan,
} from '../../lib/disk/layout/restore-plan.ts';
import { streamsOf, type Manifest } from '../../lib/model/image.ts';
import { DISK_TOOLS, diskAction } from './disk-actions.ts';
import { finishStep, finishTools } from './finish-steps.ts';
import { diskCheck, frame, head, toolCheck } from './preparation.ts';
import { withBase64 } from './shell.ts';
import { streamCheck, streamTools, writeStream } from './streams.ts';

/**
 * The script for the version of `manifest` whose files are in `directory`. It is POSIX shell, for bash and dash;
 * the person who runs it fills in DISK, as root.
 */
export function restoreScript(manifest: Manifest, directory: string): string {
  const layout = capturedLayout(manifest);
  const plan = restorePlan(layout);
  const actions = (list: readonly DiskAction[]): string[] =>
    list.flatMap((action) => diskAction(action, layout.sectorSizeBytes));
  return [
    ...head(manifest, directory),
    ...frame(),
    ...toolCheck(toolsOf(plan, manifest)),
    ...streamCheck(streamsOf(manifest)),
    ...diskCheck(manifest, layout),
    ...decodeTable(plan),
    '',
    '# From here on the old content of the disk is lost. Until all is written, the disk has no partition table; the kernel is',
    '# told of the new partitions by addpart, which counts in units of 512 bytes.',
    ...actions(plan.clear),
    ...plan.streams.flatMap((step) =>
      writeStream(step, manifest.compression, layout.sectorSizeBytes),
    ),
    ...plan.finish.flatMap(finishStep),
    '',
    '# All content is on the disk before the partition table and the boot code.',
    'sync',
    ...actions(plan.flush),
    '',
    '# The partition table, and what boots from it.',
    'STATE=table',
    ...actions(plan.table),
    '',
    '# The kernel reads the table, and it is on the disk as it was written.',
    ...actions(plan.verify),
    ...foot(manifest),
    '',
  ].join('\n');
}

function toolsOf({ streams, finish }: RestorePlan, { compression }: Manifest): string[] {
  return [
    ...new Set([
      ...DISK_TOOLS,
      ...streamTools(streams, compression),
      ...finish.flatMap(finishTools),
    ]),
  ];
}

/** Each area in a file, as it is needed twice. */
function decodeTable({ table }: RestorePlan): string[] {
  return [
    '',
    '# What makes the partition table, to be written at the end.',
    'TABLE=$(mktemp -d)',
    ...table.flatMap((action) =>
      action.type === 'write-area'
        ? [
            `# ${action.area.kind}, sector ${action.area.startSector}`,
            ...withBase64(
              `base64 --decode >"$TABLE/${action.area.startSector}" <<'END'`,
              action.area.dataBase64,
            ),
          ]
        : [],
    ),
  ];
}

function foot({ partitionTable, disk }: Manifest): string[] {
  return [
    '',
    'STATE=complete',
    ...(partitionTable.type === 'gpt'
      ? [
          `if [ "$SIZE" -gt ${disk.sizeBytes} ]; then`,
          '  echo "The disk is larger than the captured one: sfdisk --relocate gpt-bak-std $DISK moves the backup table to its end."',
          'fi',
        ]
      : []),
    'echo "$DISK is complete."',
  ];
}
