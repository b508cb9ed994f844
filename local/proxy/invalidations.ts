import type { Answer, Call } from './protocol.ts';
import { Refusal, xmlAnswer } from './protocol.ts';
import type { Room } from './room.ts';
import type { XmlElement } from './xml.ts';
import { childOf, parseXml, textOf, withChild } from './xml.ts';

/** An invalidation as it was asked for through the proxy. */
interface Made {
  readonly id: string;
  /** The distribution's id, or the tenant's. */
  readonly of: string;
  readonly reference: string;
  readonly paths: readonly string[];
  readonly at: Date;
  /** The emulator's answer, to be given again. */
  readonly answer: Answer;
}

/** What CloudFront keeps in mind and the emulator doesn't. */
export interface CloudFrontDesk {
  readonly createInvalidation: (call: Call) => Promise<Answer>;
  readonly getInvalidation: (call: Call) => Promise<Answer>;
  /** Create and update: the distribution is `InProgress` for a while afterwards. */
  readonly changeDistribution: (call: Call) => Promise<Answer>;
  readonly getDistribution: (call: Call) => Promise<Answer>;
  readonly listDistributions: (call: Call) => Promise<Answer>;
  readonly clear: () => void;
}

const isWildcard = (path: string): boolean => path.startsWith('/') && path.endsWith('*');

const withStatus = (element: XmlElement, status: string): XmlElement =>
  withChild(element, 'Status', (child) => ({ ...child, text: status }));

/** A good answer with its XML changed; an error as it came. */
const rewritten = (answer: Answer, change: (root: XmlElement) => XmlElement): Answer => {
  if (answer.status >= 400) return answer;
  const body = xmlAnswer(change(parseXml(answer.body.toString('utf8')))).body;
  return { ...answer, body };
};

const batchOf = (call: Call): { readonly reference: string; readonly paths: readonly string[] } => {
  let root: XmlElement;
  try {
    root = parseXml(call.body.toString('utf8'));
  } catch {
    throw new Refusal(
      'MissingBody',
      'This operation requires a body. Ensure that the body is present and well formed.',
    );
  }
  const items = childOf(root, 'Paths', 'Items')?.children ?? [];
  // A path's own spaces count, so its text is not trimmed.
  const paths = items.map(({ text }) => text);
  if (Number(textOf(root, 'Paths', 'Quantity')) !== paths.length)
    throw new Refusal('InconsistentQuantities', 'The value of Quantity and the size of Items do not match.');
  return { reference: textOf(root, 'CallerReference'), paths };
};

/** @throws {Refusal} for paths that CloudFront can't take (facts 6.2, 6.4) */
const refuseStrangePaths = (paths: readonly string[]): void => {
  if (paths.length === 0) throw new Refusal('InvalidArgument', 'Your request must contain at least one path.');
  const isStrange = (path: string): boolean =>
    !/^[/#]/.test(path) ||
    path.length > 4_000 ||
    /[^\u0021-\u007e]/.test(path) ||
    (path.startsWith('#') && path.includes(','));
  if (paths.some(isStrange))
    throw new Refusal('InvalidArgument', 'Your request contains one or more invalid invalidation paths.');
};

const samePaths = (one: readonly string[], other: readonly string[]): boolean =>
  JSON.stringify([...one].sort()) === JSON.stringify([...other].sort());

const DISTRIBUTION = /\/distribution\/([^/?]+)/;

/** What the proxy adds to the emulator's CloudFront: passing states, quotas, references that are remembered. */
export const makeCloudFrontDesk = ({ upstream, now, settings }: Room): CloudFrontDesk => {
  const made: Made[] = [];
  /** By distribution: when it was last created or changed through the proxy. */
  const changedAt = new Map<string, Date>();

  const isWithin = (since: Date | undefined, milliseconds: number): boolean =>
    since !== undefined && now().getTime() - since.getTime() < milliseconds;
  const statusOf = ({ at }: Made): string =>
    isWithin(at, settings().invalidationMilliseconds) ? 'InProgress' : 'Completed';
  const shown = (invalidation: Made): Answer =>
    rewritten(invalidation.answer, (root) => withStatus(root, statusOf(invalidation)));
  const deployment = (id: string): string =>
    isWithin(changedAt.get(id), settings().deployMilliseconds) ? 'InProgress' : 'Deployed';

  const refuseTooMany = (of: string, paths: readonly string[]): void => {
    const inProgress = made.filter((each) => each.of === of && statusOf(each) === 'InProgress');
    const all = [...inProgress.flatMap((each) => each.paths), ...paths];
    const wildcards = all.filter(isWildcard).length;
    const { pathsInProgress, wildcardsInProgress } = settings();
    if (wildcards > wildcardsInProgress || all.length - wildcards > pathsInProgress)
      throw new Refusal(
        'TooManyInvalidationsInProgress',
        'You have exceeded the maximum number of allowable InProgress invalidation batch requests, or invalidation objects.',
      );
  };

  return {
    createInvalidation: async (call) => {
      const of = call.parameters.get('DistributionId') ?? '';
      const { reference, paths } = batchOf(call);
      refuseStrangePaths(paths);
      const before = made.find((each) => each.of === of && each.reference === reference);
      if (before !== undefined) {
        if (samePaths(before.paths, paths)) return shown(before);
        throw new Refusal('InvalidationBatchAlreadyExists', 'The invalidation batch already exists with other paths.');
      }
      refuseTooMany(of, paths);
      const answer = await upstream.forward(call);
      if (answer.status >= 400) return answer;
      const id = textOf(parseXml(answer.body.toString('utf8')), 'Id');
      const invalidation = { id, of, reference, paths, at: now(), answer };
      made.push(invalidation);
      return shown(invalidation);
    },
    getInvalidation: async (call) => {
      const answer = await upstream.forward(call);
      const found = made.find(({ id }) => id === call.parameters.get('Id'));
      return rewritten(answer, (root) => withStatus(root, found === undefined ? 'Completed' : statusOf(found)));
    },
    changeDistribution: async (call) => {
      const answer = await upstream.forward(call);
      return rewritten(answer, (root) => {
        const id = textOf(root, 'Id');
        changedAt.set(id, now());
        return withStatus(root, deployment(id));
      });
    },
    getDistribution: async (call) =>
      rewritten(await upstream.forward(call), (root) => withStatus(root, deployment(textOf(root, 'Id')))),
    listDistributions: async (call) =>
      rewritten(await upstream.forward(call), (root) =>
        withChild(root, 'Items', (items) => ({
          ...items,
          children: items.children.map((summary) => withStatus(summary, deployment(textOf(summary, 'Id')))),
        })),
      ),
    clear: () => {
      made.length = 0;
      changedAt.clear();
    },
  };
};

/** REST calls by method and path, as the API names them. @see CloudFront API reference, 2020-05-31 */
const ACTIONS: readonly (readonly [pattern: RegExp, action: string])[] = [
  [/^POST \/[\d-]+\/distribution$/, 'CreateDistribution'],
  [/^POST \/[\d-]+\/distribution\?WithTags$/, 'CreateDistributionWithTags'],
  [/^PUT \/[\d-]+\/distribution\/[^/]+\/config$/, 'UpdateDistribution'],
  [/^GET \/[\d-]+\/distribution\/[^/]+\/config$/, 'GetDistributionConfig'],
  [/^GET \/[\d-]+\/distribution\/[^/]+$/, 'GetDistribution'],
  [/^GET \/[\d-]+\/distribution$/, 'ListDistributions'],
  [/^POST \/[\d-]+\/distribution\/[^/]+\/invalidation$/, 'CreateInvalidation'],
  [/^GET \/[\d-]+\/distribution\/[^/]+\/invalidation$/, 'ListInvalidations'],
  [/^GET \/[\d-]+\/distribution\/[^/]+\/invalidation\/[^/]+$/, 'GetInvalidation'],
  [/^POST \/[\d-]+\/distribution-tenant\/[^/]+\/invalidation$/, 'CreateInvalidationForDistributionTenant'],
  [/^GET \/[\d-]+\/distribution-tenant\/[^/]+\/invalidation\/[^/]+$/, 'GetInvalidationForDistributionTenant'],
  [/^GET \/[\d-]+\/distribution-tenant$/, 'GetDistributionTenantByDomain'],
];

/** A call of CloudFront's, with its action by name and the ids of its path as parameters. */
export const readCloudFrontCall = (call: Call): Call => {
  const [path = '', query = ''] = call.path.split('?');
  const tidy = path.replace(/\/+$/, '');
  const asked = `${call.method} ${tidy}${query.startsWith('WithTags') ? '?WithTags' : ''}`;
  const action = ACTIONS.find(([pattern]) => pattern.test(asked))?.[1] ?? call.action;
  const [, distributionId] = DISTRIBUTION.exec(path) ?? [];
  const [, tenantId] = /\/distribution-tenant\/([^/?]+)/.exec(path) ?? [];
  const [, invalidationId] = /\/invalidation\/([^/?]+)/.exec(path) ?? [];
  const ids = [
    ['DistributionId', distributionId],
    ['DistributionTenantId', tenantId],
    ['Id', invalidationId],
  ].flatMap(([name, value]): [string, string][] => (name === undefined || value === undefined ? [] : [[name, value]]));
  return { ...call, action, parameters: new Map([...call.parameters, ...ids]) };
};

/** What the desk does about a call; `undefined` for what passes through. */
export const cloudFrontHandler = (
  desk: CloudFrontDesk,
  { action }: Call,
): ((call: Call) => Promise<Answer>) | undefined => {
  switch (action) {
    case 'CreateInvalidation':
      return desk.createInvalidation;
    case 'GetInvalidation':
      return desk.getInvalidation;
    case 'CreateDistribution':
    case 'CreateDistributionWithTags':
    case 'UpdateDistribution':
      return desk.changeDistribution;
    case 'GetDistribution':
      return desk.getDistribution;
    case 'ListDistributions':
      return desk.listDistributions;
    default:
      return undefined;
  }
};
