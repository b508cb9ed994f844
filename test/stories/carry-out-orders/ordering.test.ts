import { describe, expect, test } from '@jest/globals';
import { AwsCallError } from '../../../aws/aws-call-error.ts';
import { anOrderWorld } from './orders.ts';

const lineOf = async (world: ReturnType<typeof anOrderWorld>) =>
  (await world.invalidations.readLine('E1WWW2222222')).waiting.map(({ request }) => request);

describe('Invalidations', () => {
  test('Given a person who may, when they type a URL, then the path is in line, its line woken, and they are told', async () => {
    const world = anOrderWorld();
    await world.deliver(world.type('https://www.example.com/blog/*', {}, '/invalidate'));
    expect(await lineOf(world)).toMatchObject([
      { place: { distributionId: 'E1WWW2222222' }, paths: ['/blog/*'], when: 'now', destination: 'default' },
    ]);
    expect(world.invalidationQueue.sent).toHaveLength(1);
    expect(world.answers()).toMatchObject([
      { kind: 'invalidation-taken', places: [{ name: 'www.example.com', id: 'E1WWW2222222' }], price: { paths: 1 } },
    ]);
    expect(world.replied.map(({ audience }) => audience)).toEqual(['person']);
  });

  test('Given everything is asked for, when it is ordered, then nothing is in line until a button says so', async () => {
    const world = anOrderWorld();
    await world.deliver(world.type('invalidate www.example.com /*'));
    expect(await lineOf(world)).toEqual([]);
    const [question] = world.questions();
    if (question?.kind !== 'confirmation-wanted') throw new Error('nothing was asked');
    expect([question.because, world.answers()]).toEqual([['Everything'], []]);
    await world.deliver(world.press({ verb: 'approve', planId: question.choices[0]?.planId ?? '' }));
    expect(await lineOf(world)).toMatchObject([{ paths: ['/*'] }]);
    expect(world.outcomes()).toEqual([
      { kind: 'invalidating', place: { name: 'www.example.com', id: 'E1WWW2222222' }, pathCount: 1 },
    ]);
  });

  const asksWhen = async () => {
    const world = anOrderWorld();
    const www = world.cloudFront.distributions.get('E1WWW2222222');
    if (www !== undefined) world.cloudFront.distributions.set(www.distributionId, { ...www, status: 'InProgress' });
    await world.deliver(world.type('invalidate www.example.com /a.html'));
    const [question] = world.questions();
    if (question?.kind !== 'confirmation-wanted') throw new Error('nothing was asked');
    expect(question.choices.map(({ label }) => label)).toEqual(['when-deployed', 'now']);
    const approve = async (label: string): Promise<string> => {
      const planId = question.choices.find((choice) => choice.label === label)?.planId ?? '';
      await world.deliver(world.press({ verb: 'approve', planId }));
      return world.state.storedPlans.get(planId)?.status ?? 'absent';
    };
    return { world, approve, kinds: () => world.outcomes().map(({ kind }) => kind) };
  };

  test('Given one waits for the deployment, when "now" is pressed after all, then the same request waits no longer', async () => {
    const { world, approve, kinds } = await asksWhen();
    expect([await approve('when-deployed'), await approve('now')]).toEqual(['done', 'done']);
    expect(await lineOf(world)).toMatchObject([{ paths: ['/a.html'], when: 'now' }]);
    expect(kinds()).toEqual(['invalidating', 'invalidating']);
  });

  test('Given "now" was pressed, when the later choice is pressed as well, then it is said that nothing was added', async () => {
    const { world, approve, kinds } = await asksWhen();
    expect([await approve('now'), await approve('when-deployed')]).toEqual(['done', 'refused']);
    expect(await lineOf(world)).toMatchObject([{ paths: ['/a.html'], when: 'now' }]);
    expect(kinds()).toEqual(['invalidating', 'invalidating-already']);
  });

  test('Given a distribution with a line of its own, when somebody else orders it, then it is refused with that line', async () => {
    const world = anOrderWorld({}, { writers: 'invalidate=U0001', distributionWriters: 'E1WWW2222222=U0002' });
    await world.deliver(world.type('invalidate www.example.com /a.html'));
    expect(await lineOf(world)).toEqual([]);
    expect(world.answers()).toMatchObject([
      { kind: 'not-allowed', parameter: 'distributionWriters', distributionId: 'E1WWW2222222', allowed: ['U0002'] },
    ]);
    await world.deliver(world.type('invalidate www.example.com /a.html', { userId: 'U0002' }));
    expect(await lineOf(world)).toHaveLength(1);
  });

  test('Given nobody is named, when somebody orders, then CloudFront is not even looked at', async () => {
    const world = anOrderWorld({}, { writers: '' });
    await world.deliver(world.type('invalidate www.example.com /a.html'));
    expect(world.calls.filter(({ name }) => name.startsWith('cloudFront')).length).toBe(0);
    expect(world.answers()).toMatchObject([{ kind: 'not-allowed', right: 'invalidate', parameter: 'writers' }]);
  });

  test('Given a yes by somebody who may not invalidate there, when they press, then nothing is in line', async () => {
    const world = anOrderWorld({}, { writers: 'invalidate=U0001 approve=U0002' });
    await world.deliver(world.type('invalidate www.example.com /*'));
    const [question] = world.questions();
    const planId = question?.kind === 'confirmation-wanted' ? (question.choices[0]?.planId ?? '') : '';
    await world.deliver(world.press({ verb: 'approve', planId }, { userId: 'U0002' }));
    expect(await lineOf(world)).toEqual([]);
    expect(world.answers()).toMatchObject([{ kind: 'not-allowed', right: 'invalidate' }]);
  });

  test.each([
    ['a name that nobody answers to', 'invalidate shop.example.net /a', { kind: 'no-such-place' }],
    ['a path that CloudFront can’t clear', 'invalidate www.example.com /~tanaka', { kind: 'paths-refused' }],
    ['no paths', 'invalidate www.example.com', { kind: 'not-understood', because: 'NoPaths' }],
  ])('Given %s, when it is ordered, then it is said and nothing is in line', async (_, text, answer) => {
    const world = anOrderWorld();
    await world.deliver(world.type(text));
    expect(await lineOf(world)).toEqual([]);
    expect(world.answers()).toMatchObject([answer]);
  });

  test('Given more wrong paths than anybody reads, when they are ordered, then some are shown, and all are counted', async () => {
    const world = anOrderWorld();
    const paths = Array.from({ length: 30 }, (_, index) => `/~user${index}`);
    await world.deliver(world.type(`invalidate www.example.com ${paths.join(' ')}`));
    const [answer] = world.answers();
    if (answer?.kind !== 'paths-refused') throw new Error('the paths were taken');
    expect([answer.findings.length, answer.findingCount]).toEqual([20, 30]);
  });

  test('Given an order whose run dies before or after any one call, when it comes again, then each path is in line once', async () => {
    const counting = anOrderWorld();
    await counting.deliver(counting.type('invalidate www.example.com /a.html /b.html'));
    for (let k = 1; k <= counting.calls.length; k += 1)
      for (const fate of ['fail-before', 'fail-after'] as const) {
        const world = anOrderWorld();
        world.onCall((each) => (each === k ? fate : 'proceed'));
        await world.deliver(world.type('invalidate www.example.com /a.html /b.html'));
        world.onCall();
        expect([fate, k, (await lineOf(world)).map(({ paths }) => paths)]).toEqual([fate, k, [['/a.html', '/b.html']]]);
        expect(world.answers().length).toBeGreaterThanOrEqual(1);
      }
  });
});

describe('Other commands', () => {
  test.each([
    ['', { kind: 'help', about: undefined }],
    ['help invalidate', { kind: 'help', about: 'invalidate' }],
    ['doctor web', { kind: 'nothing-to-examine', said: 'web' }],
    ['doctor', { kind: 'say-which', verb: 'doctor' }],
    ['pause', { kind: 'not-allowed', right: 'pause', parameter: 'writers', allowed: [], yours: 'U0009@C0001' }],
    ['make me a coffee', { kind: 'not-understood', said: 'make me a coffee', because: 'UnknownVerb' }],
  ])(
    'Given "%s", when anybody types it, then they alone are answered, and nothing is written',
    async (text, answer) => {
      const world = anOrderWorld({}, { writers: '' });
      await world.deliver(world.type(text, { userId: 'U0009' }));
      expect(world.answers()).toEqual([answer]);
      expect(world.replied.map(({ audience }) => audience)).toEqual(['person']);
      expect(world.writes()).toEqual([]);
    },
  );

  test.each([
    ['doctor web', 'nothing-to-examine'],
    ['status', 'status'],
    ['certificates', 'certificates'],
  ])(
    'Given channels to read in, when somebody types "%s" elsewhere, then it is refused, and help is not',
    async (text, kind) => {
      const world = anOrderWorld({}, { readChannels: 'C0002' });
      const orders = [world.type(text), world.type(text, { channelId: 'C0002' }), world.type('help')];
      for (const order of orders) await world.deliver(order);
      expect(world.answers()).toMatchObject([
        { kind: 'not-allowed', right: 'read', parameter: 'readChannels', allowed: ['C0002'], yours: 'C0001' },
        { kind },
        { kind: 'help' },
      ]);
    },
  );
});

describe('Answers', () => {
  test('Given Slack takes no answer at the order’s own address, when it is carried out, then the channel hears it', async () => {
    const world = anOrderWorld();
    world.refuseAnswers();
    await world.deliver(world.type('invalidate www.example.com /a.html'));
    expect(world.reports.published.map(({ destination, body }) => [destination, body])).toMatchObject([
      ['default', { kind: 'order-answered', answer: { kind: 'invalidation-taken' } }],
    ]);
  });

  test('Given AWS fails once, when the message comes again, then the order is carried out after a pause of seconds', async () => {
    const world = anOrderWorld();
    const throttled = new AwsCallError({
      service: 'CloudFront',
      action: 'ListDistributions',
      code: 'Throttling',
      meaning: 'throttled',
      awsMessage: 'Rate exceeded',
    });
    let failures = 0;
    world.onCall((_, name) => {
      if (name !== 'cloudFront.readDistributions' || failures > 0) return 'proceed';
      failures += 1;
      return throttled;
    });
    await world.deliver(world.type('invalidate www.example.com /a.html'));
    expect(world.hidden).toEqual([5]);
    expect(world.answers()).toMatchObject([{ kind: 'invalidation-taken' }]);
  });

  test('Given AWS fails five times, when the last attempt is over, then the person is told so', async () => {
    const world = anOrderWorld();
    const denied = new AwsCallError({
      service: 'CloudFront',
      action: 'ListDistributions',
      code: 'AccessDenied',
      meaning: 'denied',
      awsMessage: 'no',
    });
    world.onCall((_, name) => (name === 'cloudFront.readDistributions' ? denied : 'proceed'));
    await world.deliver(world.type('invalidate www.example.com /a.html'));
    expect(world.hidden).toEqual([5, 15, 45, 120]);
    expect(world.answers()).toEqual([{ kind: 'failed', code: 'AccessDenied' }]);
    expect(world.log.some((line) => JSON.stringify(line).includes('secret'))).toBe(false);
  });
});
