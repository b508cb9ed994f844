import { EC2Client, StopInstancesCommand } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { ReceivedSlackMessage } from '../../local/slack/stand-in.ts';
import type { SmallWorld } from '../../local/world/small-world.ts';
import type { DeployedService } from '../support/deployed-service.ts';
import { callsOfUsher, shownBy, startDeployedService, until, writesOfUsher } from '../support/deployed-service.ts';
import type { HopScenario } from '../support/hop-scenarios.ts';
import { HOP_SCENARIOS, play } from '../support/hop-scenarios.ts';
import { liveTags } from '../support/live-tags.ts';
import { assertCallsAllowed } from '../support/permissions.ts';
import { ACCOUNT, REGION, resolved } from '../support/template.ts';

jest.setTimeout(90_000); // what is waited for takes seconds, unless two cores are busy

let usher: DeployedService;
let ec2: EC2Client;
const worlds: SmallWorld[] = [];

const newSite = async (...site: Parameters<DeployedService['site']>): Promise<SmallWorld> => {
  const world = await usher.site(...site);
  worlds.push(world);
  return world;
};

beforeAll(async () => {
  usher = await startDeployedService();
  const { url: endpoint } = usher.proxy;
  ec2 = new EC2Client({ endpoint, region: REGION, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } });
}, 240_000); // the first run packages the service

afterAll(async () => {
  ec2?.destroy();
  await usher?.stop();
});

const about = (...names: readonly string[]) => ({
  matching: (message: ReceivedSlackMessage) => names.every((name) => shownBy(message).includes(name)),
  timeoutMilliseconds: 30_000,
});

const messagesAbout = (name: string): readonly string[] =>
  usher.slack.messages.map(shownBy).filter((text) => text.includes(name));

const ruleFrom = (world: SmallWorld, port: number) => ({
  IpProtocol: 'tcp',
  FromPort: port,
  ToPort: port,
  from: world.balancerGroupId,
  tags: { 'usher:owner': 'local' },
});

const stateChange = (instanceId: string, state: string) => ({
  source: 'aws.ec2',
  'detail-type': 'EC2 Instance State-change Notification',
  resources: [`arn:aws:ec2:${REGION}:${ACCOUNT}:instance/${instanceId}`],
  detail: { 'instance-id': instanceId, state },
});

describe('An instance that is launched', () => {
  test('is seated, followed until it is healthy, and announced; and a client that is not ours reads back no more than that', async () => {
    const world = await newSite({ name: 'web' });
    const instanceId = await world.launch('web-1');

    const message = shownBy(await usher.slack.nextMessage(about('web-1')));

    expect(message).toMatch(/\*web-1 is in service\* \(web-prod\) – healthy after \d+ s/);
    expect(message).toMatch(/Now 1 of 1 healthy: 1[a-z] ×1/);
    expect(message).toMatch(
      /Changed: `sg-web` inbound tcp\/80 from `sg-alb` \(\+1 rule\), registered on port 80\. Nothing else\./,
    );
    expect(await usher.readBack(world)).toEqual({
      targets: [{ id: instanceId, port: 80, state: 'healthy' }],
      rules: [ruleFrom(world, 80)],
    });
  });

  test('Given health checks on a port of their own, then both ports are opened, each by one rule', async () => {
    const world = await newSite({ name: 'checked', healthCheckPort: 8080 });
    const instanceId = await world.launch('checked-1', 1);

    expect(shownBy(await usher.slack.nextMessage(about('checked-1')))).toContain('*checked-1 is in service*');

    const { targets, rules } = await usher.readBack(world);
    expect(targets).toEqual([{ id: instanceId, port: 80, state: 'healthy' }]);
    expect(rules).toHaveLength(2);
    expect(rules).toEqual(expect.arrayContaining([ruleFrom(world, 80), ruleFrom(world, 8080)]));
  });

  test('Given its event ten times, out of order and with another’s end between, then there is one rule, one registration and one message', async () => {
    const world = await newSite({ name: 'again' });
    const instanceId = await world.launch('again-1');
    const other = 'i-0123456789abcdef0';
    const running = Array.from({ length: 5 }, () => stateChange(instanceId, 'running'));
    const events = [...running, stateChange(other, 'terminated'), stateChange(instanceId, 'pending'), ...running];
    await Promise.all(events.slice(0, 6).map(usher.send));
    expect(shownBy(await usher.slack.nextMessage(about('again-1')))).toContain('*again-1 is in service*');
    await Promise.all(events.slice(6).map(usher.send));
    await usher.quiet();

    expect(messagesAbout('again-1')).toHaveLength(1);
    const ofWorld = usher.proxy.calls.filter(({ parameters }) =>
      [world.targetGroupArn, world.instanceGroupId].some((id) => Object.values(parameters).includes(id)),
    );
    expect(writesOfUsher(ofWorld, 'RegisterTargets')).toHaveLength(1);
    expect(writesOfUsher(ofWorld, 'AuthorizeSecurityGroupIngress')).toHaveLength(1);
    expect(await usher.readBack(world)).toEqual({
      targets: [{ id: instanceId, port: 80, state: 'healthy' }],
      rules: [ruleFrom(world, 80)],
    });
    expect(await usher.deadLetters()).toBe(0);
  });
});

describe('While a launch that matches nothing is looked at once more, a minute later', () => {
  let stranger: string;
  let neighbourhood: SmallWorld;

  beforeAll(async () => {
    neighbourhood = await newSite({ name: 'quiet' });
    stranger = await neighbourhood.launch('stranger', 0, 'nobody');
  });

  describe('Slack', () => {
    test('Given it answers 500 and then 429, when two instances are launched, then each report arrives once', async () => {
      const [first, second] = [await newSite({ name: 'first' }), await newSite({ name: 'second' })];
      const before = usher.slack.requests.length;
      usher.slack.answerNext({ status: 500 }, { status: 429, retryAfterSeconds: 1 });

      await Promise.all([first.launch('first-1'), second.launch('second-1')]);
      await Promise.all([usher.slack.nextMessage(about('first-1')), usher.slack.nextMessage(about('second-1'))]);
      await usher.quiet(['WatchQueue', 'ReportQueue']);

      expect(usher.slack.requests.slice(before).map(({ status }) => status)).toEqual([500, 429, 200, 200]);
      expect(messagesAbout('first-1')).toHaveLength(1);
      expect(messagesAbout('second-1')).toHaveLength(1);
      expect(await usher.deadLetters()).toBe(0);
    });

    test('Given a name that would ping everybody, then the message shows it and holds nothing that Slack would act on', async () => {
      const world = await newSite({ name: 'loud' });
      await world.launch('<!channel> & <@U012345678>');

      const message = await usher.slack.nextMessage(about('loud-prod'));

      expect(shownBy(message)).toContain('&lt;!channel&gt; &amp; &lt;@U012345678&gt; is in service');
      expect(liveTags(shownBy(message))).toEqual([]);
    });

    test('Given a stage that speaks Japanese, then the message is in Japanese', async () => {
      await usher.setEnvironment('post-to-slack', 'USHER_LANGUAGE', 'ja');
      const world = await newSite({ name: 'tokyo' });
      await world.launch('tokyo-1');

      const message = shownBy(await usher.slack.nextMessage(about('tokyo-1')));
      await usher.setEnvironment('post-to-slack', 'USHER_LANGUAGE', 'en');

      expect(message).toMatch(/\*tokyo-1 が稼働に加わりました\*/);
      expect(message).toMatch(/現在 1台中1台が正常：1[a-z] 1台/);
    });
  });

  describe('A batch of launches', () => {
    /** Both workers are kept busy, so that what is launched meanwhile comes in one batch. */
    const keepBusy = async (instanceId: string): Promise<void> => {
      const isBusy = { service: 'ec2', action: 'DescribeInstances' };
      usher.proxy.faults.failAll(isBusy, { kind: 'delay', milliseconds: 1_500 }, 2);
      for (const busy of [1, 2]) {
        await usher.send(stateChange(instanceId, 'running'));
        await until('a busy worker', () => {
          const open = callsOfUsher(usher.proxy.calls).filter(
            ({ action, statusCode }) => action === 'DescribeInstances' && statusCode === undefined,
          );
          return open.length >= busy ? true : undefined;
        });
      }
    };

    test('Given one that stops just before it is registered, then the others are registered', async () => {
      const world = await newSite({ name: 'batch' });
      const earlier = await world.launch('batch-1');
      await usher.slack.nextMessage(about('batch-1'));
      await keepBusy(earlier);
      usher.proxy.faults.failNext(
        { service: 'elbv2', action: 'RegisterTargets' },
        { kind: 'delay', milliseconds: 1_000 },
      );
      const ids = await Promise.all(['batch-2', 'batch-3', 'batch-4'].map((name) => world.launch(name)));
      const [stopped = '', ...others] = ids;
      await until('the registration of all three', () =>
        callsOfUsher(usher.proxy.calls).find(
          ({ action, parameters }) => action === 'RegisterTargets' && Object.values(parameters).includes(stopped),
        ),
      );
      await ec2.send(new StopInstancesCommand({ InstanceIds: [stopped] }));

      await usher.slack.nextMessage(about('batch-3'));

      const registrations = callsOfUsher(usher.proxy.calls).filter(
        ({ action, parameters }) => action === 'RegisterTargets' && Object.values(parameters).includes(stopped),
      );
      expect(
        registrations.map(({ errorCode, parameters }) => [
          errorCode,
          ids.filter((id) => Object.values(parameters).includes(id)),
        ]),
      ).toEqual([['InvalidTarget', ids]]);
      const { targets } = await usher.readBack(world);
      expect(targets.map(({ id }) => id).sort()).toEqual([earlier, ...others].sort());
    });
  });

  describe('Targets that do not answer', () => {
    const BEHAVIOURS = [
      ['silent', 'Target.Timeout'],
      ['refuses', 'Target.FailedHealthChecks'],
      ['wrong-code', 'Target.ResponseCodeMismatch'],
    ] as const;

    test('are called not in service, with the reason, and announced once they are back', async () => {
      const told = await Promise.all(
        BEHAVIOURS.map(async ([behaviour, reason]) => {
          const name = `${behaviour}-1`;
          const world = await newSite({ name: behaviour });
          const instanceId = await world.launch(name);
          usher.proxy.instances.set(instanceId, behaviour);
          const bad = shownBy(await usher.slack.nextMessage(about(name)));
          usher.proxy.instances.set(instanceId, 'answers');
          const good = shownBy(await usher.slack.nextMessage(about(name)));
          return { name, reason, bad, good };
        }),
      );
      for (const { name, reason, bad, good } of told) {
        expect(bad).toContain(`*${name} is not in service*`);
        expect(bad).toContain(reason);
        expect(good).toContain(`*${name} is`);
        expect(good).not.toContain('not in service');
      }
    });
  });

  describe('Every hop of the path', () => {
    const stopOnceRegistered = async (instanceId: string): Promise<void> => {
      await until('its registration', () =>
        writesOfUsher(usher.proxy.calls, 'RegisterTargets').find(({ parameters }) =>
          Object.values(parameters).includes(instanceId),
        ),
      );
      await ec2.send(new StopInstancesCommand({ InstanceIds: [instanceId] }));
    };

    /** A hop of each kind that stands in the way, and the two cases where what would help must not be written. */
    const OBSTACLES: Readonly<Record<string, HopScenario>> = {
      unheard: {
        site: { isNotListenedTo: true },
        said: (name) => `no listener or rule forwards to ${name}-prod`,
      },
      own: { site: { wearsDefaultGroup: true }, said: () => 'the rule it needs was not written' },
      zone: HOP_SCENARIOS.zone,
      egress: HOP_SCENARIOS['balancer-egress'],
      leaving: HOP_SCENARIOS['acl-balancer-out'],
      entering: HOP_SCENARIOS['acl-target-in'],
      returning: HOP_SCENARIOS['acl-target-out'],
      returned: HOP_SCENARIOS['acl-balancer-in'],
    };

    test('that Usher can open is opened, and one that it must not is named in the message while the target is registered all the same', async () => {
      const site = { ...usher, site: newSite };
      const seated = await Promise.all(
        Object.entries(OBSTACLES).map(async ([name, scenario]) => ({
          name,
          ...(await play(site, ec2, scenario, name)),
        })),
      );

      for (const { name, world, instanceId, message, isAsItShouldBe } of seated) {
        expect({ name, isAsItShouldBe, message }).toMatchObject({ isAsItShouldBe: true });
        const { targets, rules } = await usher.readBack(world);
        expect(targets).toMatchObject([{ id: instanceId, port: 80 }]);
        if (name === 'own') expect(rules.filter(({ tags }) => Object.keys(tags ?? {}).length > 0)).toEqual([]);
      }
      const writes = callsOfUsher(usher.proxy.calls).filter(({ access }) => access === 'write');
      expect([...new Set(writes.map(({ action }) => action))].sort()).toEqual([
        'AuthorizeSecurityGroupEgress',
        'AuthorizeSecurityGroupIngress',
        'RegisterTargets',
      ]);
    });

    test('that leads to an instance stopped meanwhile is no more: its target is taken out, and said to be', async () => {
      const world = await newSite({ name: 'stopped' });
      const instanceId = await world.launch('stopped-1');
      await stopOnceRegistered(instanceId);
      const message = await usher.slack.nextMessage(about('*stopped-1 was taken out of stopped-prod*'));
      expect(shownBy(message)).toContain('Changed: deregistered. Nothing else.');
      expect((await usher.readBack(world)).targets).toEqual([]);
    });
  });

  test('Given a launch that matched nothing, then there is no write, no message and one line in the log', async () => {
    const told = await until(
      'the line about the instance that matches nothing',
      async () => {
        const lines = (await usher.logOf('register-targets')).filter(({ instanceId }) => instanceId === stranger);
        return lines.length > 0 ? lines : undefined;
      },
      80_000,
    );
    expect(told).toEqual([{ event: 'matches-nothing', instanceId: stranger }]);
    expect(messagesAbout('stranger')).toEqual([]);
    expect(messagesAbout('quiet-prod')).toEqual([]);
    const writes = callsOfUsher(usher.proxy.calls).filter(({ access }) => access === 'write');
    expect(
      writes.filter(({ resources }) =>
        [stranger, neighbourhood.targetGroupArn, neighbourhood.instanceGroupId].some((id) => resources.includes(id)),
      ),
    ).toEqual([]);
  });
});

describe('In the end', () => {
  test('every call that the functions made is one that their deployed roles allow', async () => {
    const template = resolved(await usher.template());
    const calls = callsOfUsher(usher.proxy.calls);
    const roleOf = new Map(worlds.map((world) => [world.targetGroupArn, world]));
    const known = {
      vpcIdOf: (id: string) =>
        worlds.find(({ instanceGroupId, balancerGroupId }) => [instanceGroupId, balancerGroupId].includes(id))?.vpcId ??
        '',
      tagsOf: (arn: string): Readonly<Record<string, string>> =>
        roleOf.has(arn) ? { 'usher:selector': 'Role=web' } : {},
    };
    expect([...new Set(calls.map(({ application }) => application))].sort()).toEqual([
      'usher-register-targets',
      'usher-watch-targets',
    ]);
    for (const name of ['register-targets', 'watch-targets']) {
      const own = calls.filter(({ application }) => application === `usher-${name}`);
      expect(own.length).toBeGreaterThan(10);
      await assertCallsAllowed(template, name, own, known);
    }
    expect(usher.proxy.problems).toEqual([]);
    expect(await usher.deadLetters()).toBe(0);
  });
});
