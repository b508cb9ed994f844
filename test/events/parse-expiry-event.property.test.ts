import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MalformedEventError } from '../../events/malformed-event-error.ts';
import { parseExpiryEvent } from '../../events/parse-expiry-event.ts';
import type { Json } from './samples.ts';
import { changed, sampleNames } from './samples.ts';

/** Written here again on purpose: this is the promise, whatever the code believes an ARN to be. */
const CERTIFICATE_ARN = /^arn:[a-z-]+:acm:[a-z0-9-]+:\d{12}:certificate\/[A-Za-z0-9-]+$/;

const ownSamples = sampleNames.filter((name) => /^(?:certificate-event|health-event)\//.test(name));
const anyJson = fc.jsonValue() as fc.Arbitrary<Json>;
const almost: fc.Arbitrary<Json> = fc.oneof(
  anyJson,
  fc.stringMatching(/^arn:aws:acm:us-east-1:\d{11,12}:certificate\/[0-9a-f-]{0,4}$/),
  fc.stringMatching(/^arn:aws:acm:us-east-1:\d{11,12}:certificate\/[0-9a-f-]{0,4}$/).map((arn) => [arn]),
  fc.constantFrom<Json>('', ' ', null, 123456789012, [], {}, 'ACM', 'global', 'us-east-1'),
);

const fields = (names: readonly string[]) => fc.dictionary(fc.constantFrom(...names), almost, { maxKeys: 3 });

test('whatever stands in an event of ACM or Health, it is read or refused as malformed, and what it names is a certificate', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...ownSamples),
      fields(['account', 'region', 'resources', 'time', 'id', 'detail']),
      fields(['service', 'eventRegion', 'affectedAccount', 'affectedEntities', 'CommonName', 'DaysToExpiry']),
      (name, top, detail) => {
        try {
          const event = parseExpiryEvent(changed(name, top, detail));
          if (event.kind === 'certificate-sighted') expect(event.certificateArn).toMatch(CERTIFICATE_ARN);
          if (event.kind === 'certificates-in-health-event')
            for (const arn of event.certificateArns) expect(arn).toMatch(CERTIFICATE_ARN);
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedEventError);
        }
      },
    ),
    { numRuns: 500 },
  );
});

test('whatever JSON arrives, it is read or refused as malformed', () => {
  fc.assert(
    fc.property(anyJson, (raw) => {
      try {
        expect(typeof parseExpiryEvent(raw).kind).toBe('string');
      } catch (error) {
        expect(error).toBeInstanceOf(MalformedEventError);
      }
    }),
  );
});
