/** Texts of the wizard that deploys an image. */

import { bilingual } from '../../lib/text/bilingual.ts';

const counted = (count: number): string => (count === 1 ? '1 host' : `${count} hosts`);
const rechner = (count: number): string => `${count} Rechner`;

export const deploy = bilingual({
  en: {
    deploy: 'deploy',
    deployImageHelp:
      'Writes the image under the cursor to the disks of hosts: asks which ones first.',
    deployGroupHelp:
      'Writes an image to the disks of all hosts of the group: asks which one first.',
    next: 'next',
    // image
    imageTitle: 'Deploy, step 1 of 5: the image',
    imageHead: 'Which image is to be written to the disks?',
    imageHeadFor: (hosts: number) =>
      `Which image is to be written to the disks of ${counted(hosts)}?`,
    imageHelp: 'Takes the image under the cursor, in its newest version.',
    imageGone: 'the image has been deleted',
    // targets
    targetsTitle: (image: string) => `Deploy ${image}, step 2 of 5: the hosts`,
    targetsHead: 'Which hosts? A group, one host, or several marked with Space.',
    targetsMarked: (hosts: number, off: number) =>
      `${counted(hosts)} marked${off === 0 ? '' : `, ${off} of them off`}`,
    nextWith: (hosts: number) => `next with ${counted(hosts)}`,
    targetsHelp: 'Goes on with the marked hosts, or with the group or host under the cursor.',
    markHelp: 'Marks the host, or all hosts of the group, under the cursor; or unmarks them.',
    groupRow: (name: string) => `Group ${name}`,
    groupHosts: (hosts: number, off: number) =>
      hosts === 0 ? 'empty' : `${counted(hosts)}${off === 0 ? '' : `, ${off} off`}`,
    // disk
    diskTitle: (image: string, hosts: number) =>
      `Deploy ${image} to ${counted(hosts)}, step 3 of 5: the disk`,
    diskHead: (needed: string) =>
      `Everything on this disk will be overwritten. The image needs ${needed}.`,
    diskHelp: 'Takes the disk under the cursor in each of the hosts.',
    unknownDisks: (hosts: number) =>
      hosts === 1
        ? 'One was never here: its disk is not known.'
        : `${hosts} were never here: their disks are not known.`,
    diskColumn: 'DISK',
    hostsColumn: 'HOSTS',
    smallestColumn: 'SMALLEST',
    verdictColumn: 'MODEL, OR WHY NOT',
    onlyDisk: 'the only fixed disk',
    faults: {
      missing: (hosts: string) => `not in ${hosts}`,
      ambiguous: (hosts: string) => `several disks in ${hosts}: choose one`,
      tooSmall: (hosts: string, size: string, needed: string) =>
        `too small: ${size} in ${hosts}, ${needed} needed`,
      sectorSize: (hosts: string) => `another sector size than the image in ${hosts}`,
      readOnly: (hosts: string) => `write-protected in ${hosts}`,
    },
    leaveOut: (hosts: number) => `leave out ${counted(hosts)}`,
    leaveOutHelp: 'Deploys to the others only: the hosts named there do not get the image.',
    leavesNobody: 'no host would be left',
    leftOut: (hosts: string) => `Left out: ${hosts}`,
    // options
    optionsTitle: (image: string) => `Deploy ${image}, step 4 of 5: the way`,
    optionsIntro: 'What stands there is right in most cases: Enter goes on.',
    optionsHelp: 'Goes on to the summary: nothing is written yet.',
    transport: 'Transmission',
    transports: { auto: 'automatic', multicast: 'multicast', unicast: 'unicast' },
    wake: (hosts: number) =>
      hosts === 1 ? 'Wake the one that is off' : `Wake the ${hosts} that are off`,
    afterwards: 'Afterwards',
    stay: 'wait for work',
    reboot: 'restart',
    powerOff: 'switch off',
    explainMulticast: (hosts: number, size: string) =>
      `Multicast: ${size} go over the network once, and all ${hosts} hosts write at the same time. The slowest host sets the pace.`,
    explainMulticastOne: 'Multicast to a single host has no advantage over unicast.',
    explainUnicast: (hosts: number, size: string, all: string) =>
      `Unicast: each of the ${hosts} hosts fetches ${size} for itself, ${all} together. Right where the network cannot do multicast, such as over Wi-Fi.`,
    explainUnicastOne: (size: string) => `One host: it fetches ${size} for itself.`,
    explainWake: (hosts: number) =>
      `${counted(hosts)} that ${hosts === 1 ? 'is' : 'are'} off will be switched on by magic packets.`,
    explainNoWake: (hosts: number) =>
      `${counted(hosts)} ${hosts === 1 ? 'is' : 'are'} off: the work waits until somebody switches ${hosts === 1 ? 'it' : 'them'} on.`,
    explainBusy: (hosts: number) =>
      `${counted(hosts)} ${hosts === 1 ? 'has' : 'have'} other work now: this comes after it.`,
    explainGather: (minutes: number) =>
      minutes === 0
        ? 'The transmission begins with the first host that is ready; the others get one of their own.'
        : `The transmission begins when all hosts are ready, or ${minutes} min after the first one; those that come later get one of their own.`,
    gather: 'Wait for missing',
    gatherAutomatic: '2 min, 5 when waking',
    gatherMinutes: (minutes: number) => (minutes === 0 ? 'not at all' : `${minutes} min`),
    until: 'Wait until',
    untilFault: 'like 90m, 24h, 3d, 18:00 or 2026-12-01 18:00',
    explainUntil: (moment: string) =>
      `Who is off or busy gets it if it comes until ${moment}; after that it starts from its disk and keeps what is on it.`,
    explainAfterwards: {
      stay: 'Afterwards the hosts wait for the next work.',
      reboot: 'Afterwards the hosts start from the new system.',
      'power-off': 'Afterwards the hosts switch off.',
      exit: 'Afterwards their engine ends.',
    },
    // summary
    summaryTitle: (image: string) => `Deploy ${image}, step 5 of 5: check and start`,
    start: 'overwrite and start',
    notByEnter: 'y starts it; Enter alone does not, because disks will be overwritten.',
    startHelp: 'Starts: from here on the disks are being overwritten.',
    starting: (image: string) => `deploying ${image}`,
    started: (title: string) => `Started: ${title}`,
    isStarting: 'it is being started',
    hostsGone: (hosts: number) =>
      `${counted(hosts)} ${hosts === 1 ? 'has' : 'have'} been deleted meanwhile`,
    summaryImage: 'Image',
    imageFact: (name: string, when: string, host: string) =>
      `${name}, captured ${when} from ${host}`,
    summaryHosts: 'Hosts',
    hostsFact: (hosts: number, off: number, isWaking: boolean) =>
      off === 0
        ? `${hosts}, all of them on`
        : off === 1
          ? `${hosts}, 1 of them off: ${isWaking ? 'it will be woken' : 'the work waits for it'}`
          : `${hosts}, ${off} of them off: ${isWaking ? 'they will be woken' : 'the work waits for them'}`,
    summaryWaits: 'Waits',
    waitsFact: (moment: string) => `until ${moment}: who comes later does not get it`,
    keeps: (host: string) =>
      `Every clone keeps the name, domain and SID of ${host} until it gets its own.`,
    warned: (count: number, first: string) =>
      `Its capture warned${count === 1 ? '' : ` of ${count} things (all: i, Enter)`}: ${first}`,
    summaryWay: 'Transmission',
    loses: (hosts: number, key: string) =>
      `${hosts === 1 ? 'Everything on this disk' : `Everything on these ${hosts} disks`} will be lost. ${key} starts, Esc goes back:`,
    diskUnknown: 'never here: checked when it comes',
    noSystem: 'no system known',
  },
  de: {
    deploy: 'verteilen',
    deployImageHelp:
      'Schreibt das Abbild unter dem Cursor auf die Platten von Rechnern; fragt zuerst, auf welche.',
    deployGroupHelp:
      'Schreibt ein Abbild auf die Platten aller Rechner der Gruppe; fragt zuerst, welches.',
    next: 'weiter',
    imageTitle: 'Verteilen, Schritt 1 von 5: das Abbild',
    imageHead: 'Welches Abbild soll auf die Platten?',
    imageHeadFor: (hosts) =>
      `Welches Abbild soll auf die Platten von ${rechner(hosts)}${hosts === 1 ? '' : 'n'}?`,
    imageHelp: 'Nimmt das Abbild unter dem Cursor, in seiner neuesten Version.',
    imageGone: 'das Abbild wurde gelöscht',
    targetsTitle: (image) => `${image} verteilen, Schritt 2 von 5: die Rechner`,
    targetsHead: 'Auf welche Rechner? Eine Gruppe, einer, oder mehrere mit Leertaste markiert.',
    targetsMarked: (hosts, off) =>
      `${rechner(hosts)} markiert${off === 0 ? '' : `, davon ${off} aus`}`,
    nextWith: (hosts) => `weiter mit ${rechner(hosts)}${hosts === 1 ? '' : 'n'}`,
    targetsHelp:
      'Nimmt die markierten Rechner, sonst die Gruppe oder den Rechner unter dem Cursor.',
    markHelp: 'Markiert den Rechner oder alle der Gruppe unter dem Cursor, oder hebt das auf.',
    groupRow: (name) => `Gruppe ${name}`,
    groupHosts: (hosts, off) =>
      hosts === 0 ? 'leer' : `${rechner(hosts)}${off === 0 ? '' : `, ${off} aus`}`,
    diskTitle: (image, hosts) =>
      `${image} auf ${rechner(hosts)} verteilen, Schritt 3 von 5: die Platte`,
    diskHead: (needed) => `Diese Platte wird ganz überschrieben. Das Abbild braucht ${needed}.`,
    diskHelp: 'Nimmt in jedem der Rechner die Platte unter dem Cursor.',
    unknownDisks: (hosts) =>
      hosts === 1
        ? 'Einer war nie hier: seine Platte ist unbekannt.'
        : `${hosts} waren nie hier: ihre Platten sind unbekannt.`,
    diskColumn: 'PLATTE',
    hostsColumn: 'RECHNER',
    smallestColumn: 'KLEINSTE',
    verdictColumn: 'MODELL, ODER WARUM NICHT',
    onlyDisk: 'einzige feste Platte',
    faults: {
      missing: (hosts) => `fehlt in ${hosts}`,
      ambiguous: (hosts) => `mehrere Platten in ${hosts}: eine wählen`,
      tooSmall: (hosts, size, needed) => `zu klein: ${size} in ${hosts}, nötig ${needed}`,
      sectorSize: (hosts) => `andere Sektorgröße als das Abbild in ${hosts}`,
      readOnly: (hosts) => `schreibgeschützt in ${hosts}`,
    },
    leaveOut: (hosts) => `${hosts} auslassen`,
    leaveOutHelp: 'Verteilt nur an die anderen: die genannten Rechner bekommen das Abbild nicht.',
    leavesNobody: 'es bliebe kein Rechner übrig',
    leftOut: (hosts) => `Ausgelassen: ${hosts}`,
    optionsTitle: (image) => `${image} verteilen, Schritt 4 von 5: der Weg`,
    optionsIntro: 'Meist passt, was da steht: Enter geht weiter.',
    optionsHelp: 'Geht weiter zur Zusammenfassung: noch wird nichts geschrieben.',
    transport: 'Übertragung',
    transports: { auto: 'automatisch', multicast: 'Multicast', unicast: 'Unicast' },
    wake: (hosts) =>
      hosts === 1 ? 'Den ausgeschalteten wecken' : `Die ${hosts} ausgeschalteten wecken`,
    afterwards: 'Danach',
    stay: 'auf Aufträge warten',
    reboot: 'neu starten',
    powerOff: 'ausschalten',
    explainMulticast: (hosts, size) =>
      `Multicast: ${size} gehen einmal durchs Netz, und alle ${hosts} Rechner schreiben gleichzeitig. Der langsamste bestimmt das Tempo.`,
    explainMulticastOne: 'Multicast an einen einzigen Rechner bringt nichts gegenüber Unicast.',
    explainUnicast: (hosts, size, all) =>
      `Unicast: jeder der ${hosts} Rechner holt ${size} für sich, zusammen ${all}. Richtig, wo das Netz kein Multicast kann, etwa über WLAN.`,
    explainUnicastOne: (size) => `Ein Rechner: er holt ${size} für sich.`,
    explainWake: (hosts) =>
      hosts === 1
        ? 'Der ausgeschaltete Rechner wird durch Wake-on-LAN eingeschaltet.'
        : `${hosts} ausgeschaltete Rechner werden durch Wake-on-LAN eingeschaltet.`,
    explainNoWake: (hosts) =>
      hosts === 1
        ? 'Ein Rechner ist aus: sein Auftrag wartet, bis jemand ihn einschaltet.'
        : `${hosts} Rechner sind aus: ihr Auftrag wartet, bis jemand sie einschaltet.`,
    explainBusy: (hosts) =>
      hosts === 1
        ? 'Ein Rechner hat gerade andere Arbeit: dies kommt danach.'
        : `${hosts} Rechner haben gerade andere Arbeit: dies kommt danach.`,
    explainGather: (minutes) =>
      minutes === 0
        ? 'Die Übertragung beginnt mit dem ersten, der bereit ist; die anderen bekommen eine eigene.'
        : `Die Übertragung beginnt, wenn alle bereit sind, oder ${minutes} min nach dem ersten; wer später kommt, bekommt eine eigene.`,
    gather: 'Auf Fehlende warten',
    gatherAutomatic: '2 min, beim Wecken 5',
    gatherMinutes: (minutes) => (minutes === 0 ? 'gar nicht' : `${minutes} min`),
    until: 'Warten bis',
    untilFault: 'etwa 90m, 24h, 3d, 18:00 oder 2026-12-01 18:00',
    explainUntil: (moment) =>
      `Wer aus ist oder arbeitet, bekommt es, wenn er bis ${moment} kommt; danach startet er von seiner Platte und behält, was darauf ist.`,
    explainAfterwards: {
      stay: 'Danach warten die Rechner auf den nächsten Auftrag.',
      reboot: 'Danach starten die Rechner vom neuen System.',
      'power-off': 'Danach schalten sich die Rechner aus.',
      exit: 'Danach endet ihre Engine.',
    },
    summaryTitle: (image) => `${image} verteilen, Schritt 5 von 5: prüfen und starten`,
    start: 'überschreiben und starten',
    notByEnter: 'j startet; Enter allein nicht, denn Platten werden überschrieben.',
    startHelp: 'Startet: ab jetzt werden die Platten überschrieben.',
    starting: (image) => `Verteilen von ${image}`,
    started: (title) => `Gestartet: ${title}`,
    isStarting: 'es wird gerade gestartet',
    hostsGone: (hosts) =>
      hosts === 1
        ? 'ein Rechner wurde inzwischen gelöscht'
        : `${hosts} Rechner wurden inzwischen gelöscht`,
    summaryImage: 'Abbild',
    imageFact: (name, when, host) => `${name}, aufgenommen ${when} von ${host}`,
    summaryHosts: 'Rechner',
    hostsFact: (hosts, off, isWaking) =>
      off === 0
        ? `${hosts}, alle an`
        : off === 1
          ? `${hosts}, davon 1 aus: ${isWaking ? 'er wird geweckt' : 'der Auftrag wartet auf ihn'}`
          : `${hosts}, davon ${off} aus: ${isWaking ? 'sie werden geweckt' : 'der Auftrag wartet auf sie'}`,
    summaryWaits: 'Wartet',
    waitsFact: (moment) => `bis ${moment}: wer später kommt, bekommt es nicht`,
    keeps: (host) => `Jeder Klon behält Namen, Domäne und SID von ${host}, bis er eigene bekommt.`,
    warned: (count, first) =>
      `Die Aufnahme hat ${count === 1 ? '' : `${count}-mal (alles: i, Enter) `}gewarnt: ${first}`,
    summaryWay: 'Übertragung',
    loses: (hosts, key) =>
      `${hosts === 1 ? 'Alles auf dieser Platte' : `Alles auf diesen ${hosts} Platten`} geht verloren. ${key} startet, Esc geht zurück:`,
    diskUnknown: 'nie hier: wird geprüft, wenn er kommt',
    noSystem: 'kein System bekannt',
  },
});
