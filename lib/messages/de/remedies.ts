/** Remedies in German. */

import type { REMEDY_MESSAGES } from '../../model/messages/remedies.ts';
import type { TextsOf } from '../texts.ts';

const INSTALL = '`sudo ./install.sh` noch einmal ausführen';

export const remedies: TextsOf<typeof REMEDY_MESSAGES> = {
  'remedy.install': `${INSTALL}.`,
  'remedy.install-site': `${INSTALL}: es fragt nach den Einstellungen und schreibt die Datei.`,
  'remedy.install-boot-files': `${INSTALL}: es legt die Startdateien ab.`,
  'remedy.install-build': `${INSTALL}: es schaltet das Netzsystem um.`,
  'remedy.install-certificate': `${INSTALL}: es baut ein Netzsystem mit dem Zertifikat des Servers.`,
  'remedy.install-dhcp': `${INSTALL}: es schreibt /etc/openclone/dnsmasq.conf und legt die Bootlader ab. Danach: systemctl restart openclone-dnsmasq.service`,
  'remedy.install-directory': `${INSTALL}: es legt das Verzeichnis an.`,
  'remedy.install-group': `${INSTALL}: es legt die Gruppe an.`,
  'remedy.install-package': ({ name }) => `${INSTALL}, oder: apt-get install ${name}`,
  'remedy.see-addresses': 'Siehe die Prüfung addresses.',
  'remedy.see-cable': ({ interfaceName }) =>
    `Kabel und Switch prüfen, auch \`ip link set ${interfaceName} up\`.`,
  'remedy.see-wires': 'Das Kabel (alle acht Adern) und den Port des Switches prüfen.',
  'remedy.negotiate':
    'Beide Enden des Kabels selbst aushandeln lassen; den Port des Switches prüfen.',
  'remedy.set-mtu': ({ interfaceName, mtuBytes }) =>
    `ip link set ${interfaceName} mtu ${mtuBytes}, wenn nicht alle Rechner und Switches denselben Wert haben.`,
  'remedy.add-address': ({ address, interfaceName }) =>
    `Ihr die Adresse geben: ip address add ${address} broadcast + dev ${interfaceName}, und ebenso in den Netzeinstellungen dieses Servers.\n` +
    `Oder \`sudo ./install.sh\` noch einmal ausführen und eine andere nennen.`,
  'remedy.name-other-interface': `${INSTALL} und eine andere nennen.`,
  'remedy.same-prefix':
    'Beide gleich machen: Rechner und Server müssen sich einig sein, wer im selben Netz ist.',
  'remedy.see-multicast': ({ interfaceName }) =>
    `Prüfen, ob ${interfaceName} eingeschaltet ist und MULTICAST nennt (ip link show ${interfaceName}) und ob eine Regel der Firewall 224.0.0.0/4 verwirft.`,
  'remedy.add-route': ({ interfaceName }) =>
    `systemctl restart openclone.service: das legt eine an (ip route add 224.0.0.0/4 dev ${interfaceName})`,
  'remedy.querier-or-no-snooping':
    'Den IGMP-Querier des Switches oder Routers einschalten, oder IGMP-Snooping auf allen Switches ausschalten (dann geht Multicast an alle Ports).',
  'remedy.querier-or-bridge': ({ interfaceName }) =>
    `Den IGMP-Querier des Switches oder Routers einschalten; auf der Bridge dieses Servers: ip link set ${interfaceName} type bridge mcast_querier 1`,
  'remedy.larger-buffers': ({ name }) =>
    `sysctl -w ${name}=4194304, und dasselbe in einer Datei von /etc/sysctl.d`,
  'remedy.accept-ports': ({ network, interfaceName }) =>
    `Sie von ${network} auf ${interfaceName} annehmen, DHCP auch von 0.0.0.0; \`sudo ./install.sh --dry-run\` nennt die Regeln. Siehe: nft list ruleset`,
  'remedy.see-ruleset': 'Selbst nachsehen: nft list ruleset',
  'remedy.allow-in-ufw':
    'sudo ufw allow from NETZ/PRÄFIX to any app OpenClone, für jedes Subnetz; `sudo ./install.sh` schreibt die Anwendung.',
  'remedy.dhcp-silent': ({ ports }) =>
    `Siehe journalctl -u openclone-dnsmasq.service -n 50, und prüfen, ob eine Regel der Firewall UDP ${ports.join(' und ')} sperrt; dann: systemctl restart openclone-dnsmasq.service`,
  'remedy.no-boot-service': ({ server }) => `Den Startdienst von ${server} ausschalten.`,
  'remedy.one-dhcp-server': ({ server }) =>
    `DHCP auf ${server} ausschalten, oder \`sudo ./install.sh\` noch einmal ausführen und Proxy-DHCP wählen.`,
  'remedy.no-addresses':
    'Prüfen, ob der DHCP-Server dieses Netzes läuft und freie Adressen hat; gibt es keinen, `sudo ./install.sh` noch einmal ausführen und volles DHCP wählen.',
  'remedy.leave-one-dhcp-server': 'Nur einen davon lassen, außer sie sind als Paar so gedacht.',
  'remedy.name-no-boot-file': ({ server }) =>
    `Auf ${server} die Startdatei (Option 67) und den Next-Server (Option 66) wegnehmen.`,
  'remedy.name-us-for-secure-boot': ({ server, own }) =>
    `Ohne Secure Boot ist nichts nötig. Sonst auf ${server}: ${nextServerText(own)}.`,
  'remedy.name-us-for-bios': (named) => bootFileText(named, '0'),
  'remedy.name-us-for-uefi': (named) => bootFileText(named, '7 und 9'),
  'remedy.boot-behind-relay': ({ own }) =>
    `Dort einen Rechner starten; der Router muss DHCP an ${own} weiterleiten.`,
  'remedy.one-openclone': 'Einen der beiden beenden oder beiden getrennte Netze geben.',
  'remedy.see-start': 'Nachsehen, wie OpenClone hier gestartet wird.',
  'remedy.see-why': ({ unit }) =>
    `Nachsehen, warum: journalctl -u ${unit} -n 50; dann: systemctl restart ${unit}`,
  'remedy.restart': ({ unit }) => `systemctl restart ${unit}; siehe journalctl -u ${unit} -n 50`,
  'remedy.restart-when-idle': 'Wenn kein Rechner arbeitet: systemctl restart openclone.service',
  'remedy.see-port': ({ port }) => `Nachsehen, was es ist: ss -lnp sport = :${port}`,
  'remedy.free-port': ({ pid, unit }) =>
    `Nachsehen, wozu es dient: systemctl status ${pid}; es beenden oder den Port räumen lassen, dann: systemctl restart ${unit}`,
  'remedy.see-engine-port': ({ port }) =>
    `Siehe systemctl status openclone.service, und prüfen, ob eine Regel der Firewall TCP ${port} sperrt.`,
  'remedy.see-http': ({ port }) =>
    `Siehe systemctl status openclone.service, und prüfen, ob eine Regel der Firewall TCP ${port} sperrt oder ein anderer Webserver ihn hat.`,
  'remedy.see-tftp':
    'Siehe systemctl status openclone-dnsmasq.service, und prüfen, ob eine Regel der Firewall UDP 69 sperrt.',
  'remedy.see-other-tftp':
    'Ein anderer TFTP-Server antwortet, oder dnsmasq bietet ein anderes Verzeichnis an: ss -lunp sport = :69',
  'remedy.server-writes-file':
    'Der Server schreibt sie beim Start: systemctl restart openclone.service; journalctl -u openclone.service -n 50',
  'remedy.make-readable': ({ path }) => `chmod a+r ${path}, und a+rx für die Verzeichnisse darüber`,
  'remedy.delete-images':
    'Abbilder löschen, die niemand braucht (`openclone image list`), oder das Verzeichnis auf eine größere Platte legen.',
  'remedy.make-room': 'Auf diesem Dateisystem Platz schaffen: du -xh --max-depth=2',
  'remedy.renew-certificate':
    'tls/server.crt und tls/server.key aus dem Datenverzeichnis beiseitelegen, openclone.service neu starten und `sudo ./install.sh` noch einmal ausführen.',
  'remedy.compare-as-root': '`sudo openclone doctor` ausführen; siehe auch die Prüfung rootfs.',
  'remedy.take-out-export': 'Aus /etc/exports und /etc/exports.d herausnehmen, dann: exportfs -ra',
  'remedy.export-read-only': 'Mit ro statt rw freigeben, dann: exportfs -ra',
  'remedy.see-build': ({ path }) =>
    `Prüfen, ob ${path} da ist und unter der Freigabe kein anderes Dateisystem eingehängt ist.`,
  'remedy.install-mount': 'Das Debian-Paket mount einspielen.',
  'remedy.mount-elsewhere': ({ source }) =>
    `Auf einem anderen Rechner probieren: mount -t nfs -o ro ${source} /mnt`,
  'remedy.see-exports':
    'Siehe `exportfs -v`: das Netz dieses Servers muss erlaubt sein; dann: exportfs -ra',
  'remedy.see-nfs-server':
    'Siehe systemctl status nfs-server.service und `exportfs -v`, und prüfen, ob eine Regel der Firewall TCP 2049 sperrt.',
  'remedy.set-clock':
    'Stellen: timedatectl set-time "JJJJ-MM-TT HH:MM:SS", oder timedatectl set-ntp true',
  'remedy.see-clock': 'Selbst nachsehen: date; chronyc tracking',
  'remedy.see-clock-of-server': 'Die Uhr dieses Servers prüfen: timedatectl',
  'remedy.synchronise':
    'timedatectl set-ntp true, und einen Zeitserver erreichbar machen; die Rechner nehmen ihre Zeit von hier.',
  'remedy.newer-partclone':
    'Für das Netzsystem eine neuere Distribution benutzen oder solche Abbilder mit Clonezilla zurückspielen.',
};

type Named = { readonly server: string; readonly own: string; readonly bootFile: string };

function bootFileText({ server, own, bootFile }: Named, architectures: string): string {
  return `Auf ${server}: ${nextServerText(own)}, und die Startdatei (Option 67) auf ${bootFile} für Geräte der Architektur ${architectures} (Option 93).`;
}

function nextServerText(own: string): string {
  return `Next-Server (siaddr; „Boot-Server“, Option 66) auf ${own} setzen`;
}
