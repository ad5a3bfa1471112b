import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DOCTOR_STATUS } from '../../cli/doctor/exit-status.ts';
import { reportHealth } from '../../installer/report-health.ts';

async function reported(doctor: number): Promise<{ status: number; said: string }> {
  const said: string[] = [];
  const status = await reportHealth(
    { show: () => Promise.resolve(doctor), print: (lines) => void said.push(...lines) },
    'anna',
  );
  return { status, said: said.join('\n') };
}

describe('the end of an installation', () => {
  test('the end of an installation is a success when doctor has nothing worse than warnings', async () => {
    for (const doctor of [0, DOCTOR_STATUS.warning]) {
      const { status, said } = await reported(doctor);
      assert.equal(status, 0);
      assert.match(said, /^OpenClone is installed\. What to do next:$/m);
      assert.match(said, /1\. Let your account .* usermod -aG openclone NAME/);
    }
  });

  test('the end of an installation has the status of doctor when that found a failure, or did not come to its end', async () => {
    for (const doctor of [DOCTOR_STATUS.failure, 1, 137]) {
      const { status, said } = await reported(doctor);
      assert.equal(status, DOCTOR_STATUS.failure);
      assert.match(said, /installed, and something is still wrong/);
      assert.match(said, /1\. .*openclone doctor/);
    }
  });
});
