/** Numbers of things: "1 host", "3 hosts". */

import { bilingual } from '../../lib/text/bilingual.ts';

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

export const counts = bilingual({
  en: {
    hosts: (count: number) => counted(count, 'host', 'hosts'),
    disks: (count: number) => counted(count, 'disk', 'disks'),
    versions: (count: number) => counted(count, 'version', 'versions'),
    problems: (count: number) => counted(count, 'problem', 'problems'),
    files: (count: number) => counted(count, 'file', 'files'),
    cores: (count: number) => counted(count, 'core', 'cores'),
    threads: (count: number) => counted(count, 'thread', 'threads'),
    processors: (count: number) => counted(count, 'processor', 'processors'),
    packets: (count: number) => counted(count, 'magic packet', 'magic packets'),
    moreParts: (count: number) => counted(count, 'more part', 'more parts'),
    failures: (count: number) => counted(count, 'failure', 'failures'),
    warnings: (count: number) => counted(count, 'warning', 'warnings'),
  },
  de: {
    hosts: (count) => counted(count, 'Rechner', 'Rechner'),
    disks: (count) => counted(count, 'Platte', 'Platten'),
    versions: (count) => counted(count, 'Version', 'Versionen'),
    problems: (count) => counted(count, 'Fehler', 'Fehler'),
    files: (count) => counted(count, 'Datei', 'Dateien'),
    cores: (count) => counted(count, 'Kern', 'Kerne'),
    threads: (count) => counted(count, 'Thread', 'Threads'),
    processors: (count) => counted(count, 'Prozessor', 'Prozessoren'),
    packets: (count) => counted(count, 'Weckpaket', 'Weckpakete'),
    moreParts: (count) => counted(count, 'weiteres Teil', 'weitere Teile'),
    failures: (count) => counted(count, 'Fehler', 'Fehler'),
    warnings: (count) => counted(count, 'Warnung', 'Warnungen'),
  },
});
