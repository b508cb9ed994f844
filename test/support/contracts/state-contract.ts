import { beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type {
  Budgets,
  DeliveredReports,
  Leases,
  Ledger,
  Orders,
  Pauses,
  QuietMatters,
  Remembered,
  ShownChanges,
  StoredPlans,
  Threads,
  Watch,
  Watches,
} from '../../../aws/state/port.ts';
import { EntryExistsError, EntryUnknownError } from '../../../aws/state/port.ts';
import type { AuthorizeRule, Change, RegisterTarget } from '../../../domain/change.ts';
import { changeKey } from '../../../domain/change.ts';
import type { LedgerEntry } from '../../../domain/ledger.ts';
import type { Decider } from '../../../domain/stored-plan.ts';
import { newPlan } from '../../../domain/stored-plan.ts';
import type { Thread } from '../../../domain/thread.ts';
import { targetGroupArn } from '../world/builders.ts';

export interface StatePorts {
  readonly ledger: Ledger;
  readonly leases: Leases;
  readonly budgets: Budgets;
  readonly watches: Watches;
  readonly deliveredReports: DeliveredReports;
  readonly threads: Threads;
  readonly orders: Orders;
  readonly plans: StoredPlans;
  readonly quietMatters: QuietMatters;
  readonly pauses: Pauses;
  readonly shownChanges: ShownChanges;
}

const WEB = targetGroupArn('web');
const ADMIN = targetGroupArn('admin');
const NOON = new Date('2026-11-22T12:00:00.000Z');

const noonPlus = (seconds: number): Date => new Date(NOON.getTime() + seconds * 1000);

export const aRegistration = (change: Partial<RegisterTarget> = {}): RegisterTarget => ({
  kind: 'register-target',
  targetGroupArn: WEB,
  target: { id: 'i-00000001', port: 80 },
  instanceId: 'i-00000001',
  vpcId: 'vpc-1',
  reason: 'MissingFromGroup',
  freshLaunch: true,
  ...change,
});

export const anAuthorization = (change: Partial<AuthorizeRule> = {}): AuthorizeRule => ({
  kind: 'authorize-rule',
  groupId: 'sg-web',
  vpcId: 'vpc-1',
  direction: 'ingress',
  protocol: 'tcp',
  port: 80,
  peer: { kind: 'security-group', groupId: 'sg-alb' },
  targetGroupArn: WEB,
  targetKeys: ['i-00000001:80'],
  reason: 'PathBlocked',
  ...change,
});

const revocation = (ruleId: string): Change => ({
  kind: 'revoke-rule',
  groupId: 'sg-web',
  vpcId: 'vpc-1',
  direction: 'ingress',
  ruleId,
  ownership: 'ours',
  breadth: 'narrower-source',
  targetGroupArn: WEB,
  reason: 'Unneeded',
});

/** What the record of `aRegistration` says of it, as `anEntry` tells of it. */
const SEAT_OF_WEB_1 = {
  targetGroup: { name: 'web', id: WEB },
  target: { id: 'i-00000001', port: 80 },
  instanceId: 'i-00000001',
  vpcId: 'vpc-1',
  name: 'web-1',
  destination: 'default',
};

const DEREGISTRATION: Change = {
  kind: 'deregister-target',
  targetGroupArn: WEB,
  target: { id: 'i-00000001', port: 80 },
  instanceId: 'i-00000001',
  vpcId: 'vpc-1',
  reason: 'InstanceGone',
  ours: true,
};

/** Entry number `number` of the day, so that higher numbers are younger. */
export const anEntry = (number: number, change: Change = aRegistration()): LedgerEntry => ({
  entryId: `2026-11-22T12:00:00.${String(number).padStart(3, '0')}Z-${number}`,
  targetGroupArn: change.targetGroupArn,
  change,
  status: 'intended',
  telling: 'open',
  intendedAt: NOON.toISOString(),
  settledAt: undefined,
  ruleId: undefined,
  failure: undefined,
  matter: {
    targetGroup: { name: 'web', id: change.targetGroupArn },
    targets: [{ key: 'i-00000001:80', name: 'web-1', instanceId: 'i-00000001', port: 80, availabilityZone: undefined }],
    findings: [{ reason: 'IngressMissing', severity: 'warning', evidence: { securityGroup: 'sg-web', port: '80' } }],
    destination: 'default',
  },
});

const idsOf = (entries: readonly LedgerEntry[]): readonly string[] => entries.map(({ entryId }) => entryId);

const ledgerContract = (state: () => StatePorts): void => {
  const open = async (arn?: string) => idsOf(await state().ledger.listOpen(arn));

  describe('ledger', () => {
    test('Given nothing, when what is open is listed, then there is nothing', async () => {
      expect(await open()).toEqual([]);
      expect(await open(WEB)).toEqual([]);
    });

    test('Given entries of several groups and days, when the recent ones of some groups are listed, then these are, whatever became of them', async () => {
      const { ledger } = state();
      const at = (iso: string, change?: Change): LedgerEntry => ({
        ...anEntry(1, change),
        entryId: `${iso}-1`,
        intendedAt: iso,
      });
      const before = at('2026-11-21T11:59:59.999Z');
      const [first, second] = [at('2026-11-21T12:00:00.000Z'), at('2026-11-22T11:00:00.000Z')];
      const other = at('2026-11-22T10:00:00.000Z', aRegistration({ targetGroupArn: ADMIN }));
      await ledger.intend([second, before, first, other]);
      await ledger.settle(first, { status: 'failed', code: 'Full', message: 'no room' }, NOON);
      const since = new Date('2026-11-21T12:00:00.000Z');
      expect(idsOf(await ledger.listRecent([WEB], since, NOON))).toEqual(idsOf([first, second]));
      expect(idsOf(await ledger.listRecent([WEB, ADMIN], since, NOON))).toEqual(idsOf([first, other, second]));
      expect(await ledger.listRecent([], since, NOON)).toEqual([]);
    });

    test('Given entries of two groups, when they are intended, then they are open as they were given, oldest first', async () => {
      const [first, second, third] = [anEntry(1), anEntry(2, aRegistration({ targetGroupArn: ADMIN })), anEntry(3)];
      await state().ledger.intend([third, first]);
      await state().ledger.intend([second]);
      expect(await state().ledger.listOpen()).toEqual([first, second, third]);
      expect(await open(WEB)).toEqual(idsOf([first, third]));
    });

    test('Given a group whose ARN begins with another’s, when the shorter is listed, then only its own entries are there', async () => {
      const longer = `${WEB}0`;
      await state().ledger.intend([anEntry(1), anEntry(2, aRegistration({ targetGroupArn: longer }))]);
      expect(await open(WEB)).toEqual(idsOf([anEntry(1)]));
      expect(await open(longer)).toEqual(idsOf([anEntry(2)]));
    });

    test('Given an entry, when it is intended again, even among new ones, then it is refused and the new ones are not written', async () => {
      await state().ledger.intend([anEntry(1)]);
      await expect(state().ledger.intend([anEntry(2), anEntry(1)])).rejects.toThrow(EntryExistsError);
      expect(await open()).toEqual(idsOf([anEntry(1)]));
    });

    test('Given 120 entries, more than one transaction takes, when they are intended, then all are open', async () => {
      const many = Array.from({ length: 120 }, (_, index) => anEntry(index + 1));
      await state().ledger.intend(many);
      expect(await open()).toEqual(idsOf(many));
    });

    test('Given an intended registration, when it is applied, then it stays open, tells so, and is ours', async () => {
      const entry = anEntry(1);
      await state().ledger.intend([entry]);
      const settled = await state().ledger.settle(entry, { status: 'applied' }, noonPlus(1));
      expect(settled).toEqual({ ...entry, status: 'applied', settledAt: '2026-11-22T12:00:01.000Z' });
      expect(await state().ledger.listOpen()).toEqual([settled]);
      const key = changeKey(entry.change);
      expect(await state().ledger.readOwnership([key, 'target|other'])).toEqual(
        new Map([
          [
            key,
            { key, entryId: entry.entryId, ruleId: undefined, since: '2026-11-22T12:00:01.000Z', seat: SEAT_OF_WEB_1 },
          ],
        ]),
      );
    });

    test('Given an applied rule, when its ownership is read, then it is ours by its own key and by that of its revocation', async () => {
      const entry = anEntry(1, anAuthorization());
      await state().ledger.intend([entry]);
      const settled = await state().ledger.settle(entry, { status: 'applied', ruleId: 'sgr-1' }, noonPlus(1));
      expect(settled).toMatchObject({ status: 'applied', telling: 'open', ruleId: 'sgr-1' });
      const keys = [changeKey(entry.change), changeKey(revocation('sgr-1'))];
      const owned = await state().ledger.readOwnership([...keys, changeKey(revocation('sgr-2'))]);
      expect([...owned.keys()].sort()).toEqual([...keys].sort());
      expect([...owned.values()].map(({ key, ruleId }) => [key, ruleId])).toEqual([
        [keys[0], 'sgr-1'],
        [keys[0], 'sgr-1'],
      ]);
    });

    test('Given what is ours, when its removal is applied, then it is ours no more', async () => {
      const entries = [
        anEntry(1),
        anEntry(2, anAuthorization()),
        anEntry(3, DEREGISTRATION),
        anEntry(4, revocation('sgr-1')),
      ];
      await state().ledger.intend(entries);
      for (const entry of entries)
        await state().ledger.settle(
          entry,
          entry.change.kind === 'authorize-rule' ? { status: 'applied', ruleId: 'sgr-1' } : { status: 'applied' },
          noonPlus(1),
        );
      expect(await state().ledger.readOwnership(entries.map(({ change }) => changeKey(change)))).toEqual(new Map());
    });

    test('Given a target of ours that a person had undone, then the record stands as its hold, and nothing is left to tell', async () => {
      const [registered, undone] = [
        anEntry(1),
        anEntry(2, { ...DEREGISTRATION, reason: 'Undone', planId: 'plan-1' } as Change),
      ];
      await state().ledger.intend([registered, undone]);
      await state().ledger.settle(registered, { status: 'applied' }, noonPlus(1));
      await state().ledger.settle(undone, { status: 'applied' }, noonPlus(2));
      const key = changeKey(registered.change);
      expect(await state().ledger.readOwnership([key])).toEqual(
        new Map([
          [
            key,
            {
              key,
              entryId: undone.entryId,
              ruleId: undefined,
              since: noonPlus(2).toISOString(),
              undoneBy: 'plan-1',
              seat: SEAT_OF_WEB_1,
            },
          ],
        ]),
      );
      expect(await open()).toEqual(idsOf([registered]));
    });

    test('Given targets of two instances, when what was registered for them is read, then each is found by its instance, until it is taken out', async () => {
      const other = { instanceId: 'i-00000002', target: { id: 'i-00000002', port: 80 } };
      const [one, admin, two, out] = [
        anEntry(1),
        anEntry(2, aRegistration({ targetGroupArn: ADMIN, target: { id: 'i-00000001', port: 8080 } })),
        anEntry(3, aRegistration(other)),
        anEntry(4, DEREGISTRATION),
      ];
      await state().ledger.intend([one, admin, two, out]);
      for (const entry of [one, admin, two]) await state().ledger.settle(entry, { status: 'applied' }, noonPlus(1));
      const seatsOf = async (...ids: readonly string[]) => (await state().ledger.readSeats(ids)).map(({ key }) => key);
      const [webOne, adminOne, webTwo] = [one, admin, two].map(({ change }) => changeKey(change));
      expect(await seatsOf('i-00000001')).toEqual([adminOne, webOne]);
      expect(await seatsOf('i-00000002', 'i-00000001', 'i-00000002')).toEqual([adminOne, webOne, webTwo]);
      expect(await seatsOf('i-0000000f')).toEqual([]);
      expect(await state().ledger.readSeats(['i-00000002'])).toMatchObject([
        { entryId: two.entryId, seat: { ...other, targetGroup: { name: 'web', id: WEB }, vpcId: 'vpc-1' } },
      ]);
      await state().ledger.settle(out, { status: 'applied' }, noonPlus(2));
      expect(await seatsOf('i-00000001')).toEqual([adminOne]);
    });

    test('Given an address that is registered for another instance, when each is asked for, then only the new one leads to it', async () => {
      const address = { target: { id: '10.0.1.5', port: 80 } };
      const entries = [
        anEntry(1, aRegistration(address)),
        anEntry(2, aRegistration({ ...address, instanceId: 'i-00000002' })),
      ];
      await state().ledger.intend(entries);
      for (const entry of entries) await state().ledger.settle(entry, { status: 'applied' }, noonPlus(1));
      expect(await state().ledger.readSeats(['i-00000001'])).toEqual([]);
      expect(await state().ledger.readSeats(['i-00000002'])).toMatchObject([{ entryId: entries[1]?.entryId }]);
    });

    test('Given a target of ours that we took out because its spot instance goes, then the record stands, and says so', async () => {
      const out: Change = { ...DEREGISTRATION, reason: 'InstanceGoing', because: 'SpotInterruption' } as Change;
      const [registered, taken] = [anEntry(1), anEntry(2, out)];
      await state().ledger.intend([registered, taken]);
      await state().ledger.settle(registered, { status: 'applied' }, noonPlus(1));
      await state().ledger.settle(taken, { status: 'applied' }, noonPlus(2));
      expect(await state().ledger.readSeats(['i-00000001'])).toEqual([
        {
          key: changeKey(out),
          entryId: taken.entryId,
          ruleId: undefined,
          since: noonPlus(2).toISOString(),
          leaving: 'SpotInterruption',
          seat: SEAT_OF_WEB_1,
        },
      ]);
      expect(await open()).toEqual(idsOf([registered, taken]));
    });

    test('Given records of an instance that is gone, when they are forgotten, then nothing leads to them; one that was renewed stays', async () => {
      const [first, again] = [anEntry(1), anEntry(2)];
      await state().ledger.intend([first, again]);
      await state().ledger.settle(first, { status: 'applied' }, noonPlus(1));
      const before = await state().ledger.readSeats(['i-00000001']);
      await state().ledger.settle(again, { status: 'applied' }, noonPlus(2));
      await state().ledger.forget(before);
      expect(await state().ledger.readSeats(['i-00000001'])).toMatchObject([{ entryId: again.entryId }]);
      await state().ledger.forget(await state().ledger.readSeats(['i-00000001']));
      expect(await state().ledger.readSeats(['i-00000001'])).toEqual([]);
      expect(await state().ledger.readOwnership([changeKey(first.change)])).toEqual(new Map());
    });

    test('Given a registration that was seen there later, then it is ours since then, unless it was renewed or dropped meanwhile', async () => {
      const [first, again] = [anEntry(1), anEntry(2)];
      const key = changeKey(first.change);
      await state().ledger.intend([first, again]);
      await state().ledger.settle(first, { status: 'applied' }, noonPlus(1));
      const before = await state().ledger.readSeats(['i-00000001']);
      await state().ledger.saw(before, noonPlus(5));
      expect((await state().ledger.readOwnership([key])).get(key)).toEqual({
        ...before[0],
        since: noonPlus(5).toISOString(),
      });
      await state().ledger.settle(again, { status: 'applied' }, noonPlus(6));
      await state().ledger.saw(before, noonPlus(9));
      const renewed = await state().ledger.readSeats(['i-00000001']);
      expect(renewed).toMatchObject([{ entryId: again.entryId, since: noonPlus(6).toISOString() }]);
      await state().ledger.forget(renewed);
      await state().ledger.saw(renewed, noonPlus(9));
      expect(await state().ledger.readOwnership([key])).toEqual(new Map());
    });

    test('Given a rule of ours that was replaced by a younger one, when the old one is revoked, then the younger is still ours', async () => {
      const [old, young, gone] = [
        anEntry(1, anAuthorization()),
        anEntry(2, anAuthorization()),
        anEntry(3, revocation('sgr-1')),
      ];
      await state().ledger.intend([old, young, gone]);
      await state().ledger.settle(old, { status: 'applied', ruleId: 'sgr-1' }, noonPlus(1));
      await state().ledger.settle(young, { status: 'applied', ruleId: 'sgr-2' }, noonPlus(2));
      await state().ledger.settle(gone, { status: 'applied' }, noonPlus(3));
      const keys = [changeKey(young.change), changeKey(revocation('sgr-1')), changeKey(revocation('sgr-2'))];
      const owned = await state().ledger.readOwnership(keys);
      expect([...owned.keys()].sort()).toEqual([keys[0], keys[2]].sort());
    });

    test.each([
      { what: 'a registration', entry: anEntry(1), status: 'failed', telling: 'open' },
      { what: 'a registration', entry: anEntry(1), status: 'already-there', telling: 'open' },
      { what: 'a registration', entry: anEntry(1), status: 'abandoned', telling: 'closed' },
      { what: 'a rule', entry: anEntry(1, anAuthorization()), status: 'failed', telling: 'closed' },
      { what: 'a rule', entry: anEntry(1, anAuthorization()), status: 'already-there', telling: 'closed' },
      { what: 'a rule', entry: anEntry(1, anAuthorization()), status: 'abandoned', telling: 'closed' },
    ] as const)(
      'Given $what, when it is settled as $status, then its telling is $telling and it is not ours',
      async ({ entry, status, telling }) => {
        await state().ledger.intend([entry]);
        const failure = { code: 'InvalidTarget', message: 'not running' };
        const settled = await state().ledger.settle(
          entry,
          status === 'failed' ? { status, ...failure } : { status },
          noonPlus(1),
        );
        expect(settled).toMatchObject({ status, telling });
        expect(settled.failure).toEqual(status === 'failed' ? failure : undefined);
        expect(await open()).toEqual(telling === 'open' ? idsOf([entry]) : []);
        expect(await state().ledger.readOwnership([changeKey(entry.change)])).toEqual(new Map());
      },
    );

    test('Given a settled entry, when it is settled otherwise, then it stays as it is and is answered so', async () => {
      const entry = anEntry(1);
      await state().ledger.intend([entry]);
      const first = await state().ledger.settle(entry, { status: 'applied' }, noonPlus(1));
      expect(await state().ledger.settle(entry, { status: 'abandoned' }, noonPlus(2))).toEqual(first);
      expect(await state().ledger.listOpen()).toEqual([first]);
      expect((await state().ledger.readOwnership([changeKey(entry.change)])).size).toBe(1);
    });

    test('Given two runs that settle one entry at once, when both are done, then one word stands, and what is ours agrees with it', async () => {
      const entry = anEntry(1);
      await state().ledger.intend([entry]);
      const [first, second] = await Promise.all([
        state().ledger.settle(entry, { status: 'applied' }, noonPlus(1)),
        state().ledger.settle(entry, { status: 'abandoned' }, noonPlus(2)),
      ]);
      expect(second).toEqual(first);
      expect(await state().ledger.settle(entry, { status: 'already-there' }, noonPlus(3))).toEqual(first);
      const owned = await state().ledger.readOwnership([changeKey(entry.change)]);
      expect(owned.size).toBe(first.status === 'applied' ? 1 : 0);
      expect(await open()).toEqual(first.status === 'applied' ? idsOf([entry]) : []);
    });

    test('Given an entry that was never intended, when it is settled, then that is an error', async () => {
      await expect(state().ledger.settle(anEntry(1), { status: 'applied' }, NOON)).rejects.toThrow(EntryUnknownError);
    });

    test('Given settled entries, when they are told in steps, then they are open until closed, and never go back', async () => {
      const [told, untold] = [anEntry(1), anEntry(2)];
      await state().ledger.intend([told, untold]);
      for (const entry of [told, untold]) await state().ledger.settle(entry, { status: 'applied' }, noonPlus(1));
      await state().ledger.tell([told, told], 'said-not-in-service');
      expect((await state().ledger.listOpen()).map(({ telling }) => telling)).toEqual(['said-not-in-service', 'open']);
      await state().ledger.tell([told], 'closed');
      expect(await open()).toEqual(idsOf([untold]));
      await state().ledger.tell([told], 'said-not-in-service');
      await state().ledger.tell([told], 'open');
      expect(await open()).toEqual(idsOf([untold]));
      expect(await state().ledger.settle(told, { status: 'applied' }, NOON)).toMatchObject({ telling: 'closed' });
    });

    test('Given an entry about several targets, when they are told of one by one, then it stays open until the last', async () => {
      const targets = [1, 2, 3].map((digit) => ({
        key: `i-0000000${digit}:80`,
        name: `web-${digit}`,
        instanceId: `i-0000000${digit}`,
        port: 80,
        availabilityZone: 'ap-northeast-1a',
      }));
      const [first, second, third] = targets.map(({ key }) => new Set([key]));
      const entry = { ...anEntry(1), matter: { ...anEntry(1).matter, targets } };
      await state().ledger.intend([entry]);
      await state().ledger.tell([entry], 'closed', first);
      const settled = await state().ledger.settle(entry, { status: 'applied' }, noonPlus(1));
      await state().ledger.tell([entry], 'closed', first);
      await state().ledger.tell([entry], 'said-not-in-service', first);
      expect(await state().ledger.listOpen()).toEqual([{ ...settled, told: { 'i-00000001:80': 'closed' } }]);
      await state().ledger.tell([entry], 'said-not-in-service', new Set(targets.map(({ key }) => key)));
      const [said] = await state().ledger.listOpen();
      expect(said).toMatchObject({ telling: 'said-not-in-service', told: { 'i-00000001:80': 'closed' } });
      await state().ledger.tell([entry], 'closed', second);
      expect(await open()).toEqual(idsOf([entry]));
      await state().ledger.tell([entry], 'closed', third);
      await state().ledger.tell([entry], 'closed', third);
      expect(await open()).toEqual([]);
    });

    test('Given one entry that is still intended among settled ones, when all are told, then it alone stays open', async () => {
      const [settled, intended] = [anEntry(1), anEntry(2)];
      await state().ledger.intend([settled, intended]);
      await state().ledger.settle(settled, { status: 'applied' }, noonPlus(1));
      await state().ledger.tell([settled, intended, anEntry(3)], 'closed');
      expect(await state().ledger.listOpen()).toEqual([intended]);
    });

    test('Given 120 settled entries, when they are told, then all are closed', async () => {
      const many = Array.from({ length: 120 }, (_, index) => anEntry(index + 1));
      await state().ledger.intend(many);
      for (const entry of many) await state().ledger.settle(entry, { status: 'applied' }, noonPlus(1));
      await state().ledger.tell(many, 'closed');
      expect(await open()).toEqual([]);
    });

    test('Given findings and names longer than an item can hold, when the entry is intended, then it is kept with what fits', async () => {
      const long = 'x'.repeat(100_000);
      const entry = anEntry(1);
      const finding = {
        reason: 'RefusedByAws',
        severity: 'warning',
        evidence: { message: long },
        remedy: long,
      } as const;
      const targets = Array.from({ length: 1000 }, (_, index) => ({
        key: `i-${index}:80`,
        name: 'n'.repeat(1000),
        instanceId: `i-${index}`,
        port: 80,
        availabilityZone: 'ap-northeast-1a',
      }));
      await state().ledger.intend([
        { ...entry, matter: { ...entry.matter, targets, findings: Array.from({ length: 50 }, () => finding) } },
      ]);
      const [kept] = await state().ledger.listOpen();
      expect(kept?.matter.findings).toHaveLength(20);
      expect(kept?.matter.findings[0]).toEqual({
        reason: 'RefusedByAws',
        severity: 'warning',
        evidence: { message: `${'x'.repeat(499)}…` },
      });
      expect(kept?.matter.targets.length).toBe(250);
      expect(kept?.change).toEqual(entry.change);
    });
  });
};

const leasesContract = (state: () => StatePorts): void => {
  describe('leases', () => {
    test('Given a lease, when somebody else asks for one of its resources, then they get none of theirs, until it is released', async () => {
      const lease = await state().leases.acquire(['sg-1', 'sg-2'], 'a', NOON, 60);
      expect(lease).toEqual({ resources: ['sg-1', 'sg-2'], owner: 'a', expiresAt: noonPlus(60) });
      expect(await state().leases.acquire(['sg-3', 'sg-2'], 'b', NOON, 60)).toBeUndefined();
      expect(await state().leases.acquire(['sg-3'], 'c', NOON, 60)).toBeDefined();
      if (lease) await state().leases.release(lease);
      expect(await state().leases.acquire(['sg-1', 'sg-2'], 'b', NOON, 60)).toBeDefined();
    });

    test('Given a lease, when its time is over, then it may be taken, and its old owner releases nothing', async () => {
      const old = await state().leases.acquire(['sg-1'], 'a', NOON, 60);
      expect(await state().leases.acquire(['sg-1'], 'b', noonPlus(59), 60)).toBeUndefined();
      expect(await state().leases.acquire(['sg-1'], 'b', noonPlus(60), 60)).toBeDefined();
      if (old) await state().leases.release(old);
      expect(await state().leases.acquire(['sg-1'], 'c', noonPlus(61), 60)).toBeUndefined();
    });

    test('Given a lease of which one resource was lost, when it is released, then the rest is free and the lost one stays', async () => {
      const old = await state().leases.acquire(['sg-1', 'sg-2'], 'a', NOON, 60);
      await state().leases.acquire(['sg-1'], 'b', noonPlus(60), 600);
      if (old) await state().leases.release(old);
      expect(await state().leases.acquire(['sg-2'], 'c', noonPlus(61), 60)).toBeDefined();
      expect(await state().leases.acquire(['sg-1'], 'c', noonPlus(61), 60)).toBeUndefined();
    });

    test('Given a lease, when its owner asks again, with one resource named twice, then it is renewed', async () => {
      await state().leases.acquire(['sg-1'], 'a', NOON, 60);
      expect(await state().leases.acquire(['sg-1', 'sg-1'], 'a', noonPlus(30), 60)).toMatchObject({
        expiresAt: noonPlus(90),
      });
      expect(await state().leases.acquire(['sg-1'], 'b', noonPlus(60), 60)).toBeUndefined();
    });

    test('Given no resources, when a lease is asked for, then it is given and released', async () => {
      const lease = await state().leases.acquire([], 'a', NOON, 60);
      expect(lease).toBeDefined();
      if (lease) await state().leases.release(lease);
    });

    test('Given more resources than one transaction takes and the last one held, when they are asked for, then none is left taken', async () => {
      const many = Array.from({ length: 130 }, (_, index) => `sg-${String(index).padStart(3, '0')}`);
      await state().leases.acquire(['sg-129'], 'b', NOON, 60);
      expect(await state().leases.acquire(many, 'a', NOON, 60)).toBeUndefined();
      expect(await state().leases.acquire(many.slice(0, 129), 'c', NOON, 60)).toBeDefined();
    });

    test('Given several who ask at once, when all want the same, then exactly one gets it', async () => {
      const owners = ['a', 'b', 'c', 'd'];
      const got = await Promise.all(owners.map((owner) => state().leases.acquire(['sg-1', 'tg-1'], owner, NOON, 60)));
      expect(got.filter((lease) => lease !== undefined)).toHaveLength(1);
    });
  });
};

const budgetsContract = (state: () => StatePorts): void => {
  describe('budgets', () => {
    const scopes = (group: number, stage: number) => [
      { scope: 'web', limit: group },
      { scope: 'stage', limit: stage },
    ];

    test('Given budgets, when more is asked than one of them has, then nothing is taken from any', async () => {
      expect(await state().budgets.take(scopes(2, 10), 3, NOON)).toBe(false);
      expect(await state().budgets.take([{ scope: 'stage', limit: 10 }], 10, NOON)).toBe(true);
      expect(await state().budgets.take(scopes(2, 10), 1, NOON)).toBe(false);
      expect(await state().budgets.take([{ scope: 'web', limit: 2 }], 2, NOON)).toBe(true);
    });

    test('Given a budget used up, when an hour has passed since each removal, then there is room again', async () => {
      const one = [{ scope: 'web', limit: 2 }];
      await state().budgets.take(one, 1, NOON);
      await state().budgets.take(one, 1, noonPlus(1800));
      expect(await state().budgets.take(one, 1, noonPlus(3599))).toBe(false);
      expect(await state().budgets.take(one, 1, noonPlus(3600))).toBe(true);
      expect(await state().budgets.take(one, 1, noonPlus(3600))).toBe(false);
    });

    test('Given one scope named twice, when something is taken, then it counts once against the lower limit', async () => {
      const twice = [
        { scope: 'web', limit: 3 },
        { scope: 'web', limit: 2 },
      ];
      expect(await state().budgets.take(twice, 2, NOON)).toBe(true);
      expect(await state().budgets.take([{ scope: 'web', limit: 3 }], 1, NOON)).toBe(true);
    });

    test('Given several who take at once, when there is room for two, then exactly two get it', async () => {
      const takes = Array.from({ length: 4 }, () => state().budgets.take([{ scope: 'web', limit: 2 }], 1, NOON));
      expect((await Promise.all(takes)).filter(Boolean)).toHaveLength(2);
    });

    test('Given a scope that counts names, when more come than its limit, then none of them counts; what counts already counts once', async () => {
      const count = (names: readonly string[], seconds = 0) =>
        state().budgets.count('web', 2, names, noonPlus(seconds));
      expect(await count(['i-1:80'])).toBe(true);
      expect(await count(['i-1:80', 'i-2:80', 'i-3:80'])).toBe(false);
      expect(await count(['i-1:80', 'i-2:80'], 1800)).toBe(true);
      expect(await count(['i-3:80'], 3599)).toBe(false);
      expect(await count(['i-3:80'], 3600)).toBe(true);
      expect(await state().budgets.count('admin', 1, ['i-9:80'], NOON)).toBe(true);
    });

    test('Given several who count at once, when there is room for two, then exactly two are counted', async () => {
      const counts = ['a', 'b', 'c', 'd'].map((name) => state().budgets.count('web', 2, [name], NOON));
      expect((await Promise.all(counts)).filter(Boolean)).toHaveLength(2);
    });
  });
};

const watchesContract = (state: () => StatePorts): void => {
  describe('watches', () => {
    const NOTHING: Remembered = { lastReportAt: undefined, healthySince: new Map(), missing: new Set() };
    const SPOKEN: Remembered = {
      lastReportAt: noonPlus(10),
      healthySince: new Map([['i-00000001:80', noonPlus(8)]]),
      missing: new Set(['i-00000002:80']),
    };
    const started = async (now = NOON) => {
      const tick = await state().watches.start(WEB, now, 10);
      if (tick === undefined) throw new Error('no chain was started');
      return tick;
    };
    const taken = async (tick: number, now: Date): Promise<Watch> => {
      const watch = await state().watches.take(WEB, tick, now);
      if (typeof watch !== 'object') throw new Error(`look ${tick} was not to be had`);
      return watch;
    };

    test('Given no chain, when it is started and looks follow, then each look is taken once', async () => {
      expect(await started()).toBe(0);
      const first = await taken(0, noonPlus(10));
      expect(first).toEqual({
        targetGroupArn: WEB,
        tick: 1,
        nextLookAt: noonPlus(10),
        ...NOTHING,
        starts: 1,
      });
      expect(await state().watches.take(WEB, 0, noonPlus(10))).toBeUndefined();
      await state().watches.continue(first, noonPlus(40), SPOKEN);
      expect(await state().watches.take(WEB, 0, noonPlus(40))).toBeUndefined();
      expect(await taken(1, noonPlus(40))).toMatchObject({
        tick: 2,
        nextLookAt: noonPlus(40),
        ...SPOKEN,
      });
    });

    test('Given a chain whose first message may be lost, when it is asked for again, then the same tick is sent again; once looked, none', async () => {
      const tick = await started();
      expect(await state().watches.start(WEB, noonPlus(5), 10)).toBe(tick);
      const watch = await taken(tick, noonPlus(10));
      expect(await state().watches.start(WEB, noonPlus(11), 10)).toBeUndefined();
      await state().watches.continue(watch, noonPlus(40), NOTHING);
      expect(await state().watches.start(WEB, noonPlus(30), 10)).toBeUndefined();
    });

    test('Given a chain whose next look is far off, when it is asked for, then that look is sent for sooner, and taken once', async () => {
      await state().watches.continue(await taken(await started(), noonPlus(10)), noonPlus(70), NOTHING);
      expect(await state().watches.start(WEB, noonPlus(20), 10)).toBe(1);
      expect(await state().watches.start(WEB, noonPlus(21), 10)).toBeUndefined();
      expect(await taken(1, noonPlus(30))).toMatchObject({ tick: 2, nextLookAt: noonPlus(30), starts: 3 });
      expect(await state().watches.start(WEB, noonPlus(30), 10)).toBeUndefined();
      expect(await state().watches.take(WEB, 1, noonPlus(70))).toBeUndefined();
    });

    test('Given a chain whose next look is far off, when it is only to be revived, then it keeps its look; unlooked, its tick is sent again; dead, another is started', async () => {
      const tick = await started();
      expect(await state().watches.revive(WEB, noonPlus(5), 10)).toBe(tick);
      await state().watches.continue(await taken(tick, noonPlus(10)), noonPlus(70), NOTHING);
      expect(await state().watches.revive(WEB, noonPlus(20), 10)).toBeUndefined();
      expect(await taken(1, noonPlus(70))).toMatchObject({ tick: 2, nextLookAt: noonPlus(70), starts: 1 });
      expect(await state().watches.revive(WEB, noonPlus(70 + 901), 10)).toBe(3);
      expect(await state().watches.revive(ADMIN, NOON, 10)).toBe(0);
    });

    test('Given a look that is being taken, when its chain is to be revived, then that look may not end it', async () => {
      const watch = await taken(await started(), noonPlus(10));
      expect(await state().watches.revive(WEB, noonPlus(11), 10)).toBeUndefined();
      expect(await state().watches.end(watch, NOTHING)).toBe(false);
    });

    test('Given a chain that ended or died, when another is started, then it is known when the group was last spoken of', async () => {
      expect(await state().watches.end(await taken(await started(), noonPlus(10)), SPOKEN)).toBe(true);
      const watch = await taken(await started(noonPlus(30)), noonPlus(40));
      expect(watch).toMatchObject(SPOKEN);
      await state().watches.continue(watch, noonPlus(50), SPOKEN);
      expect(await taken(await started(noonPlus(2000)), noonPlus(2010))).toMatchObject(SPOKEN);
    });

    test('Given a look that died, when its message comes again, then it is taken again, but not while it may still run', async () => {
      await taken(await started(), noonPlus(10));
      expect(await state().watches.take(WEB, 0, noonPlus(129))).toBeUndefined();
      expect(await taken(0, noonPlus(130))).toMatchObject({ tick: 1 });
    });

    test('Given a look whose message overtakes the write of the look that sent it, when it is handled, then it is too early; once that has lapsed, a duplicate', async () => {
      const first = await taken(await started(), noonPlus(10));
      expect(await state().watches.take(WEB, 1, noonPlus(20))).toBe('too-early');
      expect(await state().watches.take(WEB, 2, noonPlus(20))).toBeUndefined();
      expect(await state().watches.take(WEB, 1, noonPlus(130))).toBeUndefined();
      await state().watches.continue(first, noonPlus(140), NOTHING);
      expect(await taken(1, noonPlus(140))).toMatchObject({ tick: 2 });
    });

    test('Given a chain that nobody asked for since the look, when it ends, then no message of it is taken, and the next chain has other numbers', async () => {
      const watch = await taken(await started(), noonPlus(10));
      expect(await state().watches.end(watch, NOTHING)).toBe(true);
      expect(await state().watches.take(WEB, 0, noonPlus(20))).toBeUndefined();
      expect(await state().watches.take(WEB, 1, noonPlus(20))).toBeUndefined();
      const next = await started(noonPlus(30));
      expect(next).toBeGreaterThan(1);
      expect(await state().watches.take(WEB, 0, noonPlus(40))).toBeUndefined();
      expect(await state().watches.take(WEB, 1, noonPlus(40))).toBeUndefined();
      expect(await taken(next, noonPlus(40))).toMatchObject({ lastReportAt: undefined });
    });

    test('Given a chain that is asked for while a look runs, when the look wants to end it, then it may not, and goes on', async () => {
      const watch = await taken(await started(), noonPlus(10));
      expect(await state().watches.start(WEB, noonPlus(11), 10)).toBeUndefined();
      expect(await state().watches.end(watch, NOTHING)).toBe(false);
      await state().watches.continue(watch, noonPlus(40), NOTHING);
      expect(await state().watches.end(await taken(1, noonPlus(40)), NOTHING)).toBe(true);
    });

    test('Given a chain whose next look is overdue by more than the grace, when it is asked for, then another is started', async () => {
      const watch = await taken(await started(), noonPlus(10));
      await state().watches.continue(watch, noonPlus(40), NOTHING);
      expect(await state().watches.start(WEB, noonPlus(40 + 900), 10)).toBeUndefined();
      const next = await state().watches.start(WEB, noonPlus(40 + 901), 10);
      expect(next).toBe(3);
      expect(await state().watches.take(WEB, 1, noonPlus(950))).toBeUndefined();
    });

    test('Given a watch of a chain that is over, when it continues or ends, then the new chain is untouched', async () => {
      const old = await taken(await started(), noonPlus(10));
      const next = await started(noonPlus(2000));
      await state().watches.continue(old, noonPlus(2010), SPOKEN);
      expect(await state().watches.end(old, NOTHING)).toBe(true);
      expect(await taken(next, noonPlus(2010))).toMatchObject({ nextLookAt: noonPlus(2010), lastReportAt: undefined });
    });

    test('Given several who take one look at once, when one has it, then the others have not', async () => {
      const tick = await started();
      const takes = await Promise.all([1, 2, 3].map(() => state().watches.take(WEB, tick, noonPlus(10))));
      expect(takes.filter((watch) => watch !== undefined)).toHaveLength(1);
    });

    test('Given two groups, when one is watched, then the other is not', async () => {
      await started();
      expect(await state().watches.take(ADMIN, 0, noonPlus(10))).toBeUndefined();
    });
  });
};

const deliveredContract = (state: () => StatePorts): void => {
  describe('delivered reports', () => {
    test('Given a delivered report, when its key is looked up, then it is known for its destination only', async () => {
      expect(await state().deliveredReports.has('ops', 'report-1')).toBe(false);
      await state().deliveredReports.add('ops', 'report-1', NOON);
      await state().deliveredReports.add('ops', 'report-1', noonPlus(1));
      expect(await state().deliveredReports.has('ops', 'report-1')).toBe(true);
      expect(await state().deliveredReports.has('web', 'report-1')).toBe(false);
      expect(await state().deliveredReports.has('ops', 'report-2')).toBe(false);
    });
  });
};

const aThread: Thread = {
  channel: 'C0123456789',
  ts: '1763784120.000100',
  head: '{"text":"web-3 is not in service","blocks":[]}',
  severity: 'warning',
  open: ['i-1:80', 'i-2:80'],
  openUntil: new Date('2026-11-23T12:00:00.500Z'),
};

const threadsContract = (state: () => StatePorts): void => {
  test('Given a thread, when it is stored and stored anew, then the last is read, as it was, for its destination and matter only', async () => {
    expect(await state().threads.get('ops', WEB)).toBeUndefined();
    await state().threads.put('ops', WEB, aThread, NOON);
    expect(await state().threads.get('ops', WEB)).toEqual(aThread);
    await state().threads.put('ops', WEB, { ...aThread, open: [], severity: 'critical' }, noonPlus(1));
    expect(await state().threads.get('ops', WEB)).toEqual({ ...aThread, open: [], severity: 'critical' });
    expect(await state().threads.get('ops', ADMIN)).toBeUndefined();
    expect(await state().threads.get('web', WEB)).toBeUndefined();
  });
};

const ordersContract = (state: () => StatePorts): void => {
  const begin = (seconds: number, orderId = 'order-1') => state().orders.begin(orderId, noonPlus(seconds), 90);

  describe('orders', () => {
    test('Given an order, when it arrives again while it is carried out and after it is done, then it is begun once', async () => {
      expect(await begin(0)).toBe('begun');
      expect(await begin(1)).toBe('under-way');
      await state().orders.finish('order-1', noonPlus(2));
      expect(await begin(3)).toBe('done');
      expect(await begin(100_000)).toBe('done');
      expect(await begin(3, 'order-2')).toBe('begun');
    });

    test('Given a run that died with an order, when its time lapsed, then another takes it up', async () => {
      await begin(0);
      expect(await begin(89)).toBe('under-way');
      expect(await begin(90)).toBe('begun');
      expect(await begin(179)).toBe('under-way');
    });

    test('Given an order that was given back, when it comes again, then it is begun at once; one that is done stays done', async () => {
      await begin(0);
      await state().orders.giveBack('order-1', noonPlus(1));
      expect(await begin(1)).toBe('begun');
      await state().orders.finish('order-1', noonPlus(2));
      await state().orders.giveBack('order-1', noonPlus(3));
      await state().orders.giveBack('order-2', noonPlus(3));
      expect(await begin(3)).toBe('done');
    });

    test('Given one order five times at once, when all begin it, then one may', async () => {
      const begun = await Promise.all(Array.from({ length: 5 }, () => begin(0)));
      expect([...begun].sort()).toEqual(['begun', ...Array.from({ length: 4 }, () => 'under-way')].sort());
    });

    test('Given answers to an order, when six are counted at once, then five may be sent, and another order has its own five', async () => {
      const counted = [];
      for (let index = 0; index < 4; index += 1) counted.push(await state().orders.takeAnswer('order-1', NOON));
      const atOnce = await Promise.all([1, 2].map(() => state().orders.takeAnswer('order-1', NOON)));
      expect([...counted, ...atOnce].filter(Boolean)).toHaveLength(5);
      expect(await state().orders.takeAnswer('order-1', noonPlus(1))).toBe(false);
      expect(await state().orders.takeAnswer('order-2', NOON)).toBe(true);
      expect(await begin(0)).toBe('begun');
    });
  });
};

const aPlan = (planId = 'plan-1') =>
  newPlan(
    planId,
    {
      kind: 'seat',
      targetGroup: { name: 'web', id: WEB },
      seats: [{ instanceId: 'i-00000001', name: 'web-1', changeKey: 'target|web|i-00000001:80' }],
    },
    'ops',
    NOON,
    3600,
  );

const plansContract = (state: () => StatePorts): void => {
  const [tanaka, suzuki] = [
    { orderId: 'order-1', userId: 'U1', wish: 'apply' },
    { orderId: 'order-2', userId: 'U2', wish: 'apply' },
  ] as const;
  const take = (by: Decider, seconds: number) => state().plans.take('plan-1', by, noonPlus(seconds), 90);

  describe('stored plans', () => {
    test('Given a plan, when it is stored, then it is found as it was, and storing another under its id changes nothing', async () => {
      expect(await state().plans.find('plan-1')).toBeUndefined();
      await state().plans.store(aPlan());
      await state().plans.store({ ...aPlan(), destination: 'elsewhere' });
      expect(await state().plans.find('plan-1')).toEqual(aPlan());
      expect(await state().plans.find('plan-2')).toBeUndefined();
    });

    test('Given two presses at once, when both take the plan, then one has it, and the other hears whose it is', async () => {
      await state().plans.store(aPlan());
      const decisions = await Promise.all([take(tanaka, 1), take(suzuki, 1)]);
      expect(decisions.map(({ kind }) => kind).sort()).toEqual(['taken', 'under-way']);
      const [first, second] = decisions;
      const taken = first?.kind === 'taken' ? first : second;
      const other = first?.kind === 'taken' ? second : first;
      expect(taken).toMatchObject({ plan: { status: 'applying', version: 2, decidedAt: '2026-11-22T12:00:01.000Z' } });
      expect(other).toEqual({ ...taken, kind: 'under-way' });
    });

    test('Given a plan that is done, when it is pressed again, then it is told who decided, and is not taken', async () => {
      await state().plans.store(aPlan());
      await take(tanaka, 1);
      expect(await state().plans.finish('plan-1', 'order-2', 'done')).toBe(false);
      expect(await state().plans.finish('plan-1', 'order-1', 'done')).toBe(true);
      expect(await state().plans.finish('plan-1', 'order-1', 'refused')).toBe(false);
      expect(await take(suzuki, 2)).toMatchObject({
        kind: 'decided',
        bySameOrder: false,
        plan: { status: 'done', decidedBy: 'U1' },
      });
      expect(await take(tanaka, 2)).toMatchObject({ kind: 'decided', bySameOrder: true });
    });

    test('Given a run that died with a plan, when its order comes again, then it goes on at once; another only after the lapse', async () => {
      await state().plans.store(aPlan());
      await take(tanaka, 0);
      expect(await take(tanaka, 10)).toMatchObject({ kind: 'taken', plan: { version: 3 } });
      expect(await take(suzuki, 99)).toMatchObject({ kind: 'under-way', plan: { decidedBy: 'U1' } });
      // What may be done in part can be finished by another, not left.
      expect(await take({ ...suzuki, wish: 'reject' }, 100)).toMatchObject({ kind: 'under-way' });
      expect(await take(suzuki, 100)).toMatchObject({ kind: 'taken', plan: { decidedBy: 'U2', version: 4 } });
      expect(await state().plans.finish('plan-1', 'order-1', 'done')).toBe(false);
    });

    test('Given a plan whose time is over, when it is pressed, then nobody gets it, but who took it in time may go on', async () => {
      await state().plans.store(aPlan());
      expect(await take(tanaka, 3600)).toMatchObject({ kind: 'expired', plan: { status: 'pending' } });
      expect(await take(tanaka, 3599)).toMatchObject({ kind: 'taken' });
      expect(await take(suzuki, 4000)).toMatchObject({ kind: 'expired' });
      expect(await take(tanaka, 4000)).toMatchObject({ kind: 'taken' });
    });

    test('Given no such plan, when it is pressed or ended, then that is said', async () => {
      expect(await take(tanaka, 0)).toEqual({ kind: 'unknown' });
      expect(await state().plans.finish('plan-1', 'order-1', 'done')).toBe(false);
    });
  });
};

const quietContract = (state: () => StatePorts): void => {
  test('Given a pause, when it is looked for, then it is found as it was; replaced, the later one; ended, none', async () => {
    const { pauses } = state();
    expect(await pauses.find()).toBeUndefined();
    await pauses.begin({ since: NOON, byUserId: 'U1' });
    expect(await pauses.find()).toEqual({ since: NOON, byUserId: 'U1' });
    await pauses.begin({ since: noonPlus(60), byUserId: 'U2', reason: 'we move a database' });
    expect(await pauses.find()).toEqual({ since: noonPlus(60), byUserId: 'U2', reason: 'we move a database' });
    await pauses.end();
    await pauses.end();
    expect(await pauses.find()).toBeUndefined();
  });

  test('Given lists of changes that people were shown, then each finds their own last one, for a day', async () => {
    const { shownChanges } = state();
    expect(await shownChanges.find('U1', NOON)).toBeUndefined();
    await shownChanges.show('U1', ['plan-1'], NOON);
    await shownChanges.show('U2', [], NOON);
    await shownChanges.show('U1', ['plan-2', undefined, 'plan-3'], noonPlus(60));
    const shown = { at: noonPlus(60), planIds: ['plan-2', undefined, 'plan-3'] };
    expect(await shownChanges.find('U1', noonPlus(60 + 86_400))).toEqual(shown);
    expect(await shownChanges.find('U1', noonPlus(61 + 86_400))).toBeUndefined();
    expect(await shownChanges.find('U2', NOON)).toEqual({ at: NOON, planIds: [] });
  });

  test('Given a matter that was silenced, when its time is over, then it speaks again; others never fell silent', async () => {
    expect(await state().quietMatters.isQuiet('web', NOON)).toBe(false);
    await state().quietMatters.silence('web', noonPlus(3600), 'U1');
    expect(await state().quietMatters.isQuiet('web', noonPlus(3599))).toBe(true);
    expect(await state().quietMatters.isQuiet('web', noonPlus(3600))).toBe(false);
    expect(await state().quietMatters.isQuiet('admin', NOON)).toBe(false);
  });
};

const NOTHING_REMEMBERED: Remembered = { lastReportAt: undefined, healthySince: new Map(), missing: new Set() };

type Step = 'start' | 'first' | 'next' | 'lost' | 'end';

/** Whatever order starts, looks, deaths and ends come in, what was asked for is looked at in the end. */
const chainProperty = (make: () => Promise<StatePorts>, runs: number): void => {
  test('Given any sequence of starts, looks, lost messages and ends, then no request is ever left without a look', async () => {
    const steps = fc.array(fc.constantFrom<Step>('start', 'first', 'next', 'lost', 'end'), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(steps, async (sequence) => {
        const { watches } = await make();
        let now = 0;
        let pending: number | undefined;
        let isOwed = false;
        const start = async () => {
          isOwed = true;
          pending = (await watches.start(WEB, noonPlus(now), 10)) ?? pending;
        };
        const look = async (wish: 'go on' | 'end') => {
          if (pending === undefined) return;
          const watch = await watches.take(WEB, pending, noonPlus(now));
          if (typeof watch !== 'object') return;
          isOwed = false;
          if (wish === 'end' && (await watches.end(watch, NOTHING_REMEMBERED))) {
            pending = undefined;
            return;
          }
          pending = watch.tick;
          await watches.continue(watch, noonPlus(now + 30), NOTHING_REMEMBERED);
        };
        for (const step of sequence) {
          now += 30;
          if (step === 'start') await start();
          if (step === 'first' || step === 'next') await look('go on');
          if (step === 'end') await look('end');
          if (step === 'lost') pending = undefined;
        }
        // The sweep asks again for what is owed once a chain is dead; then one look must be had.
        now += 2000;
        const wasOwed = isOwed;
        if (wasOwed) {
          await start();
          await look('end');
        }
        expect(isOwed).toBe(false);
        return true;
      }),
      { numRuns: runs },
    );
  });
};

/**
 * What every implementation of the state ports does. Run over the one in memory, which story tests use, and over the table,
 * so that the stories are proved against what they will meet.
 */
export const stateContract = (
  make: () => Promise<StatePorts>,
  { propertyRuns }: { readonly propertyRuns: number },
): void => {
  let ports: StatePorts | undefined;
  beforeEach(async () => {
    ports = await make();
  });
  const state = (): StatePorts => {
    if (ports === undefined) throw new Error('state is made before each test');
    return ports;
  };
  ledgerContract(state);
  leasesContract(state);
  budgetsContract(state);
  watchesContract(state);
  deliveredContract(state);
  threadsContract(state);
  ordersContract(state);
  plansContract(state);
  quietContract(state);
  chainProperty(make, propertyRuns);
};
