/** What doctor checks and finds, in German. */

import type { CHECK_MESSAGES, DOCTOR_MESSAGES } from '../../model/messages/doctor.ts';
import type { TextsOf } from '../texts.ts';

export const checks: TextsOf<typeof CHECK_MESSAGES> = {
  'check.site': 'die Datei mit den Einstellungen',
  'check.links': 'Verbindungen der Netzwerkkarten',
  'check.addresses': 'Adressen der Netzwerkkarten',
  'check.services': 'Dienste',
  'check.ports': 'Ports und wer sie belegt',
  'check.firewall': 'Regeln der Firewall',
  'check.server': 'der Server',
  'check.operators': 'Benutzer',
  'check.tls': 'der Port der Engines und sein Zertifikat',
  'check.dhcp': 'DHCP im Netz',
  'check.duplicates': 'andere Server mit OpenClone',
  'check.boot-files': 'Startdateien auf der Platte',
  'check.tftp': 'Startdateien über TFTP',
  'check.http': 'Kernel, Initramfs und Netzsystem über HTTP',
  'check.rootfs': 'das Netzsystem der Rechner',
  'check.nfs': 'Netzsystem über NFS',
  'check.multicast': 'Weg des Multicasts',
  'check.igmp': 'IGMP-Querier',
  'check.buffers': 'Puffer der Sockets',
  'check.clock': 'die Uhr',
  'check.space': 'freier Platz',
  'check.tools': 'Versionen der Programme',
  'skipped.no-site': 'ohne gültige Einstellungen nicht zu beurteilen',
  'skipped.see-addresses': 'siehe addresses',
  'skipped.see-unit': ({ unit }) => `siehe services: ${unit}`,
  'skipped.only-root': ({ because }) => `das kann nur root: ${because}`,
  'root.dhcp-client': 'wer nach DHCP fragt, benutzt Port 68',
  'root.found-by-dhcp': 'sie melden sich über DHCP, und wer danach fragt, benutzt Port 68',
  'root.list-rules': 'die Regeln werden aufgelistet',
  'root.listen': 'alle Pakete werden mitgehört',
  'root.mount': 'es wird eingehängt',
  'root.see-holders': 'es wird nachgesehen, welches Programm einen Port belegt',
  'about.subnet': ({ name, interfaceName }) => `Subnetz ${name} (${interfaceName})`,
  'about.subnet-firmware': ({ name, interfaceName, firmware }) =>
    `Subnetz ${name} (${interfaceName}), ${firmware}`,
  'about.group': ({ group }) => `Unix-Gruppe ${group}`,
  'about.accounts': 'Konten',
  'about.export': ({ path, client }) => `${path} für ${client}`,
  'about.package-on-server': ({ name }) => `${name} (dieser Server)`,
  'about.package-on-hosts': ({ name }) => `${name} (Rechner)`,
  'about.hosts': 'Rechner',
  'about.images': 'Abbilder',
  'about.store': 'Datenbestand',
  'about.root-file-systems': 'Netzsysteme',
  'about.boot-files': 'Startdateien',
  'port.service': ({ service, protocol, port }) => `${service} (Port ${protocol} ${port})`,
  'port.engines': ({ port }) => `Engines (Port tcp ${port})`,
  'port.proxy-dhcp': ({ port }) => `Proxy-DHCP (Port udp ${port})`,
  'port.sessions': ({ port }) => `Multicast-Übertragungen (Port udp ${port})`,
};

export const doctor: TextsOf<typeof DOCTOR_MESSAGES> = {
  'site.unreadable': ({ said }) => `sie lässt sich nicht lesen: ${said}`,
  'site.only-root-reads': 'der Server kann sie nicht lesen: das darf nur root',
  'site.not-json': ({ said }) => `sie ist kein JSON: ${said}`,
  'site.invalid': ({ said }) => `sie ist nicht gültig: ${said}`,
  'site.valid': ({ subnets }) => `gültig; Subnetze: ${subnets}`,
  'links.no-interface': 'diese Netzwerkkarte gibt es nicht',
  'links.no-link': 'keine Verbindung',
  'links.half-duplex': 'halbduplex: Multicast wird langsam, und Pakete gehen verloren',
  'links.slow': ({ megabitsPerSecond }) =>
    `nur ${megabitsPerSecond} Mbit/s: schneller ist keine Übertragung`,
  'links.mtu': ({ mtuBytes, usualBytes }) =>
    `MTU ${mtuBytes}: Rechner haben beim Start ${usualBytes}`,
  'links.good': ({ megabitsPerSecond, mtuBytes }) =>
    `verbunden, ${megabitsPerSecond} Mbit/s, MTU ${mtuBytes}`,
  'links.good-speed-unknown': ({ mtuBytes }) =>
    `verbunden, Geschwindigkeit unbekannt, MTU ${mtuBytes}`,
  'addresses.no-interface': ({ interfaceName, others }) =>
    `es gibt keine Netzwerkkarte ${interfaceName}, nur ${others}`,
  'addresses.none': ({ interfaceName, wanted }) =>
    `${interfaceName} hat keine IPv4-Adresse; erwartet wird ${wanted}`,
  'addresses.others': ({ interfaceName, others, wanted }) =>
    `${interfaceName} hat ${others}, nicht ${wanted}`,
  'addresses.no-broadcast': ({ address }) =>
    `${address} hat keine Broadcast-Adresse: Übertragungen mit Multicast beginnen nie`,
  'addresses.outside': ({ address, network }) => `${address} liegt außerhalb von ${network}`,
  'addresses.other-prefix': ({ interfaceName, length, wantedLength }) =>
    `${interfaceName} hat die Präfixlänge ${length}, nach den Einstellungen ist es ${wantedLength}`,
  'addresses.good': ({ address, broadcast }) => `${address}, Broadcast ${broadcast}`,
  'services.no-systemd': 'systemd antwortet auf diesem Server nicht',
  'services.not-installed': 'der Dienst ist nicht installiert',
  'services.not-active': ({ state }) => `der Dienst läuft nicht: ${state}`,
  'services.failed': ({ state, result }) => `der Dienst läuft nicht: ${state} (${result})`,
  'services.disabled': 'der Dienst läuft, startet aber nicht mit diesem Server',
  'services.runs': ({ state, substate }) => `der Dienst läuft: ${state} (${substate})`,
  'ports.nobody': 'dort hört niemand',
  'ports.held': ({ programs }) => `belegt von ${programs}`,
  'ports.held-by-kernel': 'belegt vom Kernel',
  'ports.kernel-holds': ({ address }) =>
    `der Kernel oder ein Prozess eines anderen Containers belegt ihn auf ${address}`,
  'ports.process-holds': ({ program, pid, address }) =>
    `${program ?? 'ein anderer'} (Prozess ${pid}) belegt ihn auf ${address}`,
  'firewall.drops': ({ ports }) => `Regeln von nftables verwerfen: ${ports.join(', ')}`,
  'firewall.unclear': ({ ports }) =>
    `die Regeln von nftables sind hier nicht ganz zu verstehen, bei: ${ports.join(', ')}`,
  'firewall.open': 'nichts wird verworfen',
  'firewall.ufw-allows': 'OpenClone ist erlaubt',
  'firewall.ufw-allows-no-dhcp': ({ interfaceName }) =>
    `OpenClone ist erlaubt, auf ${interfaceName} aber kein DHCP von Rechnern, die noch keine Adresse haben`,
  'firewall.ufw-closed': 'ufw ist eingeschaltet und erlaubt OpenClone nicht',
  'daemon.answers': ({ version }) => `OpenClone ${version} antwortet`,
  'daemon.other-version': ({ running, installed }) =>
    `es läuft OpenClone ${running}, installiert ist ${installed}`,
  'daemon.open-socket': ({ mode }) =>
    `alle auf diesem Server dürfen Aufträge erteilen: die Rechte sind ${mode}`,
  'operators.no-daemon': 'der Server antwortet nicht: siehe die Prüfung server',
  'operators.no-group': 'diese Gruppe gibt es nicht: nur root kann Aufträge erteilen',
  'operators.root-alone': 'ohne Kennwort erteilt nur root Aufträge',
  'operators.members': ({ names }) => `auf diesem Server erteilen ohne Kennwort Aufträge: ${names}`,
  'operators.accounts': ({ names }) => `es gibt: ${names}`,
  'operators.no-account':
    'es gibt keines: niemand kann sich an einem Rechner oder von anderswo anmelden',
  'tls.no-connection': ({ address, port, said }) =>
    `keine Engine erreicht ${address} Port ${port}: ${said}`,
  'tls.other-certificate':
    'der Server zeigt ein anderes Zertifikat, als die Rechner kennen: alle Rechner lehnen es ab',
  'tls.not-yet-valid': ({ from }) => `das Zertifikat gilt erst ab ${from}`,
  'tls.expired': ({ until }) => `das Zertifikat galt bis ${until}`,
  'tls.expires-soon': ({ until }) => `das Zertifikat gilt nur noch bis ${until}`,
  'tls.not-compared':
    'der Server antwortet; ob die Rechner sein Zertifikat kennen, war nicht zu lesen',
  'tls.good': ({ until }) => `das Zertifikat, das die Rechner kennen, gültig bis ${until}`,
  'dhcp.answers': ({ offers }) => offers.join('; '),
  'dhcp.offer': ({ server, address, bootFile }) => `${server} bietet ${address} und ${bootFile}`,
  'dhcp.offer-of-one': ({ server, what }) => `${server} bietet ${what}`,
  'dhcp.offer-of-nothing': ({ server }) => `${server} bietet nichts`,
  'dhcp.silent': 'dieser Server antwortet nicht',
  'dhcp.no-boot-file': 'dieser Server nennt keine Startdatei',
  'dhcp.boot-file-of-other-firmware': ({ bootFile }) =>
    `dieser Server nennt ${bootFile}, was für andere Firmware ist`,
  'dhcp.boot-file-missing': ({ bootFile }) => `dieser Server nennt ${bootFile}, was es nicht gibt`,
  'dhcp.sends-elsewhere': ({ nextServer, own }) =>
    `dieser Server schickt Rechner dafür zu ${nextServer} statt zu ${own}`,
  'dhcp.second-boot-service': ({ server, bootFile }) =>
    `${server} antwortet Rechnern, die aus dem Netz starten, auch, und zwar mit ${bootFile ?? 'einem Menü'}`,
  'dhcp.second-server': ({ offer }) =>
    `ein zweiter DHCP-Server: ${offer}. Rechner nehmen, wer zuerst antwortet`,
  'dhcp.no-addresses': 'niemand vergibt Adressen',
  'dhcp.several-give': ({ servers }) =>
    `mehrere vergeben Adressen: ${servers}. Rechner nehmen, wer zuerst antwortet`,
  'dhcp.other-names-boot-file': ({ server, bootFile, nextServer }) =>
    `${server} nennt eine eigene Startdatei: ${bootFile} auf ${nextServer}`,
  'dhcp.no-secure-boot': ({ server, nextServer }) =>
    nextServer === null
      ? `Rechner mit Secure Boot starten nicht: ${server} nennt ihrem GRUB keinen Next-Server`
      : `Rechner mit Secure Boot starten nicht: ihr GRUB holt von ${nextServer}, was ${server} als Next-Server nennt`,
  'dhcp.other-names-none': ({ server }) => `${server} nennt keine Startdatei`,
  'dhcp.other-sends-elsewhere': ({ server, nextServer, bootFile }) =>
    `${server} schickt Rechner für ${bootFile} zu ${nextServer ?? 'keinem Server'}`,
  'dhcp.other-names-other-firmware': ({ server, bootFile }) =>
    `${server} nennt ${bootFile}, was für andere Firmware ist`,
  'dhcp.other-names-missing': ({ server, bootFile }) =>
    `${server} nennt ${bootFile}, was dieser Server nicht hat`,
  'dhcp.relayed': 'DHCP kommt über ein Relay: von hier ist es nicht zu prüfen',
  'duplicates.another': ({ server }) =>
    `auf ${server} läuft OpenClone auch: Rechner kommen zu dem, der zuerst antwortet`,
  'duplicates.none': 'niemand sonst startet Rechner',
  'duplicates.not-openclone': ({ servers }) =>
    `auch andere starten Rechner, aber ohne OpenClone: ${servers}`,
  'boot-files.missing': 'die Datei fehlt',
  'boot-files.empty': 'die Datei ist leer',
  'boot-files.not-entered': 'andere kommen nicht in das Verzeichnis',
  'boot-files.not-read': 'andere können die Datei nicht lesen',
  'boot-files.writable': 'alle dürfen daran etwas ändern',
  'boot-files.other-size': ({ sizeBytes, buildBytes }) =>
    `${sizeBytes}, im Netzsystem ${buildBytes}`,
  'boot-files.good': ({ files }) => `${files} Startdateien, für alle lesbar`,
  'tftp.not-served': ({ said }) => `eine Datei kommt nicht: ${said}`,
  'tftp.other-content': ({ file, directory }) =>
    `${file} kommt anders an, als es in ${directory} liegt`,
  'tftp.no-files': ({ directory }) => `in ${directory} sind keine Startdateien`,
  'tftp.good': ({ files, address }) => `${files} Dateien von ${address} gelesen`,
  'http.no-build': 'es gibt kein Netzsystem, das zu holen wäre: siehe die Prüfung rootfs',
  'http.wrong': ({ url, why }) => `${url}: ${why}`,
  'http.status': ({ status, said }) => `die Antwort ist ${status} ${said}`,
  'http.wrong-size': ({ foundBytes, expectedBytes }) =>
    `${foundBytes} Bytes statt ${expectedBytes}`,
  'http.size-unknown': ({ expectedBytes }) => `unbekannt viele Bytes statt ${expectedBytes}`,
  'http.other-content': 'anderer Inhalt als auf der Platte',
  'http.not-fetched': ({ said }) => `nicht zu holen (${said})`,
  'http.good': ({ files, origin }) => `${files} Dateien kommen von ${origin}`,
  'rootfs.none': 'es gibt keines: Rechner können nur von ihrer Platte starten',
  'rootfs.unreadable': ({ said }) => `das benutzte Netzsystem lässt sich nicht lesen: ${said}`,
  'rootfs.lacks': ({ files }) => `es fehlt: ${files}`,
  'rootfs.other-version': ({ version, own }) =>
    `darin ist die Engine von OpenClone ${version}, dies ist ${own}`,
  'rootfs.good': ({ version, kernel, builtAt }) =>
    `OpenClone ${version}, Kernel ${kernel}, gebaut ${builtAt}`,
  'rootfs.no-certificate': 'das Zertifikat des Servers fehlt darin',
  'rootfs.other-certificate':
    'sein Zertifikat ist nicht das des Servers: alle Rechner lehnen den Server ab',
  'nfs.shows': ({ directories }) => `damit liegt offen: ${directories.join(' und ')}`,
  'nfs.writable': 'alle, die dort schreiben dürfen, können jedem Rechner Programme unterschieben',
  'nfs.root-by-http': 'die Rechner holen ihr Netzsystem über HTTP',
  'nfs.no-mount-program': ({ said }) => `nicht zu probieren: ${said}`,
  'nfs.not-tried':
    'der Kernel kann NFS nicht einhängen, oder nfs-common ist nicht installiert: nicht probiert',
  'nfs.not-exported': ({ source, said }) =>
    `${source} ist für die eigene Adresse des Servers nicht freigegeben: ${said}`,
  'nfs.not-mounted': ({ source, said }) => `${source} lässt sich nicht einhängen: ${said}`,
  'nfs.no-build': ({ source }) =>
    `${source} lässt sich einhängen; ein Netzsystem ist noch nicht darin`,
  'nfs.incomplete': ({ source, path }) =>
    `${source} lässt sich einhängen, aber ${path} fehlt darin`,
  'nfs.good': ({ source }) => `${source} lässt sich einhängen und lesen`,
  'multicast.lost': ({ address }) => `ein Multicast-Paket von ${address} kam nicht zurück`,
  'multicast.failed': ({ address, said }) =>
    `ein Multicast-Paket von ${address} kam nicht zurück: ${said}`,
  'multicast.no-route':
    'es gibt keine Route für Multicast und keine Standardroute: hinter den Router kommt keine Übertragung',
  'multicast.good': ({ interfaceName }) =>
    `ein Multicast-Paket geht über ${interfaceName} hinaus und kommt zurück`,
  'igmp.bridge-asks': 'die Bridge dieses Servers ist ein Querier',
  'igmp.not-listened': 'nicht gehorcht: ein Querier meldet sich nur alle zwei Minuten',
  'igmp.heard': ({ querier }) => `ein Querier fragt: ${querier}`,
  'igmp.silent': ({ seconds }) =>
    `in ${seconds} s kein Querier gehört: Switches mit IGMP-Snooping beenden Übertragungen nach einigen Minuten`,
  'buffers.good': ({ sizeBytes }) => `${sizeBytes} Bytes`,
  'buffers.small': ({ sizeBytes }) =>
    `${sizeBytes} Bytes, weniger als üblich: Übertragungen werden langsam`,
  'clock.long-ago': ({ time }) => `es ist ${time}, was lange her ist`,
  'clock.before-build': ({ time }) => `es ist ${time}, früher als der Bau des Netzsystems`,
  'clock.not-asked': 'ob die Uhr abgeglichen wird, ist von systemd nicht zu erfahren',
  'clock.synchronised': ({ time }) => `${time}, abgeglichen`,
  'clock.not-yet-synchronised': ({ time }) => `${time}, noch nicht abgeglichen`,
  'clock.not-synchronised': ({ time }) => `${time}, durch nichts abgeglichen`,
  'space.unseen': ({ path, said }) => `${path} ist nicht zu prüfen: ${said}`,
  'space.free': ({ freeBytes, path }) => `${freeBytes} frei in ${path}`,
  'tools.no-list': ({ path }) => `die Liste der Pakete lässt sich nicht lesen: ${path}`,
  'tools.not-installed': 'das Debian-Paket ist nicht installiert',
  'tools.version': ({ version }) => `Version ${version}`,
  'tools.faults': ({ version, faults }) => `Version ${version}: ${faults.join('; ')}`,
  'fault.partclone-untried': 'älter als alle Versionen, mit denen OpenClone erprobt ist',
  'fault.partclone-bigalloc':
    'ext4 mit bigalloc wird ganz kopiert, und ein Protokoll, das nicht zu schreiben ist, fällt nicht auf (#241)',
  'fault.partclone-exfat':
    'exFAT wird in der Standardausgabe verdorben (#272): geschrieben wird anderswohin',
  'fault.partclone-clonezilla':
    'kann die neuesten Abbilder von Clonezilla nicht lesen (die Art ihrer Prüfsummen)',
  'fault.udpcast-receiver':
    'ein Empfänger, der ausfällt, hält alle für einige Sekunden auf, bis er ausgeschlossen wird',
};
