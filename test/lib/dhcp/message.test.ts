import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { answerOf } from '../../../lib/dhcp/answer.ts';
import { encodeDhcp, parseDhcp, type DhcpMessage } from '../../../lib/dhcp/message.ts';
import { bootServerRequest, discoverMessage, OPTION } from '../../../lib/dhcp/pxe-client.ts';
import { OperatorError } from '../../../lib/errors.ts';
import { MacAddress } from '../../../lib/model/names.ts';

const CLIENT = {
  transactionId: 0xc0ffee,
  macAddress: MacAddress.parse('52:54:00:77:00:01'),
  clientArch: 7,
  vendorClass: 'PXEClient:Arch:00007:UNDI:003001',
} as const;

const badMessage = (error: unknown): boolean =>
  error instanceof OperatorError && error.code === 'bad-message';

const address = fc.ipV4();
const text = (most: number): fc.Arbitrary<string> =>
  fc
    .array(fc.integer({ min: 1, max: 255 }), { maxLength: most })
    .map((codes) => String.fromCharCode(...codes));
const options = fc.uniqueArray(
  fc
    .tuple(
      fc.integer({ min: 1, max: 254 }).filter((code) => code !== 52),
      fc.uint8Array({ maxLength: 600 }),
    )
    .map(([code, bytes]) => ({ code, value: Buffer.from(bytes) })),
  { selector: ({ code }) => code, maxLength: 8 },
);

const messages: fc.Arbitrary<DhcpMessage> = fc.record({
  operation: fc.constantFrom('request', 'reply'),
  transactionId: fc.integer({ min: 0, max: 0xffffffff }),
  elapsedSeconds: fc.integer({ min: 0, max: 0xffff }),
  broadcast: fc.boolean(),
  clientAddress: address,
  yourAddress: address,
  nextServer: address,
  relayAddress: address,
  macAddress: fc
    .uint8Array({ minLength: 6, maxLength: 6 })
    .map((bytes) =>
      MacAddress.parse([...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(':')),
    ),
  serverName: text(63),
  bootFile: text(127),
  options,
});

describe('a DHCP message', () => {
  test('a DHCP message that was written is read as the same, options longer than 255 bytes too', () => {
    fc.assert(
      fc.property(messages, (message) => {
        assert.deepEqual(parseDhcp(encodeDhcp(message)), { ...message });
      }),
    );
  });

  test('a DHCP message of any bytes is read or refused as what a person can act on', () => {
    const anything = fc.oneof(
      fc.uint8Array({ maxLength: 700 }),
      // A sound head, so that the options are reached.
      fc.uint8Array({ maxLength: 400 }).map((rest) => {
        const head = encodeDhcp(discoverMessage(CLIENT, 0)).subarray(0, 240);
        return Buffer.concat([head, rest]);
      }),
    );
    let read = 0;
    fc.assert(
      fc.property(anything, (bytes) => {
        try {
          answerOf(parseDhcp(Buffer.from(bytes)), '10.0.0.1');
          read += 1;
        } catch (error) {
          assert.ok(badMessage(error), String(error));
        }
      }),
      { numRuns: 1000 },
    );
    assert.ok(read > 0, 'nothing was ever read');
  });

  test('a DHCP message that is cut off is refused, unless only padding is missing', () => {
    const whole = encodeDhcp(discoverMessage(CLIENT, 0));
    const end = whole.lastIndexOf(255);
    for (let length = 0; length < end; length += 1) {
      const cut = whole.subarray(0, length);
      try {
        // Cut between two options it is a shorter message.
        assert.ok(length >= 240);
        assert.ok(
          parseDhcp(cut).options.length < parseDhcp(whole).options.length,
          `${length} bytes`,
        );
      } catch (error) {
        if (length >= 240) assert.ok(badMessage(error), String(error));
        else assert.throws(() => parseDhcp(cut), badMessage);
      }
    }
    assert.deepEqual(parseDhcp(whole.subarray(0, end + 1)), parseDhcp(whole));
  });

  test('a DHCP message may keep options in the fields of boot file and server name', () => {
    const bytes = encodeDhcp({ ...discoverMessage(CLIENT, 0), options: [] });
    const inOptions = Buffer.concat([bytes.subarray(0, 240), Buffer.of(53, 1, 2, 52, 1, 3, 255)]);
    Buffer.of(67, 5, ...Buffer.from('a.efi'), 255).copy(inOptions, 108);
    Buffer.of(66, 4, ...Buffer.from('boot'), 255).copy(inOptions, 44);
    const message = parseDhcp(inOptions);
    assert.equal(message.bootFile, '');
    assert.equal(message.serverName, '');
    assert.deepEqual(
      message.options.map(({ code, value }) => [code, value.toString('latin1')]),
      [
        [53, '\u0002'],
        [67, 'a.efi'],
        [66, 'boot'],
      ],
    );
  });

  test('a DHCP message that does not fit is refused before it is sent', () => {
    const discover = discoverMessage(CLIENT, 0);
    const refused = (message: DhcpMessage): void =>
      assert.throws(
        () => encodeDhcp(message),
        (error) => error instanceof OperatorError && error.code === 'bad-argument',
      );
    refused({ ...discover, bootFile: 'x'.repeat(128) });
    refused({ ...discover, serverName: '€' });
    refused({ ...discover, nextServer: 'server' });
    refused({ ...discover, options: [{ code: 255, value: Buffer.alloc(0) }] });
  });
});

describe('a PXE client', () => {
  test('a PXE client asks everybody, wants a broadcast answer and says its kind of firmware', () => {
    const message = parseDhcp(encodeDhcp(discoverMessage(CLIENT, 4)));
    const value = (code: number): string | undefined =>
      message.options.find((option) => option.code === code)?.value.toString('hex');
    assert.equal(message.broadcast, true);
    assert.equal(message.elapsedSeconds, 4);
    assert.equal(value(OPTION.messageType), '01');
    assert.equal(value(OPTION.clientArch), '0007');
    assert.equal(value(OPTION.networkInterface), '010301');
    assert.equal(value(OPTION.machineId), `00${'00'.repeat(10)}525400770001`);
  });

  test('a PXE client names the entry of the boot menu that it chose', () => {
    const question = bootServerRequest(CLIENT, {
      clientAddress: '10.77.0.20',
      serverAddress: '10.77.0.1',
      bootItem: 0x8001,
    });
    const message = parseDhcp(encodeDhcp(question));
    const chosen = message.options.find(({ code }) => code === OPTION.vendorOptions);
    assert.equal(chosen?.value.toString('hex'), '4704800100' + '00ff');
    assert.equal(message.clientAddress, '10.77.0.20');
  });
});
