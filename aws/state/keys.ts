/** Key of one item of the table. */
export interface Key {
  readonly pk: string;
  readonly sk: string;
}

/** All open entries share one partition: few at a time, and found by one Query. */
export const OPEN_PARTITION = 'open';

export const entryKey = (targetGroupArn: string, entryId: string): Key => ({
  pk: `ledger#${targetGroupArn}`,
  sk: entryId,
});

/** The `|` ends the ARN, so that no group's entries are found under another's whose ARN it begins with. */
export const openPrefix = (targetGroupArn: string): string => `${targetGroupArn}|`;

/** Points at an entry to which something is still owed. */
export const openKey = (targetGroupArn: string, entryId: string): Key => ({
  pk: OPEN_PARTITION,
  sk: `${openPrefix(targetGroupArn)}${entryId}`,
});

export const ownershipKey = (changeKey: string): Key => ({ pk: `own#${changeKey}`, sk: 'own' });

/** Points at what is, or was, registered for an instance: how it is found when nothing else is left of the instance. */
export const seatPointerKey = (instanceId: string, changeKey: string): Key => ({
  pk: seatsOf(instanceId),
  sk: changeKey,
});

export const seatsOf = (instanceId: string): string => `seats#${instanceId}`;

export const leaseKey = (resource: string): Key => ({ pk: `lease#${resource}`, sk: 'lease' });

export const budgetKey = (scope: string): Key => ({ pk: `budget#${scope}`, sk: 'budget' });

export const watchKey = (targetGroupArn: string): Key => ({ pk: `watch#${targetGroupArn}`, sk: 'watch' });

export const deliveredKey = (destination: string, key: string): Key => ({ pk: `delivered#${destination}`, sk: key });

export const orderKey = (orderId: string): Key => ({ pk: `order#${orderId}`, sk: 'order' });

/** Apart from the order itself: whoever only answers needs no right to carry out. */
export const answersKey = (orderId: string): Key => ({ pk: `answers#${orderId}`, sk: 'answers' });

export const planKey = (planId: string): Key => ({ pk: `plan#${planId}`, sk: 'plan' });

/** One list a person: the one that was shown last. */
export const shownChangesKey = (userId: string): Key => ({ pk: `shown-changes#${userId}`, sk: 'shown' });

/** The whole stage is paused or it is not. */
export const pauseKey = (): Key => ({ pk: 'pause', sk: 'pause' });

export const STOPPED_PREFIX = 'group|';

/** One group is stopped: it stands beside the pause, so that whoever asks for all of them asks once. */
export const stoppedGroupKey = (targetGroupArn: string): Key => ({
  pk: pauseKey().pk,
  sk: `${STOPPED_PREFIX}${targetGroupArn}`,
});

/** Watches over removed rules that are under way share a partition: found by one Query. */
export const CLOSINGS_PARTITION = 'closings';

export const closingKey = (ruleId: string): Key => ({ pk: CLOSINGS_PARTITION, sk: ruleId });

export const endedClosingKey = (ruleId: string): Key => ({ pk: `closing#${ruleId}`, sk: 'ended' });

/** What was put back once, by what it lets through. */
export const putBackKey = (shape: string): Key => ({ pk: `put-back#${shape}`, sk: 'put-back' });

/** What was removed last, by what it let through. */
export const removedShapeKey = (shape: string): Key => ({ pk: `closed#${shape}`, sk: 'closed' });

export const closingLookKey = (groupId: string): Key => ({ pk: `closing-look#${groupId}`, sk: 'look' });

export const quietKey = (matter: string): Key => ({ pk: `quiet#${matter}`, sk: 'quiet' });

/** No name of a destination holds a `|`. */
export const threadKey = (destination: string, matter: string): Key => ({
  pk: `thread#${destination}|${matter}`,
  sk: 'thread',
});

/** What waits and what is under way of one distribution shares a partition: found by one Query. */
export const invalidationLine = (distributionId: string): string => `invalidations#${distributionId}`;

export const WAITING_PREFIX = 'waiting#';

/** Points at a request that waits. Sorted by the moment it was asked for. */
export const waitingKey = ({
  place,
  requestedAt,
  requestId,
}: {
  readonly place: { readonly distributionId: string };
  readonly requestedAt: string;
  readonly requestId: string;
}): Key => ({ pk: invalidationLine(place.distributionId), sk: `${WAITING_PREFIX}${requestedAt}#${requestId}` });

export const OPEN_BATCH_PREFIX = 'batch#';

/** Points at a batch that is frozen or in progress. */
export const openBatchKey = (distributionId: string, batchId: string): Key => ({
  pk: invalidationLine(distributionId),
  sk: `${OPEN_BATCH_PREFIX}${batchId}`,
});

export const wakeKey = (distributionId: string): Key => ({ pk: invalidationLine(distributionId), sk: 'wake' });

export const requestKey = (requestId: string): Key => ({ pk: `invalidation-request#${requestId}`, sk: 'request' });

export const batchKey = (batchId: string): Key => ({ pk: `invalidation-batch#${batchId}`, sk: 'batch' });

/** @param month such as `2026-11` */
export const pathsSentKey = (month: string): Key => ({ pk: `invalidation-paths#${month}`, sk: 'paths' });

/** All that is announced of certificates, endpoints and domains shares one partition: found by one Query. */
export const ANNOUNCED_PARTITION = 'expiry-announced';

export const announcedKey = (subject: string): Key => ({ pk: ANNOUNCED_PARTITION, sk: subject });

/** @param recordName of a validation record; names of records are alike in any case */
export const recordSeenKey = (recordName: string): Key => ({
  pk: `record-seen#${recordName.toLowerCase()}`,
  sk: 'seen',
});

export const registrationKey = (domain: string): Key => ({ pk: `registration#${domain}`, sk: 'registration' });

const SECONDS_PER_DAY = 86_400;

/** The attribute `ttl`, in epoch seconds: when DynamoDB may tidy an item up. Nothing is ever decided by it. */
export const timeToLive = (from: Date, days: number): number =>
  Math.ceil(from.getTime() / 1000) + days * SECONDS_PER_DAY;

/** A change by others that was noted, by CloudTrail's id of it. */
export const changeRecordKey = (eventId: string): Key => ({ pk: `change#${eventId}`, sk: 'change' });

/** What touched one thing shares a partition: found by one Query. */
export const changesPartition = ({ kind, id }: { readonly kind: string; readonly id: string }): string =>
  `changes#${kind}|${id}`;

/** Sorted by the moment of the change. */
export const touchKey = (touched: { readonly kind: string; readonly id: string }, at: Date, eventId: string): Key => ({
  pk: changesPartition(touched),
  sk: `${at.toISOString()}#${eventId}`,
});

/** All that waits to be looked at because others changed it shares one partition: read as a whole. */
export const TOUCHES_PARTITION = 'touched';

export const touchToLookAtKey = ({ kind, id }: { readonly kind: string; readonly id: string }): Key => ({
  pk: TOUCHES_PARTITION,
  sk: `${kind}|${id}`,
});

/** When what waits is looked at next: of the whole stage. */
export const nextLookKey = (): Key => ({ pk: 'next-look-at-touched', sk: 'look' });

export const holdKey = (changeKey: string): Key => ({ pk: `hold#${changeKey}`, sk: 'hold' });

/** What is told of the alarms about one balancer or group. */
export const incidentKey = (subject: string): Key => ({ pk: `incident#${subject}`, sk: 'incident' });

/** All that is kept of groups' alarms shares one partition: read as a whole. */
export const ALARMS_PARTITION = 'alarms';

export const alarmKey = (targetGroupArn: string): Key => ({ pk: ALARMS_PARTITION, sk: targetGroupArn });
