/** What OpenClone's things are called on the machine that it is installed on, whatever is answered. */

export const PROGRAM_DIRECTORY = '/opt/openclone';
/** The link to the version that is in use. */
export const CURRENT = `${PROGRAM_DIRECTORY}/current`;
/** The operators' command. */
export const COMMAND = '/usr/local/bin/openclone';
export const STORE_DIRECTORY = '/var/lib/openclone';
export const LEASE_DIRECTORY = '/var/lib/openclone-dnsmasq';

export const DNSMASQ_CONFIG = '/etc/openclone/dnsmasq.conf';
export const EXPORTS_FILE = '/etc/exports.d/openclone.exports';
export const UNIT_DIRECTORY = '/etc/systemd/system';
export const UFW_APPLICATION = '/etc/ufw/applications.d/openclone';

export const DAEMON_UNIT = 'openclone.service';
export const DNSMASQ_UNIT = 'openclone-dnsmasq.service';

/** The account of the daemon, and the group of its operators. */
export const ACCOUNT = 'openclone';
