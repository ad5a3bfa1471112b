/** Where the site is kept, see site.ts. */

/** The installer writes it; readable by all, nothing in it is secret. */
export const SITE_FILE = '/etc/openclone/site.json';
