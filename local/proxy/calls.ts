import type { Answer, Call } from './protocol.ts';
import { errorCodeIn } from './protocol.ts';

/** One call of a client, as permission tests, counts and benchmarks need it. */
export interface RecordedCall {
  /** 1 for the first since the record was cleared. */
  readonly number: number;
  readonly at: Date;
  readonly service: string;
  readonly action: string;
  readonly access: 'read' | 'write';
  readonly region: string;
  readonly accessKeyId: string;
  /** What the client calls itself (`app/…` at the end of its user agent, from `AWS_SDK_UA_APP_ID`); empty when it doesn't. */
  readonly application: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** Every id and ARN among the parameters, in order, without repetition. */
  readonly resources: readonly string[];
  readonly tagSpecifications: readonly {
    readonly resourceType: string;
    readonly tags: Readonly<Record<string, string>>;
  }[];
  /** What the client was told; `undefined` while under way, and for ever if its connection was dropped. */
  readonly statusCode: number | undefined;
  readonly errorCode: string | undefined;
  /** Was the call carried out, or refused for what it asks? A fault before that leaves it `false`. */
  readonly forwarded: boolean;
}

export interface CallRecord {
  readonly list: () => readonly RecordedCall[];
  /** Calls by `service:Action`. */
  readonly counts: () => Readonly<Record<string, number>>;
  readonly reset: () => void;
  readonly begin: (call: Call, at: Date) => OpenCall;
}

export interface OpenCall {
  readonly number: number;
  readonly forwarded: () => void;
  readonly answered: (answer: Answer) => void;
}

const READ = /^(Describe|Get|List|Search|Lookup|Batch(Get|Describe)|Query|Scan|Select|View|HEAD |GET )/;

const RESOURCE = /^(arn:[\w-]+:.+|[a-z]{1,12}(-[a-z]{1,12})?-[0-9a-f]{8,17})$/;

const applicationOf = ({ headers }: Call): string => /(?:^| )app\/(\S+)/.exec(headers['user-agent'] ?? '')?.[1] ?? '';

const resourcesOf = (call: Call): readonly string[] => {
  const texts = [...call.parameters.values()].flatMap((value) =>
    value.startsWith('[') ? [...value.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, text = '']) => text) : value,
  );
  return [...new Set(texts.filter((text) => RESOURCE.test(text)))];
};

const tagSpecificationsOf = (call: Call): RecordedCall['tagSpecifications'] => {
  const found = new Map<string, { resourceType: string; tags: Record<string, string> }>();
  for (const [key, value] of call.parameters) {
    const [, index, member] = /^TagSpecification\.(\d+)\.(.+)$/.exec(key) ?? [];
    if (index === undefined || member === undefined) continue;
    const entry = found.get(index) ?? { resourceType: '', tags: {} };
    found.set(index, entry);
    if (member === 'ResourceType') entry.resourceType = value;
    const [, at] = /^Tag\.(\d+)\.Key$/.exec(member) ?? [];
    if (at !== undefined) entry.tags[value] = call.parameters.get(`TagSpecification.${index}.Tag.${at}.Value`) ?? '';
  }
  return [...found.values()];
};

export const recordCalls = (): CallRecord => {
  let calls: RecordedCall[] = [];
  const change = (record: RecordedCall[], index: number, changes: Partial<RecordedCall>): void => {
    const before = record[index];
    if (before !== undefined) record[index] = { ...before, ...changes };
  };
  return {
    list: () => [...calls],
    reset: () => {
      calls = [];
    },
    counts: () => {
      const counts: Record<string, number> = {};
      for (const { service, action } of calls)
        counts[`${service}:${action}`] = (counts[`${service}:${action}`] ?? 0) + 1;
      return counts;
    },
    begin: (call, at) => {
      const record = calls;
      const index = record.length;
      record.push({
        number: index + 1,
        at,
        service: call.service,
        action: call.action,
        access: READ.test(call.action) ? 'read' : 'write',
        region: call.region,
        accessKeyId: call.accessKeyId,
        application: applicationOf(call),
        parameters: Object.fromEntries(call.parameters),
        resources: resourcesOf(call),
        tagSpecifications: tagSpecificationsOf(call),
        statusCode: undefined,
        errorCode: undefined,
        forwarded: false,
      });
      return {
        number: index + 1,
        forwarded: () => change(record, index, { forwarded: true }),
        answered: (answer) => change(record, index, { statusCode: answer.status, errorCode: errorCodeIn(answer) }),
      };
    },
  };
};
