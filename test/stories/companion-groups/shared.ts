import type { Report } from '../../../domain/report.ts';
import type { StoredPlan } from '../../../domain/stored-plan.ts';
import { makeCompanion } from '../../../stories/companion-groups/make.ts';
import { settleLedger } from '../../../stories/settle-ledger/story.ts';
import {
  anAlb,
  anInstance,
  aRule,
  aSecurityGroup,
  loadBalancerArn,
  targetGroupArn,
} from '../../support/world/builders.ts';
import type { WorldParts } from '../../support/world/world.ts';
import { shown } from '../journey.ts';
import { seat } from '../seat-instances/seating.ts';
import { aSweptWorld } from '../sweep/sweeping.ts';

export const WEB = targetGroupArn('web');
export const WEB_ALB = loadBalancerArn('web-alb');
export const BESIDE = 'usher-prod-web-alb';
export const FOR_TARGETS = 'usher-prod-web-alb.targets';
const FIRST = 'i-00000001';

type Press = Extract<StoredPlan['content'], { readonly kind: 'companion' }>;

/** A web site whose balancer wears a group that somebody else's machine wears too, with one target seated by it. */
export const aSharedSite = async (parts: WorldParts = {}) => {
  const swept = aSweptWorld({
    instances: [
      anInstance(),
      anInstance({ instanceId: 'i-000000aa', tags: { Name: 'bastion' }, securityGroupIds: ['sg-alb'] }),
    ],
    ...parts,
  });
  const { world } = swept;
  await seat(world, FIRST);
  world.clock.advance(2 * 3600);
  await swept.accept();
  return { ...swept, ...views(swept) };
};

/** A web site whose targets wear the VPC's default group and nothing else. */
export const aDefaultSite = async (parts: WorldParts = {}) => {
  const swept = aSweptWorld({
    securityGroups: [aSecurityGroup({ groupId: 'sg-alb' }), aSecurityGroup({ groupId: 'sg-default', name: 'default' })],
    rules: [aRule({ groupId: 'sg-alb' })],
    instances: [anInstance({ securityGroupIds: ['sg-default'] })],
    loadBalancers: [anAlb()],
    ...parts,
  });
  const { world } = swept;
  await seat(world, FIRST);
  world.clock.advance(2 * 3600);
  await swept.accept();
  await swept.later();
  return { ...swept, ...views(swept) };
};

type Swept = ReturnType<typeof aSweptWorld>;

const views = (swept: Swept) => {
  const { world } = swept;
  const named = (name: string) => [...world.network.securityGroups.values()].find((group) => group.name === name);
  return {
    said: <Kind extends Report['body']['kind']>(kind: Kind) => shown(world).filter(({ body }) => body.kind === kind),
    /** What the last offer of a group would do. */
    offered: (): Press => {
      const offers = [...world.state.storedPlans.values()].flatMap(({ content }) =>
        content.kind === 'companion' ? [content] : [],
      );
      const last = offers.at(-1);
      if (last === undefined) throw new Error('no group was offered');
      return last;
    },
    /** As a press on the button does. */
    press: async (content: Press) => {
      const ports = swept.ports();
      await settleLedger(ports);
      return makeCompanion(ports)(content);
    },
    named,
    idOf: (name: string) => named(name)?.groupId ?? '-',
    wornByAlb: () => world.balancing.loadBalancers.get(WEB_ALB)?.securityGroupIds ?? [],
    wornByTarget: (id = FIRST) => world.network.instances.get(id)?.networkInterfaces[0]?.securityGroupIds ?? [],
    /** `direction protocol/port peer` of a group's inbound rules that carry our tag. */
    ourRules: (groupId: string) =>
      world
        .rulesOf(groupId)
        .filter(({ tags }) => tags['usher:owner'] !== undefined)
        .map(({ direction, protocol, fromPort, peer }) =>
          [direction, `${protocol}/${fromPort}`, peer.kind === 'security-group' ? peer.groupId : '-'].join(' '),
        ),
    /** Everything left open in the ledger. */
    open: async () => (await world.ports.ledger.listOpen()).map(({ change, status }) => `${change.kind} ${status}`),
    steps: () =>
      [...world.state.entries.values()]
        .filter(({ change }) => change.kind.endsWith('security-group'))
        .map(({ change, status }) => `${change.kind} ${status}`),
  };
};

export type SharedSite = Awaited<ReturnType<typeof aSharedSite>>;
