import type { Answer, Call } from './protocol.ts';
import { jsonAnswer, Refusal } from './protocol.ts';
import type { Room } from './room.ts';
import { ACCOUNT, askAll } from './room.ts';
import type { Origin } from './upstream.ts';
import { childOf, itemsOf, parseXml, textOf } from './xml.ts';

/** What happens to a certificate over months, and is wanted now. */
export interface CertificateTurn {
  /** Instants in ISO 8601. */
  readonly notAfter?: string;
  readonly status?: string;
  /** The renewal that ACM has begun: its status, AWS's reason, and the names whose record it does not find. */
  readonly renewal?: { readonly status: string; readonly reason?: string; readonly waitsFor?: readonly string[] };
}

/** What ACM knows and the emulator doesn't: who uses a certificate, its renewal, and which ones a list shows. */
export interface CertificateDesk {
  readonly listCertificates: (call: Call) => Promise<Answer>;
  readonly describeCertificate: (call: Call) => Promise<Answer>;
  /** Turns a certificate's fate; `undefined` gives it back to the emulator. */
  readonly turn: (arn: string, turn: CertificateTurn | undefined) => void;
  readonly clear: () => void;
}

type Json = Readonly<Record<string, unknown>>;

const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const readJson = (body: Buffer): Json => {
  const parsed: unknown = body.length === 0 ? {} : JSON.parse(body.toString('utf8'));
  return isJson(parsed) ? parsed : {};
};

/** A good answer with its JSON changed; an error as it came. */
const rewritten = (answer: Answer, change: (content: Json) => Json): Answer =>
  answer.status >= 400 ? answer : { ...jsonAnswer(change(readJson(answer.body))), headers: answer.headers };

/** What a list shows without `Includes.keyTypes`. @see ACM API reference, `Filters` */
const SHOWN_UNASKED: readonly unknown[] = ['RSA_1024', 'RSA_2048'];
const MOST_ITEMS = 1_000;

/** Answers of ACM hold instants as seconds. */
const seconds = (instant: string): number => Date.parse(instant) / 1_000;

const CLOUDFRONT_REGION = 'us-east-1';

/** ARN of a certificate → ARNs of what uses it. */
type Users = ReadonlyMap<string, readonly string[]>;

const readDistributionUsers = async (
  { upstream }: Room,
  { accessKeyId }: Origin,
): Promise<readonly (readonly [certificate: string, user: string])[]> => {
  const scope = `${accessKeyId || 'AKIAPROXY'}/20260101/${CLOUDFRONT_REGION}/cloudfront/aws4_request`;
  const answer = await upstream.forward({
    method: 'GET',
    path: '/2020-05-31/distribution',
    headers: {
      host: 'cloudfront.amazonaws.com',
      authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
    },
    body: Buffer.alloc(0),
  });
  if (answer.status >= 400) return [];
  const summaries = childOf(parseXml(answer.body.toString('utf8')), 'Items')?.children ?? [];
  return summaries.map((summary) => [
    textOf(summary, 'ViewerCertificate', 'ACMCertificateArn'),
    textOf(summary, 'ARN'),
  ]);
};

const readListenerUsers = async (
  room: Room,
  origin: Origin,
): Promise<readonly (readonly [certificate: string, user: string])[]> => {
  const found: (readonly [string, string])[] = [];
  const balancers = await askAll(room, origin, 'elbv2', 'DescribeLoadBalancers', [
    'DescribeLoadBalancersResult',
    'LoadBalancers',
  ]);
  for (const balancer of balancers) {
    const arn = textOf(balancer, 'LoadBalancerArn');
    const listeners = await askAll(
      room,
      origin,
      'elbv2',
      'DescribeListeners',
      ['DescribeListenersResult', 'Listeners'],
      [['LoadBalancerArn', arn]],
    );
    const certificates = listeners.flatMap((listener) => itemsOf(listener, 'Certificates'));
    found.push(...certificates.map((certificate) => [textOf(certificate, 'CertificateArn'), arn] as const));
  }
  const classic = await askAll(room, origin, 'elb', 'DescribeLoadBalancers', [
    'DescribeLoadBalancersResult',
    'LoadBalancerDescriptions',
  ]);
  for (const balancer of classic) {
    const user = `arn:aws:elasticloadbalancing:${origin.region}:${ACCOUNT}:loadbalancer/${textOf(balancer, 'LoadBalancerName')}`;
    for (const description of itemsOf(balancer, 'ListenerDescriptions'))
      found.push([textOf(description, 'Listener', 'SSLCertificateId'), user]);
  }
  return found;
};

const readUsers = async (room: Room, origin: Origin): Promise<Users> => {
  const pairs = [
    ...(await readListenerUsers(room, origin)),
    ...(origin.region === CLOUDFRONT_REGION ? await readDistributionUsers(room, origin) : []),
  ];
  const users = new Map<string, readonly string[]>();
  for (const [certificate, user] of pairs)
    users.set(certificate, [...new Set([...(users.get(certificate) ?? []), user])]);
  return users;
};

/** Renewed by ACM: what it issued, and something uses. */
const eligibility = (certificate: Json, isInUse: boolean): string =>
  certificate['Type'] === 'AMAZON_ISSUED' && isInUse ? 'ELIGIBLE' : 'INELIGIBLE';

const renewalOf = (certificate: Json, { renewal }: CertificateTurn, now: Date): Json => {
  if (renewal === undefined) return {};
  const { status, reason, waitsFor = [] } = renewal;
  return {
    RenewalSummary: {
      RenewalStatus: status,
      ...(reason === undefined ? {} : { RenewalStatusReason: reason }),
      UpdatedAt: now.getTime() / 1_000,
      DomainValidationOptions: listOf(certificate['DomainValidationOptions'])
        .filter(isJson)
        .map((validation) => ({
          ...validation,
          ValidationStatus: waitsFor.includes(String(validation['DomainName'])) ? 'PENDING_VALIDATION' : 'SUCCESS',
        })),
    },
  };
};

/** What a certificate has from the moment it is issued. */
const FROM_ISSUANCE = new Set(['IssuedAt', 'Issuer', 'NotAfter', 'NotBefore', 'Serial', 'SignatureAlgorithm']);

const asRequested = (certificate: Json): Json =>
  certificate['Status'] === 'PENDING_VALIDATION'
    ? Object.fromEntries(Object.entries(certificate).filter(([member]) => !FROM_ISSUANCE.has(member)))
    : certificate;

const turned = (certificate: Json, turn: CertificateTurn | undefined): Json =>
  asRequested({
    ...certificate,
    ...(turn?.notAfter === undefined ? {} : { NotAfter: seconds(turn.notAfter) }),
    ...(turn?.status === undefined ? {} : { Status: turn.status }),
  });

/** What the proxy adds to the emulator's ACM. */
export const makeCertificateDesk = (room: Room): CertificateDesk => {
  const turns = new Map<string, CertificateTurn>();

  /** Pages as asked for; the emulator gives everything at once. */
  const page = (all: readonly Json[], asked: Json): Json => {
    const size = Number(asked['MaxItems'] ?? MOST_ITEMS);
    if (!(size >= 1 && size <= MOST_ITEMS)) throw new Refusal('ValidationException', 'MaxItems is to be 1 to 1000.');
    const start = Number(asked['NextToken'] ?? 0);
    const end = start + size;
    return {
      CertificateSummaryList: all.slice(start, end),
      ...(end < all.length ? { NextToken: String(end) } : {}),
    };
  };

  return {
    listCertificates: async (call) => {
      const asked = readJson(call.body);
      const keyTypes = isJson(asked['Includes']) ? asked['Includes']['keyTypes'] : undefined;
      const answer = await room.upstream.forward(call);
      const users = await readUsers(room, call);
      return rewritten(answer, (content) => {
        const all = listOf(content['CertificateSummaryList'])
          .filter(isJson)
          .filter((summary) => listOf(keyTypes ?? SHOWN_UNASKED).includes(summary['KeyAlgorithm']))
          .map((summary) => {
            const arn = String(summary['CertificateArn']);
            const isInUse = users.has(arn);
            const Exported = false; // the emulator says here whether it may be
            const RenewalEligibility = eligibility(summary, isInUse);
            return turned({ ...summary, InUse: isInUse, Exported, RenewalEligibility }, turns.get(arn));
          });
        return page(all, asked);
      });
    },
    describeCertificate: async (call) => {
      const answer = await room.upstream.forward(call);
      const users = await readUsers(room, call);
      return rewritten(answer, (content) => {
        const certificate = isJson(content['Certificate']) ? content['Certificate'] : {};
        const arn = String(certificate['CertificateArn']);
        const InUseBy = users.get(arn) ?? [];
        const turn = turns.get(arn);
        const RenewalEligibility = eligibility(certificate, InUseBy.length > 0);
        const renewal = turn === undefined ? {} : renewalOf(certificate, turn, room.now());
        return { Certificate: turned({ ...certificate, InUseBy, RenewalEligibility, ...renewal }, turn) };
      });
    },
    turn: (arn, turn) => {
      if (turn === undefined) turns.delete(arn);
      else turns.set(arn, turn);
    },
    clear: () => turns.clear(),
  };
};

/** What the desk does about a call; `undefined` for what passes through. */
export const certificateHandler = (
  desk: CertificateDesk,
  { action }: Call,
): ((call: Call) => Promise<Answer>) | undefined =>
  ({ ListCertificates: desk.listCertificates, DescribeCertificate: desk.describeCertificate })[action];

const isText = (value: unknown): value is string => typeof value === 'string';

const readRenewal = (renewal: unknown): Pick<CertificateTurn, 'renewal'> => {
  if (renewal === undefined) return {};
  if (!isJson(renewal) || !isText(renewal['status']))
    throw new Refusal('BadRequest', 'a renewal has a "status", and may have a "reason" and "waitsFor"');
  const { status, reason, waitsFor } = renewal;
  return {
    renewal: {
      status: String(status),
      ...(isText(reason) ? { reason } : {}),
      waitsFor: listOf(waitsFor).filter(isText),
    },
  };
};

/** `{"arn": …, "turn": {…}}`, or without a turn. @throws {Refusal} for what can't be a turn */
export const readTurn = ({ arn, turn }: Json): readonly [arn: string, turn: CertificateTurn | undefined] => {
  if (!isText(arn)) throw new Refusal('BadRequest', 'give the "arn" of a certificate');
  if (turn === undefined || turn === null) return [arn, undefined];
  if (!isJson(turn)) throw new Refusal('BadRequest', 'a turn may have "notAfter", "status" and "renewal"');
  const { notAfter, status, renewal } = turn;
  if (notAfter !== undefined && !(isText(notAfter) && !Number.isNaN(Date.parse(notAfter))))
    throw new Refusal('BadRequest', 'notAfter is to be an instant in ISO 8601');
  return [
    arn,
    {
      ...(isText(notAfter) ? { notAfter } : {}),
      ...(isText(status) ? { status } : {}),
      ...readRenewal(renewal),
    },
  ];
};
