import type { SecurityGroupRule } from '../../../domain/network/model.ts';
import type { Policy } from '../../../domain/stage.ts';
import { anInstance, aRule, aSecurityGroup, aTargetGroup, targetGroupArn } from '../../support/world/builders.ts';
import type { WorldParts } from '../../support/world/world.ts';
import { aSweptWorld } from '../sweep/sweeping.ts';

export const WEB = targetGroupArn('web');

/** Somebody's rule: the whole world on port 80, with a description and tags of its own. */
export const WORLD_80: SecurityGroupRule = aRule({
  ruleId: 'sgr-world',
  groupId: 'sg-web',
  direction: 'ingress',
  protocol: 'tcp',
  fromPort: 80,
  toPort: 80,
  peer: { kind: 'cidr-ipv4', cidr: '0.0.0.0/0' },
  description: 'opened for the launch party',
  tags: { Owner: 'marketing' },
});

/** The balancer's own way in. */
export const ALB_80: SecurityGroupRule = aRule({
  ruleId: 'sgr-alb',
  groupId: 'sg-web',
  direction: 'ingress',
  protocol: 'tcp',
  fromPort: 80,
  toPort: 80,
  peer: { kind: 'security-group', groupId: 'sg-alb' },
});

const OUT = ['sg-alb', 'sg-web'].map((groupId) => aRule({ groupId }));

const LONG_AGO = new Date('2026-11-20T05:00:00.000Z');

export const instances = (count = 3) =>
  Array.from({ length: count }, (_, index) =>
    anInstance({ instanceId: `i-0000000${index + 1}`, launchedAt: LONG_AGO }),
  );

/**
 * Three instances in service behind the balancer for days, with these rules for them, under one policy.
 */
export const aClosableSite = (
  rules: readonly SecurityGroupRule[] = [WORLD_80, ALB_80],
  policy: Policy = 'apply-all',
  parts: WorldParts = {},
) => {
  const swept = aSweptWorld({
    stage: { defaultPolicy: policy, maximumPolicy: 'apply-all', maximumAdditions: 10 },
    securityGroups: ['sg-alb', 'sg-web', 'sg-other'].map((groupId) => aSecurityGroup({ groupId })),
    instances: instances(),
    targetGroups: [aTargetGroup()],
    ...parts,
    rules: [...OUT, ...rules],
  });
  swept.world.balancing.registered.set(
    WEB,
    instances().map(({ instanceId }) => ({
      target: { id: instanceId, port: 80 },
      at: LONG_AGO,
      drainingUntil: undefined,
    })),
  );
  const ingress = () => swept.world.rulesOf('sg-web').filter(({ direction }) => direction === 'ingress');
  return {
    ...swept,
    ingress,
    ingressIds: (): readonly string[] => ingress().map(({ ruleId }) => ruleId),
    /** Messages are taken one by one, with the time between them, until so long is over. */
    async watchFor(seconds: number): Promise<void> {
      const until = swept.world.clock.now().getTime() + seconds * 1000;
      for (;;) {
        for (const body of swept.sweepQueue.due()) await swept.takeBody(body);
        const wait = swept.sweepQueue.secondsUntilDue();
        if (wait === undefined || swept.world.clock.now().getTime() + wait * 1000 > until) return;
        swept.world.clock.advance(wait);
      }
    },
    /** One message of the sweep's queue: close what was seen. */
    close: (ruleIds: readonly string[] = rules.map(({ ruleId }) => ruleId)) =>
      swept.takeBody(JSON.stringify({ usher: 1, kind: 'close-rules', groups: [{ groupId: 'sg-web', ruleIds }] })),
    bodies: () => swept.world.reports.handedIn.map(({ body }) => body),
    endings: () =>
      swept.world.reports.handedIn.flatMap((report) => (report.body.kind === 'closing-ended' ? [report] : [])),
    proposals: () =>
      swept.world.reports.handedIn.flatMap(({ body, ...report }) =>
        body.kind === 'closing-proposed' ? [{ ...report, body }] : [],
      ),
  };
};

export type ClosableSite = ReturnType<typeof aClosableSite>;
