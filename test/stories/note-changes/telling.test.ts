import { describe, expect, test } from '@jest/globals';
import { noteChange } from '../../../stories/note-changes/story.ts';
import { seatApproved } from '../../../stories/seat-instances/approved.ts';
import { failure } from '../journey.ts';
import { seat } from '../seat-instances/seating.ts';
import { aCall, aSite, CODE_DEPLOY, FIRST, OF_RULE, OF_WEB, OURSELVES, SECOND, WEB } from './changing.ts';

type Site = Awaited<ReturnType<typeof aSite>>;

const writes = ({ world }: Site) => world.writes().map(({ name }) => name);

/** Presses the first button of the last hold that was told. */
const putBack = async (site: Site) => {
  const planId = site.held().at(-1)?.buttons?.[0]?.planId ?? '';
  const plan = await site.world.ports.plans.find(planId);
  if (plan?.content.kind !== 'seat') throw new Error('nothing was offered');
  return seatApproved(site.world.ports)(plan.content);
};

describe('a target that a person takes out', () => {
  test('Given CloudTrail tells, then it is said once, with who did it, and it stays out over ten sweeps', async () => {
    const site = await aSite();
    await site.takeOut();
    site.world.forgetCalls();
    expect(await site.tell(aCall(site, 'DeregisterTargets', OF_WEB))).toEqual(['looked-at']);
    await site.untilQuiet();
    for (let sweep = 0; sweep < 10; sweep += 1) await site.later();
    expect(site.held()).toMatchObject([
      { targets: [{ name: 'web-1' }], rules: [], doer: { name: 'suzuki', via: 'console' }, isFollowUp: false },
    ]);
    expect([site.targets(), writes(site)]).toEqual([[SECOND], []]);
  });

  test('Given no trail at all, then sweeps say it once after half an hour, without who', async () => {
    const site = await aSite();
    await site.takeOut();
    await site.later();
    await site.later();
    expect(site.held()).toEqual([]);
    await site.later();
    await site.later();
    expect(site.held()).toMatchObject([{ targets: [{ name: 'web-1' }], doer: undefined, isFollowUp: false }]);
    expect(site.targets()).toEqual([SECOND]);
  });

  test('Given CloudTrail tells only after it was said, then who it was is added below the same message, once', async () => {
    const site = await aSite();
    await site.takeOut();
    const late = aCall(site, 'DeregisterTargets', OF_WEB);
    site.world.clock.advance(400);
    await seat(site.world, FIRST);
    expect(site.held()).toMatchObject([{ doer: undefined, isFollowUp: false }]);
    site.world.clock.advance(240);
    await site.tell(late);
    await site.untilQuiet();
    await site.tell(late, aCall(site, 'ModifyTargetGroup', OF_WEB));
    await site.untilQuiet();
    await site.later();
    const [first, ...others] = site.held();
    expect(others).toMatchObject([{ targets: [{ name: 'web-1' }], doer: { name: 'suzuki' }, isFollowUp: true }]);
    expect(others[0]?.buttons).toBeUndefined();
    expect(others[0]?.matter).toBe(first?.matter);
  });

  test('Given the button, when it is pressed, then it is back, and taken out once more it is said once more', async () => {
    const site = await aSite();
    for (let time = 1; time <= 2; time += 1) {
      await site.takeOut();
      await site.tell(aCall(site, 'DeregisterTargets', OF_WEB));
      await site.untilQuiet();
      expect(site.held()).toHaveLength(time);
      expect(await putBack(site)).toMatchObject({ kind: 'seated', outcome: { registered: 1 } });
      expect(site.targets()).toContain(FIRST);
      site.world.clock.advance(600);
    }
  });

  test('Given it was put there less than five minutes ago, when CloudTrail says who took it out, then it is held at once', async () => {
    const site = await aSite();
    await site.takeOut();
    await site.tell(aCall(site, 'DeregisterTargets', OF_WEB));
    await site.untilQuiet();
    await putBack(site);
    site.world.clock.advance(60);
    await site.takeOut();
    await site.tell(aCall(site, 'DeregisterTargets', OF_WEB));
    await site.untilQuiet();
    expect(site.held()).toHaveLength(2);
    expect(site.targets()).toEqual([SECOND]);
  });

  test('Given five at one go, then they are one message', async () => {
    const site = await aSite();
    await site.takeOut(FIRST);
    await site.takeOut(SECOND);
    await site.tell(aCall(site, 'DeregisterTargets', [...OF_WEB, { kind: 'instance', id: SECOND }]));
    await site.untilQuiet();
    expect(site.held()).toMatchObject([{ targets: [{ name: 'web-1' }, { name: 'web-2' }] }]);
  });
});

describe('a deployment that takes instances out and back', () => {
  test('Given CodeDeploy takes one out and puts it back within half an hour, then nothing is said, whatever sweeps see', async () => {
    const site = await aSite();
    for (let deployment = 0; deployment < 3; deployment += 1) {
      await site.takeOut();
      expect(await site.tell(aCall(site, 'DeregisterTargets', OF_WEB, { by: CODE_DEPLOY }))).toEqual(['kept']);
      await site.later();
      await site.putIn();
      await site.tell(aCall(site, 'RegisterTargets', OF_WEB, { by: CODE_DEPLOY }));
      await site.later();
    }
    expect(site.held()).toEqual([]);
    expect(site.targets()).toContain(FIRST);
  });

  test('Given the same without a trail, then nothing is said either', async () => {
    const site = await aSite();
    for (let deployment = 0; deployment < 3; deployment += 1) {
      await site.takeOut();
      await site.later();
      await site.putIn();
      await site.later();
    }
    expect(site.held()).toEqual([]);
  });

  test('Given it does not come back, then that is said after half an hour, with who took it out', async () => {
    const site = await aSite();
    await site.takeOut();
    await site.tell(aCall(site, 'DeregisterTargets', OF_WEB, { by: CODE_DEPLOY }));
    await site.later();
    expect(site.held()).toEqual([]);
    await site.later();
    await site.later();
    expect(site.held()).toMatchObject([{ doer: { name: 'codedeploy', via: 'service' } }]);
  });

  test('Given who took one out put it back, when a person takes it out, then that is another hold', async () => {
    const site = await aSite();
    await site.takeOut();
    await site.tell(aCall(site, 'DeregisterTargets', OF_WEB));
    await site.untilQuiet();
    await site.putIn();
    await site.later();
    await site.takeOut();
    await site.tell(aCall(site, 'DeregisterTargets', OF_WEB));
    await site.untilQuiet();
    expect(site.held()).toHaveLength(2);
  });
});

describe('a rule of ours that a person removes', () => {
  test('Given CloudTrail tells, then it is said once with who and whom it serves, and not written again', async () => {
    const site = await aSite();
    const ruleId = await site.removeRule();
    site.world.forgetCalls();
    await site.tell(aCall(site, 'RevokeSecurityGroupIngress', OF_RULE));
    await site.untilQuiet();
    for (let sweep = 0; sweep < 4; sweep += 1) await site.later();
    expect(site.held()).toMatchObject([
      {
        targets: [],
        rules: [{ securityGroup: { id: 'sg-web' }, protocol: 'tcp', port: 80, peer: { id: 'sg-alb' }, ruleId }],
        behindRules: [{ name: 'web-1' }, { name: 'web-2' }],
        doer: { name: 'suzuki' },
        buttons: [{ verb: 'put-it-back', object: { kind: 'rule', count: 1 } }],
      },
    ]);
    expect(writes(site)).toEqual([]);
  });

  test('Given its button, when it is pressed though one of its targets is gone, then the rule is back', async () => {
    const site = await aSite();
    await site.removeRule();
    await site.tell(aCall(site, 'RevokeSecurityGroupIngress', OF_RULE));
    await site.untilQuiet();
    site.world.network.instances.delete(SECOND);
    expect(await putBack(site)).toMatchObject({ kind: 'seated', outcome: { rulesAdded: 1 } });
    expect(site.world.rulesOf('sg-web').filter(({ tags }) => tags['usher:owner'] !== undefined)).toHaveLength(1);
  });

  test('Given two people who revoke in the same group by what rules admit, then nobody is named', async () => {
    const site = await aSite();
    await site.removeRule();
    const tanaka = { name: 'tanaka', roleName: 'operators', account: '123456789012', via: 'cli' } as const;
    await site.tell(
      aCall(site, 'RevokeSecurityGroupIngress', OF_RULE),
      aCall(site, 'RevokeSecurityGroupIngress', OF_RULE, { by: tanaka }),
    );
    await site.untilQuiet();
    for (let sweep = 0; sweep < 4; sweep += 1) await site.later();
    expect(site.held()).toMatchObject([{ doer: undefined }]);
  });

  test('Given one of them named the rule by its id, then that is who it was', async () => {
    const site = await aSite();
    const ruleId = await site.removeRule();
    const tanaka = { name: 'tanaka', roleName: 'operators', account: '123456789012', via: 'cli' } as const;
    await site.tell(
      aCall(site, 'RevokeSecurityGroupIngress', [...OF_RULE, { kind: 'security-group-rule', id: ruleId }], {
        by: tanaka,
      }),
      aCall(site, 'RevokeSecurityGroupIngress', [...OF_RULE, { kind: 'security-group-rule', id: 'sgr-0fedcba98' }]),
    );
    await site.untilQuiet();
    expect(site.held()).toMatchObject([{ doer: { name: 'tanaka' } }]);
  });
});

describe('what wakes nothing', () => {
  test('Given a call of our own, of another account or Region, of a day ago, or told before, then nobody is woken', async () => {
    const site = await aSite();
    const own = aCall(site, 'RegisterTargets', OF_WEB, { by: OURSELVES });
    const abroad = { ...aCall(site, 'DeregisterTargets', OF_WEB), region: 'us-east-1' };
    const others = { ...aCall(site, 'DeregisterTargets', OF_WEB), account: '999999999999' };
    const dayAgo = new Date(site.world.clock.now().getTime() - 86_400_000);
    const old = aCall(site, 'DeregisterTargets', OF_WEB, { at: dayAgo });
    const sent = site.sweepQueue.sent.length;
    expect(await site.tell(own, abroad, others, old)).toEqual(['own', 'elsewhere', 'elsewhere', 'too-old']);
    expect([site.sweepQueue.sent.length - sent, await site.touches.list()]).toEqual([0, []]);
  });

  test.each([
    ['RegisterTargets', 'routine'],
    ['DeregisterTargets', 'kept'],
    ['ModifyNetworkInterfaceAttribute', 'routine'],
  ] as const)('Given a service’s own %s, then nobody is woken', async (action, regard) => {
    const site = await aSite();
    const by = {
      name: 'autoscaling.amazonaws.com',
      roleName: 'AWSServiceRoleForAutoScaling',
      account: '123456789012',
      via: 'service',
    } as const;
    expect(await site.tell(aCall(site, action, OF_WEB, { by }))).toEqual([regard]);
    expect(await site.touches.list()).toEqual([]);
  });

  test('Given a change of a route, then it is kept, and nobody is woken, for nothing of ours reads routes', async () => {
    const site = await aSite();
    const route = { kind: 'route-table', id: 'rtb-0123abcd' } as const;
    expect(await site.tell(aCall(site, 'DeleteRoute', [route], { service: 'ec2' }))).toEqual(['kept']);
    expect(await site.world.ports.recentChanges.list(route, new Date(0))).toHaveLength(1);
    expect(await site.touches.list()).toEqual([]);
  });

  test('Given something that is none of ours, when it is looked at, then it costs a few reads and changes nothing', async () => {
    const site = await aSite();
    await site.tell(aCall(site, 'AuthorizeSecurityGroupIngress', [{ kind: 'security-group', id: 'sg-other' }]));
    site.world.forgetCalls();
    await site.untilQuiet();
    const reads = site.world.calls.filter(({ kind }) => kind === 'read').map(({ name }) => name);
    expect([reads, writes(site)]).toEqual([
      [
        'tagging.readTargetGroups',
        'fleet.readEveryInstance',
        'loadBalancing.readTargetGroups',
        'loadBalancing.readLoadBalancers',
      ],
      [],
    ]);
  });
});

describe('a flood', () => {
  test('Given a Terraform apply of 300 changes within a minute, then there are few looks, and each reads the fleet once', async () => {
    const site = await aSite();
    const sent = site.sweepQueue.sent.length;
    site.world.forgetCalls();
    for (let change = 0; change < 300; change += 1) {
      await site.tell(
        aCall(site, 'AuthorizeSecurityGroupIngress', [...OF_RULE, { kind: 'security-group', id: `sg-${change}` }]),
      );
      site.world.clock.advance(0.2);
      for (const body of site.sweepQueue.due()) await site.takeBody(body);
    }
    await site.untilQuiet();
    expect(site.sweepQueue.sent.length - sent).toBeLessThanOrEqual(3);
    const count = (name: string) => site.world.calls.filter((call) => call.name === name).length;
    expect(count('fleet.readEveryInstance')).toBeLessThanOrEqual(3);
    expect(
      site.world.calls.filter(({ kind, name }) => kind === 'read' && name.startsWith('loadBalancing')).length,
    ).toBeLessThanOrEqual(20);
    expect(writes(site)).toEqual([]);
    expect(await site.touches.list()).toEqual([]);
  });
});

describe('killed, doubled, out of order', () => {
  const twice = (site: Site) => {
    const event = aCall(site, 'DeregisterTargets', OF_WEB);
    return [event, event];
  };

  test('Given an event told twice, late and out of order, then it is said once, and all is as it would be', async () => {
    const site = await aSite();
    await site.takeOut();
    const [event, again] = twice(site);
    if (event === undefined || again === undefined) throw new Error('no event');
    const later = aCall(site, 'ModifyTargetGroup', OF_WEB);
    site.world.clock.advance(300);
    await site.tell(later, event, again);
    await site.untilQuiet();
    await site.tell(again);
    await site.untilQuiet();
    expect(site.held()).toHaveLength(1);
    expect(site.targets()).toEqual([SECOND]);
  });

  test('Given the process is killed at any call, when the messages come back, then it is said, once, with who', async () => {
    for (const when of ['fail-before', 'fail-after'] as const)
      for (let at = 1; ; at += 1) {
        const site = await aSite();
        await site.takeOut();
        const event = aCall(site, 'DeregisterTargets', OF_WEB);
        let wasKilled = false;
        site.world.onCall((k) => {
          if (k !== at) return 'proceed';
          wasKilled = true;
          return when;
        });
        // SQS brings back what was not finished.
        const persistently = async (act: () => Promise<unknown>) => {
          for (let receive = 0; receive < 3; receive += 1) {
            const before = wasKilled;
            site.world.restart();
            const done = await act().then(
              () => true,
              () => false,
            );
            if (done && before === wasKilled) return;
            site.world.clock.advance(360);
          }
        };
        await persistently(() => noteChange(site.ports())(event));
        for (
          let wait = site.sweepQueue.secondsUntilDue();
          wait !== undefined;
          wait = site.sweepQueue.secondsUntilDue()
        ) {
          site.world.clock.advance(wait);
          for (const body of site.sweepQueue.due()) await persistently(() => site.takeBody(body));
        }
        site.world.onCall();
        await site.later();
        const told = new Set(site.held().map(({ key }) => key));
        expect([when, at, told.size, site.held()[0]?.doer?.name, site.targets()]).toEqual([
          when,
          at,
          1,
          'suzuki',
          [SECOND],
        ]);
        if (!wasKilled) break;
      }
  });

  test('Given AWS is crowded for a while, then the look is tried again, and at last left to the sweep', async () => {
    const site = await aSite();
    await site.takeOut();
    await site.tell(aCall(site, 'DeregisterTargets', OF_WEB));
    site.world.onCall((_, name) => (name === 'tagging.readTargetGroups' ? failure('throttled') : 'proceed'));
    await site.untilQuiet();
    expect([site.held(), await site.touches.list()]).toEqual([[], []]);
    site.world.onCall();
    await site.later();
    expect(site.held()).toMatchObject([{ doer: { name: 'suzuki' } }]);
  });

  test('Given a person said pause, then nothing is changed or said until the pause is over', async () => {
    const site = await aSite();
    await site.takeOut();
    await site.world.ports.pauses.begin({ since: site.world.clock.now(), byUserId: 'U012AB3CD' });
    site.world.forgetCalls();
    await site.tell(aCall(site, 'DeregisterTargets', OF_WEB));
    await site.untilQuiet();
    expect([writes(site), site.held()]).toEqual([[], []]);
    await site.world.ports.pauses.end();
    await site.later();
    expect(site.held()).toMatchObject([{ targetGroup: { id: WEB }, doer: { name: 'suzuki' } }]);
  });

  test('Given sweeps may only look, as after an upgrade, then nothing is changed, and the hold is said all the same', async () => {
    const site = await aSite();
    await site.takeOut();
    site.upgrade('2.0.0');
    site.world.forgetCalls();
    await site.tell(aCall(site, 'DeregisterTargets', OF_WEB));
    await site.untilQuiet();
    expect([writes(site), site.held().length]).toEqual([[], 1]);
  });
});
