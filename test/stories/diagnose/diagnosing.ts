import type { Alarm, AlarmState } from '../../../domain/diagnosis/alarm.ts';
import type { Attributes, StatusChecks } from '../../../domain/diagnosis/evidence.ts';
import type { AlarmExplained } from '../../../domain/diagnosis/report.ts';
import type { RecentChange } from '../../../domain/recent-change.ts';
import type { Report } from '../../../domain/report.ts';
import type { AlarmChanged } from '../../../events/alarm-state-change/parse.ts';
import { parseDiagnosisMessage } from '../../../events/diagnosis-message.ts';
import { takeDiagnosisNote } from '../../../stories/diagnose/end.ts';
import type { DiagnosisPorts } from '../../../stories/diagnose/ports.ts';
import type { AlarmOutcome } from '../../../stories/diagnose/story.ts';
import { diagnoseAlarm } from '../../../stories/diagnose/story.ts';
import { ACCOUNT, REGION } from '../../support/world/builders.ts';
import type { CallKind } from '../../support/world/calls.ts';
import { aMemoryOfIncidents } from '../../support/world/memory-incidents.ts';
import { aMemoryQueue } from '../../support/world/memory-queues.ts';
import type { World } from '../../support/world/world.ts';

const always = (kind: CallKind) => (): CallKind => kind;

const ATTRIBUTES: Attributes = {
  crossZone: true,
  slowStartSeconds: 0,
  preservesClientAddresses: undefined,
  idleTimeoutSeconds: 60,
};

/** An alarm on `UnHealthyHostCount` of the group `web` behind `web-alb`, raised now, unless told otherwise. */
export const anAlarm = (world: World, alarm: Partial<Alarm> = {}): Alarm => ({
  name: 'web-prod-unhealthy',
  arn: `arn:aws:cloudwatch:${REGION}:${ACCOUNT}:alarm:${alarm.name ?? 'web-prod-unhealthy'}`,
  description: undefined,
  tags: {},
  basis: {
    kind: 'metrics',
    metrics: [
      {
        namespace: 'AWS/ApplicationELB',
        name: 'UnHealthyHostCount',
        dimensions: { LoadBalancer: 'app/web-alb/0123456789abcdef', TargetGroup: 'targetgroup/web/0123456789abcdef' },
        statistic: 'Minimum',
        periodSeconds: 60,
      },
    ],
    isMath: false,
    isAnomaly: false,
  },
  state: 'ALARM',
  previousState: 'OK',
  since: world.clock.now(),
  threshold: 0,
  recentValues: [2],
  mutedUntil: undefined,
  isSuppressed: false,
  ...alarm,
});

/** A world in which alarms are explained. */
export interface Diagnosing {
  readonly world: World;
  readonly ports: () => DiagnosisPorts;
  /** Alarms that CloudWatch shows by name: each as it was delivered last, unless told otherwise. */
  readonly alarms: Map<string, Alarm>;
  readonly statusChecks: Map<string, StatusChecks>;
  /** Auto Scaling groups that are being refreshed, since when. */
  readonly refreshes: Map<string, Date>;
  readonly hosts: string[];
  readonly counted: readonly string[];
  /** Delivers an alarm's change. */
  readonly raise: (alarm?: Partial<Alarm>) => Promise<readonly AlarmOutcome[]>;
  readonly recover: (alarm?: Partial<Alarm>) => Promise<readonly AlarmOutcome[]>;
  /** Delivers an alarm's beginning late: CloudWatch goes on showing what it shows. */
  /** Delivers an alarm of another account, raised or as told. */
  readonly raiseIn: (account: string, alarm?: Partial<Alarm>, region?: string) => Promise<readonly AlarmOutcome[]>;
  readonly raiseLate: (alarm?: Partial<Alarm>) => Promise<readonly AlarmOutcome[]>;
  /** Lets time pass, taking the notes that come due. */
  readonly pass: (seconds: number) => Promise<void>;
  readonly told: () => readonly Report[];
  readonly explained: () => readonly AlarmExplained[];
  /** Somebody else changed something, and CloudTrail tells now. */
  readonly trail: (change: Partial<RecentChange>) => Promise<void>;
}

export const diagnosing = (world: World): Diagnosing => {
  const incidents = aMemoryOfIncidents();
  const queue = aMemoryQueue(world.clock);
  const alarms = new Map<string, Alarm>();
  const statusChecks = new Map<string, StatusChecks>();
  const refreshes = new Map<string, Date>();
  const hosts: string[] = [];
  const counted: string[] = [];
  let events = 0;
  const ports = (): DiagnosisPorts => ({
    ...world.ports,
    statuses: world.record('statuses', { readStatusChecks: async () => statusChecks }, always('read')),
    settings: world.record(
      'settings',
      {
        readListeners: async (arn) => {
          const groups = [...world.balancing.targetGroups.values()];
          const targetGroupArns = groups
            .filter((group) => group.loadBalancerArns.includes(arn))
            .map((group) => group.arn);
          return [{ protocol: 'HTTPS', port: 443, targetGroupArns, hosts }];
        },
        readAttributes: async () => ATTRIBUTES,
      },
      always('read'),
    ),
    tags: world.record(
      'tags',
      {
        readTags: async (arns) =>
          new Map(arns.flatMap((arn) => [[arn, world.balancing.targetGroups.get(arn)?.tags ?? {}] as const])),
      },
      always('read'),
    ),
    runningRefreshes: world.record(
      'runningRefreshes',
      { readRunningRefresh: async (name) => refreshes.get(name) },
      always('read'),
    ),
    alarms: world.record(
      'alarms',
      { readAlarms: async (names) => names.flatMap((name) => alarms.get(name) ?? []) },
      always('read'),
    ),
    trustedAccounts: ['210987654321'],
    count: (what, { reason = '' }) => counted.push(`${what} ${reason}`),
    incidents: world.record('incidents', incidents, always('state')),
    diagnosisQueue: world.record('diagnosisQueue', queue, always('send')),
  });
  const deliver =
    (state: AlarmState, previousState: AlarmState, isLate = false) =>
    async (alarm: Partial<Alarm> = {}) => {
      events += 1;
      const delivered = anAlarm(world, { state, previousState, ...alarm });
      if (!isLate) alarms.set(delivered.name, delivered);
      const event: AlarmChanged = {
        kind: 'alarm-changed',
        eventId: `e-${events}`,
        account: ACCOUNT,
        region: REGION,
        at: world.clock.now(),
        alarm: delivered,
      };
      return diagnoseAlarm(ports())(event);
    };
  return {
    world,
    ports,
    alarms,
    statusChecks,
    refreshes,
    hosts,
    counted,
    raise: deliver('ALARM', 'OK'),
    recover: deliver('OK', 'ALARM'),
    raiseIn: async (account, alarm = {}, region = REGION) =>
      diagnoseAlarm(ports())({
        kind: 'alarm-changed',
        eventId: 'e-elsewhere',
        account,
        region,
        at: world.clock.now(),
        alarm: anAlarm(world, { arn: `arn:aws:cloudwatch:${region}:${account}:alarm:elsewhere`, ...alarm }),
      }),
    raiseLate: deliver('ALARM', 'OK', true),
    pass: async (seconds) => {
      const end = world.clock.now().getTime() + seconds * 1000;
      for (;;) {
        const next = queue.secondsUntilDue();
        if (next === undefined || world.clock.now().getTime() + next * 1000 > end) break;
        world.clock.advance(next);
        for (const body of queue.due()) {
          const message = parseDiagnosisMessage(body);
          if (message.kind !== 'alarm-changed' && message.kind !== 'ignored') await takeDiagnosisNote(ports())(message);
        }
      }
      world.clock.advance((end - world.clock.now().getTime()) / 1000);
    },
    told: () => world.reports.published,
    explained: () => world.reports.published.flatMap(({ body }) => (body.kind === 'alarm-explained' ? [body] : [])),
    trail: async (change) => {
      await world.ports.recentChanges.keep({
        eventId: 'trail-1',
        at: world.clock.now(),
        service: 'ec2',
        action: 'RevokeSecurityGroupIngress',
        by: { name: 'suzuki', roleName: undefined, account: ACCOUNT, via: 'console' },
        touched: [{ kind: 'security-group', id: 'sg-web' }],
        ...change,
      });
    },
  };
};
