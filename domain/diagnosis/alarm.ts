/** CloudWatch's namespaces of the four kinds of balancers (facts 1.6). */
export const BALANCER_NAMESPACES = ['AWS/ApplicationELB', 'AWS/NetworkELB', 'AWS/GatewayELB', 'AWS/ELB'] as const;

export type BalancerNamespace = (typeof BALANCER_NAMESPACES)[number];

/** One series that an alarm watches. */
export interface WatchedMetric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: string | undefined;
  readonly periodSeconds: number | undefined;
  /** Whose series it is, where the alarm names an account: a monitoring account watches others' too. */
  readonly accountId?: string;
}

/** What an alarm is computed from. */
export type AlarmBasis =
  /** One series, or several and an expression over them. */
  | {
      readonly kind: 'metrics';
      readonly metrics: readonly WatchedMetric[];
      /** An expression over the series; of a plain alarm, none. */
      readonly isMath: boolean;
      /** Compared with a band that CloudWatch learned, not with a number. */
      readonly isAnomaly: boolean;
    }
  /** A query that names no series: what it is about can't be told. */
  | { readonly kind: 'query' }
  | {
      readonly kind: 'composite';
      readonly rule: string;
      /** Alarms that put it into its state, by name, where the event tells. */
      readonly triggeringAlarms: readonly string[];
      /** All alarms its rule names, by name. */
      readonly childAlarms: readonly string[];
    };

export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

/** An alarm as the event of its change shows it. */
export interface Alarm {
  readonly name: string;
  readonly arn: string | undefined;
  readonly description: string | undefined;
  /** Only where the alarm hands its tags on. */
  readonly tags: Readonly<Record<string, string>>;
  readonly basis: AlarmBasis;
  readonly state: AlarmState;
  /** `undefined` when it has just been made. */
  readonly previousState: AlarmState | undefined;
  /** Since when it has its state. */
  readonly since: Date | undefined;
  readonly threshold: number | undefined;
  /** Whether the threshold itself is out of bounds already; absent where nobody tells. */
  readonly breachesAtThreshold?: boolean;
  /** The latest values compared with it, oldest first; gaps are left out. */
  readonly recentValues: readonly number[];
  /** Until when a mute rule keeps it quiet. */
  readonly mutedUntil: Date | undefined;
  /** Whether another alarm keeps its actions back. */
  readonly isSuppressed: boolean;
}

/** `arn:…:alarm:NAME`; a name may hold colons itself. `undefined` for anything else. */
export const alarmNameIn = (arn: unknown): string | undefined =>
  typeof arn === 'string' ? /^arn:[^:]*:cloudwatch:[^:]*:[^:]*:alarm:(.+)$/s.exec(arn)?.[1] : undefined;

const MOST_CHILDREN = 100;

/**
 * Alarms that the rule of a composite one names, by ARN or by name, in quotes or not, each once: `ALARM("…")`, `OK(…)`,
 * `INSUFFICIENT_DATA('…')`.
 */
export const alarmNamesIn = (rule: string): readonly string[] => {
  const names = [
    ...rule.matchAll(/\b(?:ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*(?:"([^"]+)"|'([^']+)'|([^)"']+?))\s*\)/g),
  ].flatMap(([, double, single, bare]) => {
    const said = double ?? single ?? bare ?? '';
    return alarmNameIn(said) ?? said;
  });
  return [...new Set(names)].slice(0, MOST_CHILDREN);
};
