import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { exportsFile } from '../../../installer/templates/exports.ts';
import { OperatorError } from '../../../lib/errors.ts';
import { FULL, PROXY, RELAYED, sampleSite } from '../sample-site.ts';

describe('the NFS exports', () => {
  test('the NFS exports are the root file systems, read-only, for the subnets of the site and nobody else', () => {
    const [, line, end] = exportsFile(sampleSite([FULL, PROXY, RELAYED])).split('\n');
    const options = '(ro,sync,subtree_check,no_root_squash)';
    assert.equal(
      line,
      `/srv/openclone/netboot 10.77.0.0/24${options} 192.168.8.0/22${options} 10.99.0.0/24${options}`,
    );
    assert.equal(end, '');
  });

  test('the NFS exports are refused when the images lie below the root file systems', () => {
    for (const imageDirectory of ['/srv/openclone/netboot', '/srv/openclone/netboot/images']) {
      assert.throws(
        () => exportsFile({ ...sampleSite([FULL]), imageDirectory }),
        (error: unknown) => error instanceof OperatorError && error.code === 'bad-argument',
      );
    }
    const beside = { ...sampleSite([FULL]), imageDirectory: '/srv/openclone/netboot-images' };
    assert.ok(!exportsFile(beside).includes('images '));
  });
});
