import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { AddressInfo } from 'node:net';
import { run } from '../../../lib/exec/run.ts';
import { httpFileServer } from '../../../server/boot/http-files.ts';
import { Refusals } from '../../../server/net/refusals.ts';
import { captureLog } from '../captured-log.ts';
import { makeSiteDirectories, sampleSite } from './sample-site.ts';
import { withDirectory } from '../../support/directories.ts';

type Answer = {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
};
type Ask = (
  path: string,
  options?: { method?: string; headers?: Record<string, string> },
) => Promise<Answer>;

/** The server with a TFTP directory and one build; `path` is sent as it is, without normalising. */
async function withFiles(
  use: (ask: Ask, directory: string, url: string) => Promise<void>,
): Promise<void> {
  await withDirectory(async (directory) => {
    const site = sampleSite(directory);
    await makeSiteDirectories(site, 'b1');
    const { log } = captureLog();
    const server = httpFileServer(site, log, new Refusals(log));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = addressOf(server.address());
    const ask: Ask = (path, options = {}) =>
      new Promise((resolve, reject) => {
        const request = httpRequest(
          { host: '127.0.0.1', port, path, agent: false, ...options },
          (response) => {
            const chunks: Buffer[] = [];
            response.on('data', (chunk: Buffer) => chunks.push(chunk));
            response.on('error', reject);
            response.on('end', () =>
              resolve({
                status: response.statusCode ?? 0,
                headers: response.headers,
                body: Buffer.concat(chunks),
              }),
            );
          },
        );
        request.on('error', reject);
        request.end();
      });
    try {
      await use(ask, directory, `http://127.0.0.1:${port}`);
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });
}

function addressOf(address: string | AddressInfo | null): AddressInfo {
  assert.ok(typeof address === 'object' && address !== null);
  return address;
}

describe('boot files by HTTP', () => {
  test('boot files by HTTP are found by what shim asks for in UEFI HTTP boot, and what is not there has a body: the firmware waits for one', async () => {
    await withFiles(async (ask) => {
      // Shim 16.1 puts its loader's name, "/grubx64.efi", behind the directory, "/http/".
      const loader = await ask('/boot//b1/vmlinuz');
      assert.deepEqual([loader.status, loader.body.toString()], [200, 'kernel of b1']);
      const missing = await ask('/boot/revocations_sbat.efi');
      assert.equal(missing.status, 404);
      assert.ok(missing.body.length > 0);
      assert.equal(missing.headers['content-length'], String(missing.body.length));
      const head = await ask('/boot/revocations_sbat.efi', { method: 'HEAD' });
      assert.deepEqual([head.status, head.body.length], [404, 0]);
    });
  });

  test('boot files by HTTP are those of TFTP and the squashfs of a build, with their lengths', async () => {
    await withFiles(async (ask) => {
      const kernel = await ask('/boot/b1/vmlinuz');
      assert.deepEqual([kernel.status, kernel.body.toString()], [200, 'kernel of b1']);
      assert.equal(kernel.headers['content-length'], '12');
      const root = await ask('/rootfs/b1.squashfs?x=1');
      assert.deepEqual([root.status, root.body.toString()], [200, 'root of b1']);
      const head = await ask('/boot/b1/vmlinuz', { method: 'HEAD' });
      assert.deepEqual(
        [head.status, head.headers['content-length'], head.body.length],
        [200, '12', 0],
      );
    });
  });

  test('boot files by HTTP come in parts', async () => {
    await withFiles(async (ask) => {
      const part = async (range: string): Promise<[number, string, string | undefined]> => {
        const { status, body, headers } = await ask('/boot/b1/vmlinuz', { headers: { range } });
        assert.equal(headers['content-length'], String(body.length));
        return [status, body.toString(), headers['content-range']];
      };
      assert.deepEqual(await part('bytes=0-5'), [206, 'kernel', 'bytes 0-5/12']);
      assert.deepEqual(await part('bytes=10-'), [206, 'b1', 'bytes 10-11/12']);
      assert.deepEqual(await part('bytes=10-99'), [206, 'b1', 'bytes 10-11/12']);
      assert.deepEqual(await part('bytes=-2'), [206, 'b1', 'bytes 10-11/12']);
      assert.deepEqual(await part('bytes=-99'), [206, 'kernel of b1', 'bytes 0-11/12']);
      assert.deepEqual(await part('bytes=12-'), [416, 'Range Not Satisfiable\n', 'bytes */12']);
      assert.deepEqual(await part('bytes=-0'), [416, 'Range Not Satisfiable\n', 'bytes */12']);
      // What is not understood is not heeded.
      for (const range of ['bytes=5-2', 'bytes=0-1,4-5', 'lines=1-2', 'bytes=-', 'bytes=a-b']) {
        assert.deepEqual(await part(range), [200, 'kernel of b1', undefined], range);
      }
    });
  });

  test('boot files by HTTP are whole when they are large, for many at once', async () => {
    await withFiles(async (ask, directory) => {
      const content = Buffer.alloc(3_000_001);
      for (let index = 0; index < content.length; index += 1) content[index] = (index * 7) % 251;
      await writeFile(join(directory, 'tftp/boot/b1/initrd.img'), content);
      const answers = await Promise.all(
        Array.from({ length: 30 }, () => ask('/boot/b1/initrd.img')),
      );
      for (const { body } of answers) assert.ok(body.equals(content));
    });
  });

  test('boot files by HTTP are the only thing there is: no other files, directories, images or ways to write', async () => {
    await withFiles(async (ask, directory) => {
      await mkdir(join(directory, 'images'));
      await writeFile(join(directory, 'images/secret'), 'secret');
      await writeFile(join(directory, 'netboot/builds/b1/build.json'), 'secret');
      await writeFile(join(directory, 'netboot/builds/secret.squashfs'), 'secret');
      const tftp = join(directory, 'tftp');
      await symlink(join(directory, 'images/secret'), join(tftp, 'link'));
      await symlink(join(directory, 'images'), join(tftp, 'folder'));
      await symlink('boot/b1/vmlinuz', join(tftp, 'inside'));
      await mkdir(join(directory, 'tftp-other'));
      await writeFile(join(directory, 'tftp-other/secret'), 'secret');
      await symlink('../tftp-other/secret', join(tftp, 'beside'));
      await run('mkfifo', [join(tftp, 'fifo')]);
      assert.equal((await ask('/inside')).status, 200);
      for (const path of [
        '/',
        '//',
        '/boot',
        '/boot/',
        '/boot/b1/',
        '/boot/b1/vmlinuz/',
        '/nothing',
        '/../images/secret',
        '/boot/../../images/secret',
        '/%2e%2e/images/secret',
        '/..%2fimages%2fsecret',
        '/boot/%2E%2E/%2e%2e/images/secret',
        '/boot%2f..%2f..%2fimages%2fsecret',
        '/..%5cimages%5csecret',
        '/%00',
        '/boot/b1/vmlinuz%00',
        '/%zz',
        '/link',
        '/folder/secret',
        '/beside',
        '/fifo',
        '/rootfs',
        '/rootfs/',
        '/rootfs/secret.squashfs',
        '/rootfs/b1',
        '/rootfs/b1.squashfs/x',
        '/rootfs/..squashfs',
        '/rootfs/....squashfs',
        '/rootfs/%2e%2e.squashfs',
        '/rootfs/../builds/b1/build.json',
        '/rootfs/b1%2fbuild.json.squashfs',
        `/${'a'.repeat(5000)}`,
        '*',
        'boot/b1/vmlinuz',
      ]) {
        const { status, body } = await ask(path);
        assert.ok(status === 404 || status === 400, `${path}: ${status}`);
        assert.doesNotMatch(body.toString(), /secret/, path);
      }
      for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PROPFIND']) {
        const { status, headers } = await ask('/boot/b1/vmlinuz', { method });
        assert.deepEqual([status, headers.allow], [405, 'GET, HEAD'], method);
      }
    });
  });

  test('boot files by HTTP reach a client that is none of ours', async () => {
    await withFiles(async (_, directory, url) => {
      const { stdout } = await run('curl', [
        '--silent',
        '--show-error',
        '--fail',
        '--http1.0',
        '--include',
        '--noproxy',
        '*',
        '--max-time',
        '20',
        `${url}/boot/b1/initrd.img`,
      ]);
      assert.match(stdout, /\r\n\r\ninitramfs of b1$/, directory);
      // GRUB reads the header as it is written here, capitals and all (grub-core/net/http.c).
      assert.match(stdout, /\r\nContent-Length: 15\r\n/);
    });
  });
});
