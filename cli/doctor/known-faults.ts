/** Faults of tools that were met, and what they mean to people who use OpenClone. */

import type { Message, SimpleMessage } from '../../lib/model/message.ts';
import { message } from '../../lib/model/messages/table.ts';

export type KnownFault = {
  /** Debian's name. */
  readonly package: string;
  /** The first version without it; null when there is none yet. */
  readonly before: string | null;
  readonly fault: SimpleMessage;
  /** null where OpenClone works around it. */
  readonly remedy: Message | null;
};

export const KNOWN_FAULTS: readonly KnownFault[] = [
  {
    package: 'partclone',
    before: '0.3.20',
    fault: message('fault.partclone-untried'),
    remedy: message('remedy.newer-partclone'),
  },
  {
    package: 'partclone',
    before: '0.3.24',
    fault: message('fault.partclone-bigalloc'),
    remedy: null,
  },
  {
    package: 'partclone',
    before: '0.3.37',
    fault: message('fault.partclone-exfat'),
    remedy: null,
  },
  {
    package: 'partclone',
    before: '0.3.46',
    fault: message('fault.partclone-clonezilla'),
    remedy: null,
  },
  {
    package: 'udpcast',
    before: null,
    fault: message('fault.udpcast-receiver'),
    remedy: null,
  },
];
