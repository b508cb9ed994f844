import type { ChangedBy, RecentChange, Touched } from '../../../domain/recent-change.ts';
import type { HeldByOthers, Report } from '../../../domain/report.ts';
import type { ApiCalled } from '../../../events/api-call/parse.ts';
import type { Noted } from '../../../stories/note-changes/story.ts';
import { noteChange } from '../../../stories/note-changes/story.ts';
import { ACCOUNT, anInstance, REGION, targetGroupArn } from '../../support/world/builders.ts';
import type { WorldParts } from '../../support/world/world.ts';
import type { SweptWorld } from '../sweep/sweeping.ts';
import { aSweptWorld } from '../sweep/sweeping.ts';

export const WEB = targetGroupArn('web');
export const FIRST = 'i-00000001';
export const SECOND = 'i-00000002';

export const SUZUKI: ChangedBy = { name: 'suzuki', roleName: 'operators', account: ACCOUNT, via: 'console' };
export const CODE_DEPLOY: ChangedBy = { name: 'codedeploy', roleName: 'deploys', account: ACCOUNT, via: 'service' };
export const OURSELVES: ChangedBy = {
  name: 'usher-prod-sweep',
  roleName: 'usher-prod-SweepRole-ABCDEFGHIJKL',
  account: ACCOUNT,
  via: undefined,
};

let records = 0;

/** What CloudTrail tells of a call, made just now by suzuki unless told otherwise. */
export const aCall = (
  { world }: Pick<SweptWorld, 'world'>,
  action: string,
  touched: readonly Touched[],
  changes: Partial<RecentChange> = {},
): ApiCalled => {
  records += 1;
  return {
    kind: 'api-called',
    eventId: `event-${records}`,
    account: ACCOUNT,
    region: REGION,
    at: world.clock.now(),
    change: {
      eventId: `record-${records}`,
      at: world.clock.now(),
      service: action.includes('SecurityGroup') ? 'ec2' : 'elasticloadbalancing',
      action,
      by: SUZUKI,
      touched,
      ...changes,
    },
  };
};

export const OF_WEB: readonly Touched[] = [
  { kind: 'target-group', id: WEB },
  { kind: 'instance', id: FIRST },
];

export const OF_RULE: readonly Touched[] = [
  { kind: 'security-group', id: 'sg-web' },
  { kind: 'security-group', id: 'sg-alb' },
];

/** A small web site whose two instances were seated ten minutes ago, and whose sweeps may act. */
export const aSite = async (parts: WorldParts = {}) => {
  const instances = [FIRST, SECOND].map((instanceId, index) =>
    anInstance({ instanceId, address: `10.0.1.${index + 11}`, tags: { Name: `web-${index + 1}`, Role: 'web' } }),
  );
  const swept = aSweptWorld({ ...parts, instances });
  await swept.accept();
  await swept.journey.untilQuiet();
  swept.world.clock.advance(600);
  swept.world.forgetCalls();
  const tell = async (...events: readonly ApiCalled[]): Promise<readonly Noted[]> => {
    const noted: Noted[] = [];
    for (const event of events) {
      swept.world.restart();
      noted.push(await noteChange(swept.ports())(event));
    }
    return noted;
  };
  return {
    ...swept,
    swept,
    tell,
    takeOut: (instanceId = FIRST) =>
      swept.world.ports.loadBalancing.deregisterTargets(WEB, [{ id: instanceId, port: 80 }]),
    putIn: (instanceId = FIRST) => swept.world.ports.loadBalancing.registerTargets(WEB, [{ id: instanceId, port: 80 }]),
    removeRule: async (): Promise<string> => {
      const own = swept.world.rulesOf('sg-web').find(({ tags }) => tags['usher:owner'] !== undefined);
      await swept.world.ports.ec2.revokeRule('sg-web', 'ingress', own?.ruleId ?? '');
      return own?.ruleId ?? '';
    },
    targets: () => swept.world.targetsIn(WEB).map(({ id }) => id),
    held: (): readonly (HeldByOthers & Pick<Report, 'buttons' | 'key' | 'matter'>)[] =>
      swept.world.reports.published.flatMap(({ body, buttons, key, matter }) =>
        body.kind === 'held-by-others' ? [{ ...body, ...(buttons === undefined ? {} : { buttons }), key, matter }] : [],
      ),
  };
};
