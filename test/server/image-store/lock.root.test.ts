/** Only one server uses an image directory, whatever data directory it has. */

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { ImageStore } from '../../../server/image-store/image-store.ts';
import { withServer } from '../running-server.ts';
import { RUN, sendStreams } from './sample-manifest.ts';
import { withDirectory } from '../../support/directories.ts';

describe('the image directory', () => {
  test('the image directory of a server is refused to another one with other data, which names the holder', async () => {
    await withServer(async (server) => {
      const path = join(server.directory, 'images');
      const incoming = join(path, '.incoming', RUN);
      await mkdir(incoming, { recursive: true });
      await assert.rejects(server.startSecond({ dataDirectory: join(server.directory, 'other') }), {
        code: 'store-locked',
        message: `opening the image directory ${path}: process ${process.pid} has it open`,
      });
      assert.ok(existsSync(incoming), 'what the first one receives stays');
    });
  });

  test('the image directory is the same one by another path', async () => {
    await withDirectory(async (directory) => {
      await mkdir(join(directory, 'images'));
      await symlink('images', join(directory, 'link'));
      const images = await ImageStore.open(join(directory, 'images'));
      await sendStreams(images);
      await assert.rejects(ImageStore.open(join(directory, 'link')), { code: 'store-locked' });
      images.close();
      (await ImageStore.open(join(directory, 'link'))).close();
    });
  });

  test('the image directory says on which machine its holder runs, when that is another one', async () => {
    await withDirectory(async (directory) => {
      const images = await ImageStore.open(directory);
      await writeFile(join(directory, '.lock'), '4711 srv2\n');
      await assert.rejects(ImageStore.open(directory), {
        code: 'store-locked',
        message: `opening the image directory ${directory}: process 4711 on srv2 has it open`,
      });
      await writeFile(join(directory, '.lock'), `4711 ${hostname()}\n`);
      await assert.rejects(ImageStore.open(directory), { message: /: process 4711 has it open$/ });
      await writeFile(join(directory, '.lock'), '');
      await assert.rejects(ImageStore.open(directory), {
        message: /: another process has it open$/,
      });
      images.close();
    });
  });

  test('the image directory that cannot be made is told of as before, and is not locked after that', async () => {
    await withDirectory(async (directory) => {
      await writeFile(join(directory, 'images'), 'a file');
      await assert.rejects(ImageStore.open(join(directory, 'images')), {
        code: 'image-write-failed',
      });
      await rm(join(directory, 'images'));
      (await ImageStore.open(join(directory, 'images'))).close();
    });
  });
});
