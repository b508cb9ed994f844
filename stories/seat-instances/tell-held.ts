import type { AuthorizeRule } from '../../domain/change.ts';
import { targetChangeKey } from '../../domain/change.ts';
import { destinationFor } from '../../domain/destination.ts';
import { compareText } from '../../domain/difference.ts';
import type { Hold, HoldNews } from '../../domain/holding.ts';
import { isAnotherRemoval, leftToCodeKey, newsOf } from '../../domain/holding.ts';
import { isManagedByCode } from '../../domain/permit.ts';
import type { RecentChange } from '../../domain/recent-change.ts';
import type { Button, Doer, HeldByOthers, HeldRule, Report } from '../../domain/report.ts';
import { reportOf } from '../../domain/report-frame.ts';
import { namedGroup, reportedTarget, ruleMatter, seatsByKey } from '../../domain/seating/matter.ts';
import type { DesiredSeat } from '../../domain/seating/seats.ts';
import { newPlan } from '../../domain/stored-plan.ts';
import { targetKey } from '../../domain/target.ts';
import type { OnceOurs } from '../who-took-it.ts';
import { whoTookIt } from '../who-took-it.ts';
import type { Decided } from './decide.ts';
import { rulesInCode } from './plan-paths.ts';
import type { SeatingPorts } from './ports.ts';
import { registerCommand } from './tell.ts';

/** Whoever looks again by itself, and may have come in the midst of a deployment. */
export interface Patient {
  readonly isPatient?: true;
}

type HeldPorts = Pick<
  SeatingPorts,
  'stage' | 'now' | 'newId' | 'log' | 'plans' | 'reports' | 'holds' | 'recentChanges'
> &
  Patient;

/** What others took away, with the seats it is about. */
interface Held {
  readonly key: string;
  readonly once: OnceOurs;
  readonly seats: readonly DesiredSeat[];
}

/** One that there is something to say of. */
interface News extends Held {
  readonly hold: Hold;
  readonly doer: Doer | undefined;
  readonly news: HoldNews;
}

const seatsOf = ({ change }: OnceOurs, seats: readonly DesiredSeat[]): readonly DesiredSeat[] => {
  const keys = change.kind === 'register-target' ? [targetKey(change.target)] : change.targetKeys;
  return seats.filter(
    ({ seat }) => seat.targetGroup.arn === change.targetGroupArn && keys.includes(targetKey(seat.target)),
  );
};

const heldSeats = (seats: readonly DesiredSeat[], { takenAway }: Pick<Decided, 'takenAway'>): readonly Held[] =>
  [...takenAway].flatMap(([key, once]) => {
    const concerned = seatsOf(once, seats);
    return concerned.length === 0 ? [] : [{ key, once, seats: concerned }];
  });

const toDoer = ({ by, at }: RecentChange): Doer => ({ name: by.name, via: by.via, at: at.toISOString() });

/** Finds who did it; taken away anew by who had put it back in between, it is another hold. */
const withNews = async (ports: HeldPorts, held: Held, noticed: Hold): Promise<News> => {
  const { key, once } = held;
  const removal = await whoTookIt(ports, once);
  let hold = noticed;
  if (isAnotherRemoval(noticed, removal)) {
    await ports.holds.end([key]);
    hold = (await ports.holds.notice([{ key, since: once.since }], ports.now()))[0] ?? noticed;
  }
  const news = newsOf(hold, removal, ports.isPatient === true, ports.now());
  return { ...held, hold, doer: removal && toDoer(removal), news };
};

const ruleOf = ({ once, seats }: Held, change: AuthorizeRule, decided: Pick<Decided, 'network'>, ports: HeldPorts) => {
  const matter = ruleMatter(change, seatsByKey(seats), decided.network, ports.stage);
  const rule: HeldRule = {
    securityGroup: matter?.securityGroup ?? { id: change.groupId, name: change.groupId },
    direction: change.direction,
    protocol: change.protocol,
    port: change.port,
    peer: matter?.peer ?? { id: '-', name: '-' },
    ruleId: once.ruleId,
  };
  return rule;
};

/** Rules among what was taken away whose security group code keeps: its owner gets them as text. */
const ofCode = (
  { stage }: Pick<HeldPorts, 'stage'>,
  { once: { change } }: Held,
  { network }: Pick<Decided, 'network'>,
): AuthorizeRule | undefined => {
  if (change.kind !== 'authorize-rule') return undefined;
  const group = network.securityGroups.get(change.groupId);
  return group?.kind === 'read' && isManagedByCode(group.value.tags, stage.managedByTags) ? change : undefined;
};

const codeOf = (
  ports: HeldPorts,
  news: readonly News[],
  decided: Pick<Decided, 'network'>,
): Pick<HeldByOthers, 'code'> => {
  const rules = news.flatMap((held) => ofCode(ports, held, decided) ?? []);
  const seats = seatsByKey(news.flatMap((held) => held.seats));
  const code = rulesInCode(rules, (rule) => ruleMatter(rule, seats, decided.network, ports.stage));
  return code === undefined ? {} : { code };
};

const reportedSeats = (seats: readonly DesiredSeat[]) => [
  ...new Map(
    seats.map(({ seat, instance }) => [targetKey(seat.target), reportedTarget(instance, seat.target.port)]),
  ).values(),
];

const isTarget = ({ once }: Held): boolean => once.change.kind === 'register-target';

const bodyOf = (
  ports: HeldPorts,
  news: readonly News[],
  { doer, seats: [first] }: News & { readonly seats: readonly DesiredSeat[] },
  decided: Pick<Decided, 'network'>,
  isFollowUp: boolean,
): HeldByOthers | undefined =>
  first && {
    kind: 'held-by-others',
    targetGroup: namedGroup(first.seat.targetGroup),
    targets: reportedSeats(news.filter(isTarget).flatMap(({ seats }) => seats)),
    rules: news.flatMap((held) => {
      const { change } = held.once;
      return change.kind === 'authorize-rule' ? [ruleOf(held, change, decided, ports)] : [];
    }),
    behindRules: reportedSeats(news.filter((held) => !isTarget(held)).flatMap(({ seats }) => seats)),
    doer,
    remedy: news.flatMap(({ once: { change } }) =>
      change.kind === 'register-target' ? [registerCommand(change)] : [],
    )[0],
    isFollowUp,
    ...codeOf(ports, news, decided),
  };

/** A security group is left to its owner once and for all, whatever rule of ours goes next. */
const NEVER_ANOTHER = '-';

const NAMES_ON_A_BUTTON = 2;

/** Stores how it is put back, and answers the button for it. */
const offer = async (
  ports: HeldPorts,
  news: readonly News[],
  body: HeldByOthers,
  destination: string,
): Promise<Button> => {
  const seats = news.flatMap((held) =>
    held.seats.map(({ seat, instance }) => ({
      instanceId: instance.instanceId,
      name: reportedTarget(instance, seat.target.port).name,
      changeKey: targetChangeKey(seat.targetGroup.arn, targetKey(seat.target)),
    })),
  );
  const once = [...new Map(seats.map((seat) => [seat.changeKey, seat])).values()];
  const isRulesOnly = body.targets.length === 0;
  const plan = newPlan(
    ports.newId(),
    { kind: 'seat', targetGroup: body.targetGroup, seats: once, ...(isRulesOnly ? { rulesOnly: true } : {}) },
    destination,
    ports.now(),
  );
  await ports.plans.store(plan);
  const object: Button['object'] = isRulesOnly
    ? { kind: 'rule', count: body.rules.length }
    : {
        kind: 'targets',
        names: body.targets.slice(0, NAMES_ON_A_BUTTON).map(({ name }) => name),
        count: body.targets.length,
      };
  return { verb: 'put-it-back', planId: plan.planId, object };
};

const tellTogether = async (
  ports: HeldPorts,
  news: readonly News[],
  decided: Pick<Decided, 'network'>,
  isFollowUp: boolean,
): Promise<void> => {
  const [first] = news;
  const group = first?.seats[0]?.seat.targetGroup;
  const body = first && bodyOf(ports, news, first, decided, isFollowUp);
  if (group === undefined || body === undefined) return;
  const destination = destinationFor(group.tags, ports.stage);
  const identity = news
    .map(({ hold }) => `${hold.key}|${hold.since}|${hold.noticedAt.toISOString()}`)
    .sort(compareText);
  const report: Report = reportOf(
    ports.stage,
    {
      destination,
      matter: `held|${group.arn}`,
      severity: isFollowUp ? 'information' : 'warning',
      identity: `${isFollowUp ? 'doer|' : ''}${identity.join('||')}`,
    },
    body,
    ports.now(),
  );
  const isOffered = !isFollowUp && news.some((held) => ofCode(ports, held, decided) === undefined);
  await ports.reports.publish(
    isOffered ? { ...report, buttons: [await offer(ports, news, body, destination)] } : report,
  );
  await ports.holds.said(
    news.map(({ hold }) => hold),
    { at: ports.now(), withDoer: body.doer !== undefined },
  );
};

/** Who sits where we once put them: what was noticed of them is over. */
const endPresent = async (ports: HeldPorts, seats: readonly DesiredSeat[], { members }: Pick<Decided, 'members'>) => {
  const there = seats.flatMap(({ seat }) => {
    const key = targetKey(seat.target);
    const isThere = members
      .get(seat.targetGroup.arn)
      ?.some(({ target, state }) => state !== 'draining' && targetKey(target) === key);
    return isThere === true ? [targetChangeKey(seat.targetGroup.arn, key)] : [];
  });
  await ports.holds.end(there);
};

/**
 * Says, once, what of ours others took away, with who did it as far as that is known, and the button that puts it back; and,
 * once, who did it when that is known only later. A hold of what its remover put back is over.
 */
export const tellHeld = async (
  ports: HeldPorts,
  seats: readonly DesiredSeat[],
  decided: Pick<Decided, 'takenAway' | 'network' | 'members'>,
): Promise<void> => {
  if (ports.isPatient === true) await endPresent(ports, seats, decided);
  const held = heldSeats(seats, decided);
  if (held.length === 0) return;
  const noticed = await ports.holds.notice(
    held.map(({ key, once }) => ({ key, since: once.since })),
    ports.now(),
  );
  const groups = held.flatMap((one) => {
    const rule = ofCode(ports, one, decided);
    return rule === undefined ? [] : [{ key: leftToCodeKey(rule.groupId), since: NEVER_ANOTHER }];
  });
  await ports.holds.notice(groups, ports.now());
  const byKey = new Map(noticed.map((hold) => [hold.key, hold]));
  const all: News[] = [];
  for (const one of held) {
    const hold = byKey.get(one.key);
    if (hold !== undefined) all.push(await withNews(ports, one, hold));
  }
  for (const kind of ['held', 'doer-known'] as const) {
    const together = Map.groupBy(
      all.filter(({ news }) => news === kind),
      ({ once, doer }) => `${once.change.targetGroupArn}|${doer?.name ?? ''}`,
    );
    for (const news of together.values()) await tellTogether(ports, news, decided, kind === 'doer-known');
  }
};
