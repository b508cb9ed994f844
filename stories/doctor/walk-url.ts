import type { Symptom } from '../../domain/diagnosis/subject.ts';
import { balancerOfInterface, balancerOfName, isOfBalancer } from '../../domain/front-door/balancer-name.ts';
import { behaviourFor } from '../../domain/front-door/behaviour.ts';
import { isAskedByTls } from '../../domain/front-door/checks/origin.ts';
import { isRedirect } from '../../domain/front-door/checks/redirects.ts';
import type {
  Answered,
  Asked,
  Back,
  Behaviour,
  Front,
  Origin,
  OriginHandshake,
  Step,
  Walk,
} from '../../domain/front-door/walk.ts';
import { hostOf, isAddress, isByCloudFront, isHit } from '../../domain/front-door/walk.ts';
import { resolvePlaces } from '../../domain/invalidation/places.ts';
import type { LoadBalancer } from '../../domain/load-balancer.ts';
import type { Reading } from '../../domain/reading.ts';
import { read, unreadable } from '../../domain/reading.ts';
import { readingOf } from '../diagnose/reading.ts';
import { examineGroups, NO_COMPLAINT, subjectOf } from './groups.ts';
import type { DoctorPorts } from './ports.ts';

/** Redirections that are followed, with the first request; browsers follow twenty, sites need three. */
const MOST_REQUESTS = 6;

interface Followed {
  readonly requests: readonly Asked[];
  readonly last: Asked;
  readonly leftOff: boolean;
}

/** What was not come to in time is noted, and taken for what stands in its place. */
type Timed = <T>(step: Step, look: () => Promise<T>, otherwise: T) => Promise<T>;

const timed =
  ({ inTime }: DoctorPorts, late: Set<Step>): Timed =>
  async (step, look, otherwise) => {
    const looked = await inTime(look);
    if (looked.kind === 'in-time') return looked.value;
    late.add(step);
    return otherwise;
  };

/** Nothing is known of it, and that is no answer of AWS's. */
const NO_TIME = unreadable('no time was left');

/** Follows redirections until a page, a circle, or enough of them. */
const follow = async ({ http }: DoctorPorts, url: string, inTime: Timed): Promise<Followed> => {
  const requests: Asked[] = [];
  let next = url;
  for (;;) {
    const asked = next;
    const last = await inTime('page', () => http.get(asked), {
      kind: 'not-answered',
      url: asked,
      because: 'TimedOut',
      addresses: [],
    });
    requests.push(last);
    if (last.kind !== 'answered' || !isRedirect(last) || last.location === undefined)
      return { requests, last, leftOff: false };
    next = new URL(last.location).href;
    if (requests.some((request) => new URL(request.url).href === next)) return { requests, last, leftOff: false };
    if (requests.length === MOST_REQUESTS) return { requests, last, leftOff: true };
  }
};

/** Only a page that came from CloudFront, and not out of its cache, tells more when it is asked again. */
const askAgain = async ({ http }: DoctorPorts, last: Asked): Promise<Asked | undefined> =>
  last.kind === 'answered' && isByCloudFront(last) && last.status < 400 && !isRedirect(last) && !isHit(last)
    ? http.get(last.url)
    : undefined;

/** The distribution that has a host as one of its names, tenants' included; an address is nobody's name. */
const findFront = async ({ cloudFront, fronts }: DoctorPorts, host: string): Promise<Front | undefined> => {
  if (isAddress(host)) return undefined;
  const resolved = resolvePlaces(host, await cloudFront.readDistributions(), {});
  const [place] = resolved.kind === 'places' ? resolved.places : [];
  const id = place?.distributionId ?? (await cloudFront.readTenantByDomain(host))?.distributionId;
  return id === undefined ? undefined : fronts.readFront(id);
};

/** CloudFront connects to the origin's name, and says the visitor's where that is forwarded. */
const shakeHands = async (
  { tls }: DoctorPorts,
  url: string,
  origin: Origin | undefined,
  behaviour: Behaviour | undefined,
): Promise<readonly OriginHandshake[]> => {
  // Inside a VPC nobody but CloudFront gets through; S3's certificate is AWS's.
  if (origin?.kind !== 'custom' || !isAskedByTls(origin, url)) return [];
  const names = [...(behaviour?.forwardsHost === false ? [] : [hostOf(url)]), origin.domainName];
  return Promise.all(
    [...new Set(names)].map(async (serverName) => ({
      serverName,
      handshake: await tls.shakeHands({ host: serverName, port: origin.httpsPort, connectTo: origin.domainName }),
    })),
  );
};

/** The balancer of this account and Region that one of these names, or the address that answered, is. */
const findBalancer = async (
  { addresses, balancingFleet }: DoctorPorts,
  names: readonly string[],
  last: Answered | undefined,
): Promise<LoadBalancer | undefined> => {
  const named = names.find(isOfBalancer);
  if (named !== undefined) return balancerOfName(await balancingFleet.readEveryLoadBalancer(), named);
  if (last === undefined) return undefined;
  // An alias of Route 53 shows no name in DNS: only whose address it is.
  const description = await addresses.readDescriptionOfWearer(last.address);
  return description?.startsWith('ELB ')
    ? balancerOfInterface(await balancingFleet.readEveryLoadBalancer(), description)
    : undefined;
};

/** What the balancer's own answer says is the matter. */
const symptomOf = (last: Asked): Symptom => {
  if (last.kind !== 'answered' || !/^awselb\b/i.test(last.headers.server ?? '')) return NO_COMPLAINT;
  const code = (['502', '503', '504'] as const).find((known) => known === String(last.status));
  return code === undefined ? NO_COMPLAINT : { kind: 'balancer-error', code };
};

const readBack = async (ports: DoctorPorts, balancer: LoadBalancer, symptom: Symptom): Promise<Back> => {
  const [listeners, groups] = await Promise.all([
    readingOf(() => ports.settings.readListeners(balancer.arn)),
    examineGroups(ports, subjectOf(balancer), symptom),
  ]);
  return { loadBalancer: { name: balancer.name, id: balancer.arn }, listeners, groups };
};

const findBack = async (
  ports: DoctorPorts,
  names: readonly string[],
  { last, isBehindFront }: { readonly last: Asked; readonly isBehindFront: boolean },
): Promise<Reading<Back | undefined>> =>
  readingOf(async () => {
    const direct = last.kind === 'answered' && !isBehindFront ? last : undefined;
    const balancer = await findBalancer(ports, names, direct);
    return balancer && readBack(ports, balancer, symptomOf(last));
  });

/**
 * Goes the way of a visitor, and looks at each station as AWS has it: DNS, distribution, origin, listener, groups, targets.
 * What can't be looked at is said so; nothing is thrown for it, and nothing is written.
 */
export const walkUrl = async (ports: DoctorPorts, url: string): Promise<Walk> => {
  const late = new Set<Step>();
  const inTime = timed(ports, late);
  const { requests, last, leftOff } = await follow(ports, url, inTime);
  const host = hostOf(last.url);
  const [aliases, front, again] = await Promise.all([
    inTime('aliases', () => ports.aliasesOf(host), []),
    inTime('distributions', () => readingOf(() => findFront(ports, host)), NO_TIME),
    inTime('again', () => askAgain(ports, last), undefined),
  ]);
  // A distribution that has the name and did not answer has no part in the way.
  const isBehindFront = last.kind === 'answered' && isByCloudFront(last);
  const own = isBehindFront && front.kind === 'read' ? front.value : undefined;
  const behaviour = own && behaviourFor(own.behaviours, new URL(last.url).pathname);
  const origin = own?.origins.find(({ id }) => id === behaviour?.originId);
  const names =
    origin === undefined
      ? isBehindFront
        ? []
        : [host, ...aliases]
      : [origin.domainName, ...(await inTime('origin', () => ports.aliasesOf(origin.domainName), []))];
  const [originHandshakes, back] = await Promise.all([
    inTime('origin', () => shakeHands(ports, last.url, origin, behaviour), []),
    names.length === 0
      ? read(undefined)
      : inTime('balancer', () => findBack(ports, names, { last, isBehindFront }), NO_TIME),
  ]);
  return {
    at: ports.now(),
    url,
    requests,
    leftOff,
    again,
    aliases,
    front,
    behaviour,
    origin,
    originHandshakes,
    back,
    late: [...late],
  };
};
