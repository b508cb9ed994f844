import type { IpPermission } from '@aws-sdk/client-ec2';
import { AuthorizeSecurityGroupIngressCommand, RevokeSecurityGroupIngressCommand } from '@aws-sdk/client-ec2';
import { RegisterTargetsCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { SweepMessage } from '../../../events/sweep-message.ts';
import { aClock } from '../../support/world/clock.ts';
import type { BehindProxy } from '../proxy/behind-proxy.ts';
import { startBehindProxy, until } from '../proxy/behind-proxy.ts';
import { admit, healthOf, tcp } from '../proxy/world.ts';
import { makeWebSite, rulesOf, sweptBehindProxy, wornIn } from './swept-behind-proxy.ts';

type SweepDue = Extract<SweepMessage, { readonly kind: 'sweep-due' }>;

const clock = aClock(new Date());
let at: BehindProxy;
const stops: (() => void)[] = [];

beforeAll(async () => {
  at = await startBehindProxy({ now: clock.now });
}, 120_000);
afterAll(async () => {
  for (const stop of stops) stop();
  await at.stop();
});

const WORLDS: readonly (readonly [string, Pick<IpPermission, 'IpRanges' | 'Ipv6Ranges'>])[] = [
  ['0.0.0.0/0', { IpRanges: [{ CidrIp: '0.0.0.0/0', Description: 'opened for the launch party' }] }],
  ['::/0', { Ipv6Ranges: [{ CidrIpv6: '::/0', Description: 'opened for the launch party' }] }],
];

/**
 * Three instances in service behind an ALB that comes in by a rule of its own, beside somebody's rule for the whole world;
 * sweeps there may act on everything.
 */
const anOpenSite = async (world: Pick<IpPermission, 'IpRanges' | 'Ipv6Ranges'>) => {
  const site = await makeWebSite(at, 3);
  const ofAlb = tcp(80, { UserIdGroupPairs: [{ GroupId: site.balancerGroupId }] });
  await admit(at.ec2, site.webGroupId, ofAlb);
  await at.ec2.send(
    new AuthorizeSecurityGroupIngressCommand({
      GroupId: site.webGroupId,
      IpPermissions: [{ IpProtocol: 'tcp', FromPort: 80, ToPort: 80, ...world }],
      TagSpecifications: [{ ResourceType: 'security-group-rule', Tags: [{ Key: 'Owner', Value: 'marketing' }] }],
    }),
  );
  await at.elb.send(
    new RegisterTargetsCommand({
      TargetGroupArn: site.targetGroupArn,
      Targets: site.instanceIds.map((Id) => ({ Id, Port: 80 })),
    }),
  );
  const health = () => healthOf(at.elb, site.targetGroupArn);
  const allHealthy = site.instanceIds.map((id) => `${id} 80 healthy`);
  await until(health, (seen) => {
    clock.advance(1);
    return seen.every((each) => each.endsWith(' healthy'));
  });
  const swept = sweptBehindProxy(at, clock, {
    defaultPolicy: 'apply-all',
    maximumPolicy: 'apply-all',
    vpcIds: [site.vpcId],
  });
  stops.push(swept.stop);
  return {
    ...swept,
    site,
    ofAlb,
    health,
    allHealthy,
    rules: () => rulesOf(at, site.balancerGroupId, site.webGroupId),
    worn: () => wornIn(at, site, site.instanceIds),
    writes: () => swept.world.writes().map(({ name }) => name),
    endings: () => swept.world.reports.handedIn.flatMap(({ body }) => (body.kind === 'closing-ended' ? [body] : [])),
    kinds: () => swept.world.reports.handedIn.map(({ body }) => body.kind),
    /** A hand takes the balancer's own way in; or, for the other family, one instance answers nobody. */
    async breakIt(cidr: string): Promise<void> {
      if (cidr === '::/0') at.proxy.instances.set(site.instanceIds[0] ?? '', 'silent');
      else
        await at.ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId: site.webGroupId, IpPermissions: [ofAlb] }));
      await until(health, (seen) => {
        clock.advance(1);
        return seen.some((each) => each.endsWith('Target.Timeout'));
      });
    },
    async mendIt(cidr: string): Promise<void> {
      if (cidr === '::/0') at.proxy.instances.clear();
      else await admit(at.ec2, site.webGroupId, ofAlb);
    },
    /** Messages one by one, with the time between them, until one look was taken or so long is over. */
    async watchFor(seconds: number): Promise<void> {
      const end = clock.now().getTime() + seconds * 1000;
      for (;;) {
        for (const body of swept.sweepQueue.due()) await swept.takeBody(body);
        const wait = swept.sweepQueue.secondsUntilDue();
        if (wait === undefined || clock.now().getTime() + wait * 1000 > end) return;
        clock.advance(wait);
      }
    },
    /** A sweep of the schedule's, as far as its messages that are due at once. */
    async sweepNow(accepted: Pick<SweepDue, 'userId' | 'accepts'> = {}): Promise<void> {
      await swept.take({ kind: 'sweep-due', attempt: 0, ...accepted });
      await this.watchFor(15);
    },
    /** The same after a person's yes to what the first one offered. */
    async acceptNow(): Promise<void> {
      const [offer] = [...swept.world.state.storedPlans.values()].flatMap(({ content }) =>
        content.kind === 'sweep' ? [content] : [],
      );
      await this.sweepNow(offer === undefined ? {} : { userId: 'U012AB3CD', accepts: offer.grounds });
    },
  };
};

describe.each(WORLDS)('Somebody’s rule for %s on exactly the port, behind the proxy', (cidr, permission) => {
  let site: Awaited<ReturnType<typeof anOpenSite>>;
  let before: readonly string[];
  let worn: unknown;
  let theirs: string;

  test('Given a sweep that may act, then it is gone, nothing else is changed, and everybody stays healthy', async () => {
    site = await anOpenSite(permission);
    theirs = `${site.site.webGroupId} in tcp/80-80 ${cidr} "opened for the launch party" {Owner=marketing}`;
    before = await site.rules();
    worn = await site.worn();
    expect(before).toContain(theirs);
    await site.sweepNow();
    expect(await site.rules()).toEqual(before);
    await site.acceptNow();
    expect(await site.rules()).toEqual(before.filter((rule) => rule !== theirs));
    expect(site.writes()).toEqual(['ec2.revokeRule']);
    expect(await site.worn()).toEqual(worn);
    expect(await site.health()).toEqual(site.allHealthy);
    expect(site.kinds()).toContain('rules-closed');
  });

  test('Given health then turns bad for want of it, then it is put back once, as it was, and the group is stopped', async () => {
    await site.breakIt(cidr);
    await site.watchFor(180);
    const after = await site.rules();
    expect(after.filter((rule) => rule === theirs)).toHaveLength(1);
    expect(site.writes()).toEqual(['ec2.revokeRule', 'ec2.restoreRule']);
    expect(site.endings()).toMatchObject([{ how: 'put-back', rule: { peer: cidr, ports: '80' } }]);
    const stopped = await site.world.ports.pauses.listStoppedGroups();
    expect(stopped.map(({ targetGroup }) => targetGroup.id)).toEqual([site.site.targetGroupArn]);
    if (cidr === '::/0') return;
    // The balancer comes in by it again, now that its own way is broken.
    await until(site.health, (seen) => {
      clock.advance(1);
      return seen.every((each) => each.endsWith(' healthy'));
    });
    expect(await site.health()).toEqual(site.allHealthy);
  });

  test('Given further sweeps, the group resumed by a person and all, then nobody closes it a second time', async () => {
    const stands = await site.rules();
    await site.world.ports.pauses.resumeGroup(site.site.targetGroupArn);
    await site.mendIt(cidr);
    for (let day = 0; day < 2; day += 1) {
      clock.advance(25 * 3600);
      await site.sweepNow();
      await site.watchFor(600);
    }
    expect((await site.rules()).filter((rule) => rule === theirs)).toHaveLength(1);
    expect((await site.rules()).length).toBe(stands.length + (cidr === '0.0.0.0/0' ? 1 : 0));
    expect(site.writes()).toEqual(['ec2.revokeRule', 'ec2.restoreRule']);
    expect(site.kinds()).not.toContain('closing-proposed');
  });
});
