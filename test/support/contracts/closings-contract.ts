import { expect, test } from '@jest/globals';
import type { Closings } from '../../../aws/state/closings-port.ts';
import type { Pauses } from '../../../aws/state/port.ts';
import { ruleShape } from '../../../domain/closing/classify.ts';
import type { ClosingWatch } from '../../../domain/closing/watch.ts';

const NOON = new Date('2026-11-22T12:00:00.000Z');
const LATER = new Date('2026-11-22T12:01:00.000Z');

const aWatch = (ruleId: string): ClosingWatch => ({
  rule: {
    ruleId,
    groupId: 'sg-web',
    direction: 'ingress',
    protocol: 'tcp',
    fromPort: 80,
    toPort: 80,
    peer: { kind: 'cidr-ipv4', cidr: '0.0.0.0/0' },
    description: 'opened for the launch party',
    tags: { Owner: 'marketing', 日本語: '値' },
  },
  vpcId: 'vpc-1',
  securityGroup: { id: 'sg-web', name: 'web' },
  groups: [{ targetGroup: { id: 'arn-web', name: 'web' }, members: ['i-1:80', 'i-2:80'], healthy: ['i-1:80'] }],
  destination: 'default',
  startedAt: NOON.toISOString(),
  until: LATER.toISOString(),
});

const PUT_BACK = { entryId: '2026-11-22T12:00:30.000Z-a', at: '2026-11-22T12:00:30.000Z', fell: ['i-1:80'] };
const GROUPS = [{ id: 'arn-web', name: 'web' }];

/** What every keeper of closings does, and of the groups they stop; fresh ones for each test. */
export const closingsContract = (
  make: () => Promise<{ readonly closings: Closings; readonly pauses: Pauses }>,
): void => {
  test('Given a watch that is kept, then it is found as it was, among those under way, until it ends', async () => {
    const { closings } = await make();
    expect(await closings.find('sgr-1')).toBeUndefined();
    await closings.begin(aWatch('sgr-1'));
    await closings.begin(aWatch('sgr-2'));
    expect(await closings.find('sgr-1')).toEqual({ kind: 'under-way', watch: aWatch('sgr-1') });
    await closings.looked('sgr-1', LATER);
    await closings.end('sgr-2', LATER);
    expect(await closings.list()).toEqual([{ ...aWatch('sgr-1'), lookedAt: LATER.toISOString() }]);
    expect(await closings.find('sgr-2')).toEqual({ kind: 'ended', watch: aWatch('sgr-2') });
  });

  test('Given a watch over a rule, then one with another id that lets the same through came back, and that very rule did not', async () => {
    const { closings } = await make();
    const { rule } = aWatch('sgr-1');
    expect(await closings.cameBack([rule])).toEqual(new Set());
    await closings.begin(aWatch('sgr-1'));
    const again = { ...rule, ruleId: 'sgr-2', description: undefined, tags: {} };
    const other = { ...rule, ruleId: 'sgr-3', toPort: 81 };
    expect(await closings.cameBack([rule, other])).toEqual(new Set());
    await closings.end('sgr-1', LATER);
    expect(await closings.cameBack([again, other])).toEqual(new Set(['sgr-2']));
    expect(await closings.cameBack([])).toEqual(new Set());
  });

  test('Given a watch that is kept twice, then the later one stands: the removal before it was never made', async () => {
    const { closings } = await make();
    await closings.begin(aWatch('sgr-1'));
    await closings.begin({ ...aWatch('sgr-1'), until: NOON.toISOString() });
    expect(await closings.list()).toEqual([{ ...aWatch('sgr-1'), until: NOON.toISOString() }]);
  });

  test('Given a watch that is to be put back, then that is decided once, its shape is remembered and its groups are stopped', async () => {
    const { closings, pauses } = await make();
    await closings.begin(aWatch('sgr-1'));
    const shape = ruleShape(aWatch('sgr-9').rule);
    expect(await closings.wasPutBack([shape, 'other'])).toEqual(new Set());
    const decided = await closings.decideToPutBack(aWatch('sgr-1'), PUT_BACK, GROUPS);
    expect(decided).toEqual({ ...aWatch('sgr-1'), putBack: PUT_BACK });
    const again = await closings.decideToPutBack(aWatch('sgr-1'), { ...PUT_BACK, entryId: 'another' }, GROUPS);
    expect(again.putBack).toEqual(PUT_BACK);
    expect(await closings.wasPutBack([shape, 'other'])).toEqual(new Set([shape]));
    expect(await pauses.listStoppedGroups()).toEqual([
      { targetGroup: GROUPS[0], since: new Date(PUT_BACK.at), securityGroup: { id: 'sg-web', name: 'web' } },
    ]);
  });

  test('Given a stopped group, then it is no pause; resumed, it is stopped no more, and a pause stays', async () => {
    const { closings, pauses } = await make();
    await closings.begin(aWatch('sgr-1'));
    await closings.decideToPutBack(aWatch('sgr-1'), PUT_BACK, GROUPS);
    expect(await pauses.find()).toBeUndefined();
    await pauses.begin({ since: NOON, byUserId: 'U0001' });
    await pauses.resumeGroup('arn-other');
    expect(await pauses.listStoppedGroups()).toHaveLength(1);
    await pauses.resumeGroup('arn-web');
    expect(await pauses.listStoppedGroups()).toEqual([]);
    expect((await pauses.find())?.byUserId).toBe('U0001');
  });

  test('Given a look at a security group, then the last one is known', async () => {
    const { closings } = await make();
    expect(await closings.lastLook('sg-web')).toBeUndefined();
    await closings.noteLook('sg-web', 'a', NOON);
    await closings.noteLook('sg-web', 'b', LATER);
    expect(await closings.lastLook('sg-web')).toEqual({ fingerprint: 'b', at: LATER });
    expect(await closings.lastLook('sg-other')).toBeUndefined();
  });

  test('Given a watch that nobody keeps, then looking at it, ending it and deciding on it leave nothing', async () => {
    const { closings, pauses } = await make();
    await closings.looked('sgr-1', NOON);
    await closings.end('sgr-1', NOON);
    await closings.decideToPutBack(aWatch('sgr-1'), PUT_BACK, GROUPS);
    expect(await closings.list()).toEqual([]);
    expect(await pauses.listStoppedGroups()).toEqual([]);
  });
};
