import * as z from 'zod/mini';
import type { Alarm, AlarmBasis, AlarmState, WatchedMetric } from '../../domain/diagnosis/alarm.ts';
import { alarmNameIn, alarmNamesIn } from '../../domain/diagnosis/alarm.ts';
import type { ArrivedEvent, EventParser } from '../arrived-event.ts';
import { arrival, envelope } from '../envelope.ts';
import { complain, objectOf, optionalInstant, optionalText } from '../fields.ts';
import { parseWith } from '../malformed-event-error.ts';

/** A CloudWatch alarm changed its state, or was made. */
export interface AlarmChanged extends ArrivedEvent {
  readonly kind: 'alarm-changed';
  readonly alarm: Alarm;
}

const STATES: readonly AlarmState[] = ['OK', 'ALARM', 'INSUFFICIENT_DATA'];

const textMap = z.pipe(
  z.optional(z.unknown()),
  z.transform(
    (value): Readonly<Record<string, string>> =>
      typeof value !== 'object' || value === null || Array.isArray(value)
        ? {}
        : Object.fromEntries(
            Object.entries(value).flatMap(([key, held]) => (typeof held === 'string' ? [[key, held]] : [])),
          ),
  ),
);

const optionalNumber = z.pipe(
  z.optional(z.unknown()),
  z.transform((value): number | undefined => {
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
  }),
);

const metricEntry = objectOf({
  accountId: optionalText,
  expression: optionalText,
  metricStat: z.optional(
    objectOf({
      metric: objectOf({ namespace: optionalText, name: optionalText, dimensions: textMap }),
      period: optionalNumber,
      stat: optionalText,
    }),
  ),
});

/** What can't be read of a list leaves the rest of it readable. */
const metricEntries = z.pipe(
  z.optional(z.unknown()),
  z.transform((value): readonly z.output<typeof metricEntry>[] =>
    Array.isArray(value)
      ? value.flatMap((entry) => {
          const read = metricEntry.safeParse(entry);
          return read.success ? [read.data] : [];
        })
      : [],
  ),
);

const stateOf = objectOf({
  value: optionalText,
  reason: optionalText,
  reasonData: optionalText,
  timestamp: optionalInstant,
  actionsSuppressedBy: optionalText,
});

const detail = objectOf({
  alarmName: optionalText,
  configuration: z.optional(
    z.nullable(objectOf({ description: optionalText, metrics: metricEntries, alarmRule: optionalText })),
  ),
  state: stateOf,
  previousState: z.catch(z.optional(z.nullable(stateOf)), undefined),
  muteDetail: z.catch(z.optional(z.nullable(objectOf({ muteWindowEnd: optionalInstant }))), undefined),
  alarmTags: textMap,
});

/** JSON inside a text, as CloudWatch puts it; what can't be read tells nothing. */
const reasonIn = (text: string | undefined): Readonly<Record<string, unknown>> => {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
};

const listIn = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const composite = (rule: string, reason: Readonly<Record<string, unknown>>): AlarmBasis => ({
  kind: 'composite',
  rule,
  triggeringAlarms: listIn(reason['triggeringAlarms']).flatMap(
    (entry) => alarmNameIn(typeof entry === 'object' && entry !== null && 'arn' in entry ? entry.arn : undefined) ?? [],
  ),
  childAlarms: alarmNamesIn(rule),
});

const watched = ({ metricStat, accountId }: z.output<typeof metricEntry>): readonly WatchedMetric[] => {
  const { namespace, name, dimensions } = metricStat?.metric ?? {};
  if (namespace === undefined || name === undefined) return [];
  return [
    {
      namespace,
      name,
      dimensions: dimensions ?? {},
      statistic: metricStat?.stat,
      periodSeconds: metricStat?.period,
      ...(accountId === undefined ? {} : { accountId }),
    },
  ];
};

const basisOf = (
  configuration: z.output<typeof detail>['configuration'],
  reason: Readonly<Record<string, unknown>>,
): AlarmBasis => {
  if (configuration?.alarmRule !== undefined) return composite(configuration.alarmRule, reason);
  const entries = configuration?.metrics ?? [];
  const metrics = entries.flatMap(watched);
  if (metrics.length === 0) return { kind: 'query' };
  const expressions = entries.flatMap(({ expression }) => expression ?? []);
  return {
    kind: 'metrics',
    metrics,
    isMath: expressions.some((expression) => !/^\s*ANOMALY_DETECTION_BAND\s*\(/i.test(expression)),
    isAnomaly: expressions.some((expression) => /\bANOMALY_DETECTION_BAND\s*\(/i.test(expression)),
  };
};

const valuesIn = (reason: Readonly<Record<string, unknown>>): readonly number[] =>
  listIn(reason['recentDatapoints']).filter((value) => typeof value === 'number');

/** The reason's sentence alone tells how it is compared: `… was less than or equal to the threshold (2.0)`. */
const comparison = (sentence: string | undefined): { readonly breachesAtThreshold?: boolean } =>
  /\b(?:less|greater) than\b/i.test(sentence ?? '')
    ? { breachesAtThreshold: /\b(?:less|greater) than or equal to\b/i.test(sentence ?? '') }
    : {};

const knownState = (text: string | undefined): AlarmState | undefined =>
  STATES.find((state) => state === text?.toUpperCase().replaceAll(' ', '_'));

const schema = z.pipe(
  envelope(detail),
  z.transform((event, complaints): AlarmChanged => {
    const { alarmName, configuration, state, previousState, muteDetail, alarmTags } = event.detail;
    const arn = event.resources.find(
      ({ service, resourceType }) => service === 'cloudwatch' && resourceType === 'alarm',
    )?.text;
    const reason = reasonIn(state.reasonData);
    return {
      kind: 'alarm-changed',
      ...arrival(event, complaints),
      alarm: {
        name:
          alarmName ??
          alarmNameIn(arn) ??
          complain(complaints, 'expected the name of an alarm', ['detail', 'alarmName']),
        arn,
        description: configuration?.description,
        tags: alarmTags,
        basis: basisOf(configuration, reason),
        state:
          knownState(state.value) ??
          complain(complaints, `expected ${STATES.join(', ')}`, ['detail', 'state', 'value']),
        previousState: knownState(previousState?.value),
        since: state.timestamp ?? event.time,
        threshold: typeof reason['threshold'] === 'number' ? reason['threshold'] : undefined,
        ...comparison(state.reason),
        recentValues: valuesIn(reason),
        mutedUntil: muteDetail?.muteWindowEnd,
        isSuppressed: state.actionsSuppressedBy !== undefined,
      },
    };
  }),
);

/**
 * The one event here whose delivery AWS guarantees: at least once, so it may come twice. Its timestamps have an offset
 * without a colon.
 * @see CloudWatch user guide, "Alarm events and EventBridge" (AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html)
 */
export const alarmStateChange: EventParser<AlarmChanged> = {
  source: 'aws.cloudwatch',
  detailType: 'CloudWatch Alarm State Change',
  parse: (raw) => parseWith(schema, raw),
};
