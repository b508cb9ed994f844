import { plainSubresources } from '../page.ts';
import type { Answered, Walk } from '../walk.ts';
import { cacheWordOf, isByCloudFront, isHit, shownUrl } from '../walk.ts';
import type { FrontDoorCheck } from './check.ts';
import { found, NOTHING } from './check.ts';
import { endOf, isS3Host } from './redirects.ts';

const serverOf = ({ headers }: Answered): string => (headers.server ?? '').toLowerCase();

/** A bucket answers by itself, or through the distribution in front of it. */
const isByS3 = (answered: Answered): boolean =>
  serverOf(answered) === 'amazons3' || isS3Host(new URL(answered.url).hostname);

const isByBalancer = (answered: Answered): boolean => /^awselb\b/.test(serverOf(answered));

const balancerOf = ({ back }: Walk): Readonly<Record<string, string>> =>
  back.kind === 'read' && back.value !== undefined ? { loadBalancer: back.value.loadBalancer.name } : {};

/** CloudFront speaks itself where `Server` is its own; an origin's answer it hands on with the origin's. */
const isByFront = (answered: Answered): boolean => isByCloudFront(answered) && serverOf(answered) === 'cloudfront';

/** Who answered with an error, and which. */
export const errors: FrontDoorCheck = (walk) => {
  const end = endOf(walk);
  if (end === undefined || end.status < 400) return NOTHING;
  const code = String(end.status);
  if (isByS3(end) && end.status === 403) return found('S3Denied', 'critical', { path: new URL(end.url).pathname });
  if (end.status === 404 || end.status === 410) return found('PageMissing', 'warning', { code });
  // A name that no distribution has is refused too, and told as that.
  if (end.status < 500) return found('RequestRefused', 'warning', { code });
  if (isByBalancer(end)) return found('BalancerAnswered', 'critical', { code, ...balancerOf(walk) });
  return found(isByFront(end) ? 'FrontAnswered' : 'ApplicationFails', 'critical', { code });
};

const ageOf = ({ headers }: Answered): string | undefined =>
  /^[1-9]\d{0,8}$/.test(headers.age ?? '') ? headers.age : undefined;

const answersOf = (walk: Walk): readonly Answered[] =>
  [endOf(walk), walk.again].flatMap((asked) => (asked?.kind === 'answered' ? [asked] : []));

/** A cookie out of the cache is one visitor's, handed to all. */
export const cookieCached: FrontDoorCheck = (walk) =>
  answersOf(walk).some((answered) => answered.setsCookie && isHit(answered))
    ? found('CookieCached', 'critical', { path: new URL(walk.requests.at(-1)?.url ?? walk.url).pathname })
    : NOTHING;

/** CloudFront says `Error` of errors out of its cache too; only an age shows that one is kept. */
export const errorCached: FrontDoorCheck = (walk) => {
  for (const answered of answersOf(walk)) {
    const seconds = ageOf(answered);
    const isKept = isHit(answered) || cacheWordOf(answered) === 'error';
    if (answered.status >= 400 && isByCloudFront(answered) && isKept && seconds !== undefined)
      return found('ErrorCached', 'warning', { code: String(answered.status), seconds });
  }
  return NOTHING;
};

/** What a page that came by HTTPS makes browsers fetch by plain HTTP. */
export const subresources: FrontDoorCheck = (walk) => {
  const end = endOf(walk);
  if (end?.html === undefined || !end.url.startsWith('https:')) return NOTHING;
  const plain = plainSubresources(end.html);
  const [first] = plain;
  return first === undefined
    ? NOTHING
    : found('PlainSubresources', 'warning', { count: String(plain.length), first: shownUrl(first) });
};
