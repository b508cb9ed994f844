import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import {
  acmEvent,
  arnOf,
  imported,
  RECORD,
  renewed,
  requested,
  START,
  stuck,
} from '../stories/watch-expiry/samples.ts';
import type { Fate } from '../support/world/calls.ts';
import type { ExpiryWorld } from '../support/world/expiry-world.ts';
import { anExpiryWorld, refusedBy } from '../support/world/expiry-world.ts';

const HOUR_SECONDS = 3_600;
const DAY_MILLISECONDS = 86_400_000;

const TOKYO = stuck('tokyo', 14);
const VIRGINIA = stuck('virginia', 20, { region: 'us-east-1' });

/** What people read, however often and in whatever order it was published. */
const heard = (world: ExpiryWorld): readonly string[] =>
  world
    .bodies()
    .map((body) => {
      switch (body.kind) {
        case 'certificates-need-action':
          return `${body.standing.kind} ${body.certificates.map(({ name }) => name).join(' ')}`;
        case 'certificate-settled':
          return `${body.how} ${body.certificate.arn.split('/')[1]}`;
        case 'served-certificate-wrong':
          return `${body.finding} ${body.host}`;
        case 'domain-needs-action':
          return `${body.finding} ${body.domain}`;
        default:
          return body.kind;
      }
    })
    .sort();

const endOf = (world: ExpiryWorld) => ({
  heard: heard(world),
  open: [...world.memory.announcements.keys()].sort(),
  leases: [...world.state.heldLeases.keys()],
});

/** A story from its first word to its end, and what is heard of it when all goes well. */
interface Journey {
  readonly name: string;
  readonly world: () => ExpiryWorld;
  readonly run: (world: ExpiryWorld) => Promise<void>;
  /** Another look at everything, when nothing fails any more. */
  readonly again: (world: ExpiryWorld) => Promise<void>;
  readonly end: ReturnType<typeof endOf>;
}

const LOOK_AT_CERTIFICATES = '{"usher":1,"kind":"expiry-certificates"}';

const certificates: Journey = {
  name: 'two certificates that wait for one record, one imported, one requested',
  world: () => {
    const world = anExpiryWorld();
    world.put(TOKYO, VIRGINIA, imported('shop', 7), requested('new'));
    return world;
  },
  run: async (world) => {
    await world.deliver(LOOK_AT_CERTIFICATES);
    await world.settle(HOUR_SECONDS);
    const now = world.clock.now();
    world.put(renewed(TOKYO, now), renewed(VIRGINIA, now), renewed(requested('new', { status: 'ISSUED' }), now));
    world.put(imported('shop', 300));
    await world.deliver(LOOK_AT_CERTIFICATES);
    await world.settle(2 * HOUR_SECONDS);
  },
  again: async (world) => {
    await world.deliver(LOOK_AT_CERTIFICATES);
    await world.settle(2 * HOUR_SECONDS);
  },
  end: {
    heard: [
      'issued new',
      're-imported shop',
      'renewed tokyo',
      'renewed virginia',
      'stuck www.example.co.jp www.example.co.jp www.example.co.jp',
      'wont-renew shop.example.com',
    ],
    open: [],
    leases: [],
  },
};

const LOOK_OUTSIDE = ['{"usher":1,"kind":"expiry-endpoints"}', '{"usher":1,"kind":"expiry-domains"}'];

const registeredFor = (days: number) =>
  ({
    kind: 'registered',
    source: 'rdap',
    expiresAt: new Date(START.getTime() + days * DAY_MILLISECONDS),
    registrar: 'Registrar',
    renewsItself: undefined,
    statuses: [],
  }) as const;

const outside: Journey = {
  name: 'an endpoint that does not answer and a domain that ends',
  world: () => {
    const world = anExpiryWorld({ settings: { endpoints: [{ host: 'www.example.org', port: 443 }] } });
    world.registrations.set('example.org', registeredFor(20));
    return world;
  },
  run: async (world) => {
    await world.deliver(...LOOK_OUTSIDE);
    await world.settle(HOUR_SECONDS);
    world.registrations.set('example.org', registeredFor(385));
    world.served.set('www.example.org:443', {
      kind: 'served',
      chain: [
        {
          subject: 'www.example.org',
          issuer: 'R11',
          names: ['www.example.org'],
          notBefore: START,
          notAfter: new Date(START.getTime() + 60 * DAY_MILLISECONDS),
          serial: '0A',
          fingerprint256: 'AA',
        },
      ],
      namesHost: true,
      trust: 'trusted',
    });
    world.clock.advance(24 * HOUR_SECONDS);
    await world.deliver(...LOOK_OUTSIDE);
    await world.settle(HOUR_SECONDS);
  },
  again: async (world) => {
    world.clock.advance(24 * HOUR_SECONDS);
    await world.deliver(...LOOK_OUTSIDE);
    await world.settle(HOUR_SECONDS);
  },
  end: {
    heard: ['could-not-connect www.example.org', 'domain-settled', 'expiring example.org', 'served-certificate-right'],
    open: [],
    leases: [],
  },
};

const callsOf = async ({ world: make, run, end }: Journey): Promise<number> => {
  const world = make();
  await run(world);
  expect(endOf(world)).toEqual(end);
  return world.calls.length;
};

/** Runs the journey once for each of its calls, with that call's fate. */
const atEveryCall = async (
  journey: Journey,
  fate: Fate,
  check: (k: number, world: ExpiryWorld) => void | Promise<void>,
): Promise<void> => {
  const calls = await callsOf(journey);
  expect(calls).toBeGreaterThan(40);
  for (let k = 1; k <= calls; k += 1) {
    const world = journey.world();
    world.onCall((call) => (call === k ? fate : 'proceed'));
    await journey.run(world);
    await check(k, world);
  }
};

for (const journey of [certificates, outside])
  describe(journey.name, () => {
    for (const fate of ['fail-before', 'fail-after'] as const)
      test(`when a run ${fate === 'fail-before' ? 'dies before' : 'dies after'} each call in turn, then the same is heard, once`, async () => {
        await atEveryCall(journey, fate, (k, world) => {
          expect({ k, ...endOf(world) }).toEqual({ k, ...journey.end });
        });
      });

    test('when each call in turn fails in passing, then the same is heard in the end', async () => {
      await atEveryCall(journey, refusedBy('AWS', 'Any', 'throttled'), async (k, world) => {
        const end = endOf(world);
        // What could be read only later is told beside what was told before, in the same thread.
        const whole = end.heard.filter((one) => !/^(?:stuck|pending-issuance) (?:www.example.co.jp ?){1,2}$/.test(one));
        expect({ k, ...end, heard: whole }).toEqual({ k, ...journey.end });
      });
    });

    test('when each call in turn is denied, then nothing is said twice, and the same has ended in the end', async () => {
      await atEveryCall(journey, refusedBy('AWS', 'Any', 'denied'), async (k, world) => {
        await journey.again(world);
        const { heard: said, open, leases } = endOf(world);
        const twice = said.filter((one, index) => said.indexOf(one) !== index);
        expect({ k, twice, open, leases }).toEqual({ k, twice: [], open: [], leases: [] });
      });
    });

    test('when Slack’s queue takes nothing for half an hour, then the same is heard once it does', async () => {
      const world = journey.world();
      const opensAt = world.clock.now().getTime() + 1_800_000;
      world.onCall((_, name) =>
        name === 'reports.publish' && world.clock.now().getTime() < opensAt
          ? refusedBy('SQS', 'SendMessage', 'transient')
          : 'proceed',
      );
      await journey.run(world);
      expect(endOf(world)).toEqual(journey.end);
    });
  });

describe('messages in any order', () => {
  const EVENTS = [
    acmEvent('ACM Certificate Renewal Action Required', TOKYO.arn),
    acmEvent('ACM Certificate Renewal Action Required', VIRGINIA.arn),
    acmEvent('ACM Certificate Approaching Expiration', arnOf('shop')),
    '{"usher":1,"kind":"expiry-survey"}',
    '{"usher":1,"kind":"expiry-certificates"}',
  ];

  test('Given events and surveys in any order and number, when they are taken, then each matter is told once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom(...EVENTS), fc.integer({ min: 0, max: 3_600 })), {
          minLength: 3,
          maxLength: 12,
        }),
        async (messages) => {
          const world = anExpiryWorld();
          world.put(TOKYO, VIRGINIA, imported('shop', 7));
          for (const [message, pause] of messages) {
            await world.deliver(message);
            await world.settle(pause);
          }
          await world.survey();
          expect(heard(world)).toEqual(['stuck www.example.co.jp www.example.co.jp', 'wont-renew shop.example.com']);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('Given two runs at the same time, when both find the same, then one of them waits and it is told once', async () => {
    const world = anExpiryWorld();
    world.put(TOKYO, VIRGINIA);
    await Promise.all([...EVENTS, ...EVENTS].map((message) => world.deliver(message)));
    await world.settle(3_600);
    expect(heard(world)).toEqual(['stuck www.example.co.jp www.example.co.jp']);
  });

  test('Given an event of the renewal beside the hourly look, when both see it, then its ending is told once', async () => {
    const world = anExpiryWorld();
    world.put(TOKYO);
    await world.survey();
    world.records.set(RECORD.name, RECORD.value);
    world.put(renewed(TOKYO, world.clock.now()));
    const event = acmEvent('ACM Certificate Available', TOKYO.arn);
    await world.deliver(event);
    await world.settle(1_900);
    await world.deliver(event);
    await world.survey();
    expect(heard(world)).toEqual(['renewed tokyo', 'stuck www.example.co.jp']);
  });
});
