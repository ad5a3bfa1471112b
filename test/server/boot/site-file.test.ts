import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readSiteFile } from '../../../server/boot/site-file.ts';
import { sampleSite } from './sample-site.ts';

test('a site that would give images away by TFTP, HTTP or NFS starts no server', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'openclone-site-'));
  t.after(() => rm(directory, { recursive: true }));
  const file = join(directory, 'site.json');
  const site = sampleSite(directory);
  await writeFile(file, JSON.stringify(site));
  assert.deepEqual(await readSiteFile(file), site);
  for (const imageDirectory of [site.tftpDirectory, join(site.netbootDirectory, 'images')]) {
    await writeFile(file, JSON.stringify({ ...site, imageDirectory }));
    await assert.rejects(readSiteFile(file), {
      code: 'bad-argument',
      message: /would be served to everybody/,
    });
  }
});
