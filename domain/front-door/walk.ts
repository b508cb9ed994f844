import type { ListenerUse } from '../diagnosis/evidence.ts';
import type { Handshake } from '../expiry/served.ts';
import type { Finding } from '../finding.ts';
import type { Named } from '../named.ts';
import type { Reading } from '../reading.ts';

/** A certificate as a visitor is shown it. */
export interface ShownCertificate {
  readonly namesHost: boolean;
  readonly trust: Extract<Handshake, { readonly kind: 'served' }>['trust'];
  readonly names: readonly string[];
  readonly notAfter: Date;
}

/** Headers that tell who answered and from where, in lower case; what was not sent is absent. */
export const TELLING_HEADERS = [
  'age',
  'cache-control',
  'content-type',
  'expires',
  'server',
  'via',
  'x-amz-bucket-region',
  'x-amz-cf-id',
  'x-amz-request-id',
  'x-cache',
] as const;

export type TellingHeader = (typeof TELLING_HEADERS)[number];

/** One GET, answered. */
export interface Answered {
  readonly kind: 'answered';
  readonly url: string;
  /** The address that was really connected to. */
  readonly address: string;
  readonly status: number;
  readonly headers: Readonly<Partial<Record<TellingHeader, string>>>;
  readonly setsCookie: boolean;
  /** Where a redirection leads, absolute; `undefined` when it leads nowhere that could be asked. */
  readonly location: string | undefined;
  /** `undefined` over plain HTTP. */
  readonly certificate: ShownCertificate | undefined;
  /** As much of an HTML page as was read; `undefined` of anything else. */
  readonly html: string | undefined;
}

/** Why a GET has no answer. */
export type NotAnsweredBecause =
  | 'NameNotFound'
  /** None of its addresses is one of the public internet: nothing was sent there. */
  | 'NotPublic'
  /** A port that is another service's: nothing was sent there. */
  | 'PortNotAsked'
  | 'Refused'
  | 'TimedOut'
  | 'Unreachable'
  | 'TlsRefused'
  /** Something answers, and it is no HTTP. */
  | 'NotHttp';

export interface NotAnswered {
  readonly kind: 'not-answered';
  readonly url: string;
  readonly because: NotAnsweredBecause;
  /** Addresses of the name, as far as it has any. */
  readonly addresses: readonly string[];
}

export type Asked = Answered | NotAnswered;

/** What of a distribution decides about one path. */
export interface Behaviour {
  /** `*` for the default one. */
  readonly pathPattern: string;
  readonly visitorProtocol: 'allow-all' | 'https-only' | 'redirect-to-https';
  /** Whether its policy keeps anything at all; `undefined` where the policy is one of the account's own. */
  readonly caches: boolean | undefined;
  /** Whether the origin is sent the visitor's `Host`; `undefined` where the policy is one of the account's own. */
  readonly forwardsHost: boolean | undefined;
  readonly originId: string;
}

/** Where a distribution gets from what it does not have. */
export interface Origin {
  readonly id: string;
  readonly domainName: string;
  readonly kind: 's3' | 'custom' | 'vpc';
  readonly protocol: 'http-only' | 'https-only' | 'match-viewer';
  readonly httpPort: number;
  readonly httpsPort: number;
}

/** A distribution as far as it decides what visitors get. */
export interface Front {
  readonly distributionId: string;
  readonly domainName: string;
  readonly aliases: readonly string[];
  readonly isEnabled: boolean;
  readonly isDeployed: boolean;
  /** In the order in which CloudFront tries them; the default one last. */
  readonly behaviours: readonly Behaviour[];
  readonly origins: readonly Origin[];
}

/** How an origin shows itself to who asks for it by a name. */
export interface OriginHandshake {
  readonly serverName: string;
  readonly handshake: Handshake;
}

/** A group behind a balancer, as its diagnosis sees it. */
export interface BackGroup {
  readonly targetGroup: Named;
  readonly healthy: number;
  readonly total: number;
  readonly findings: readonly Finding[];
}

/** A balancer on the way, with what is behind it. */
export interface Back {
  readonly loadBalancer: Named;
  readonly listeners: Reading<readonly ListenerUse[]>;
  readonly groups: readonly BackGroup[];
}

/** Steps of a walk that there may be no time for, in their order. */
export const STEPS = ['page', 'aliases', 'distributions', 'again', 'origin', 'balancer'] as const;

export type Step = (typeof STEPS)[number];

/** What was recorded on the way from a URL to the targets. Each step is there, or could not be looked at. */
export interface Walk {
  readonly at: Date;
  /** As it was asked first. */
  readonly url: string;
  /** In order: the first, and what it led to. Never empty. */
  readonly requests: readonly Asked[];
  /** Whether it was left off because it led on and on. */
  readonly leftOff: boolean;
  /** The last page asked once more, for what a cache does. */
  readonly again: Asked | undefined;
  /** Names that DNS leads through from the host of the last request, without last dots. */
  readonly aliases: readonly string[];
  /** The distribution that has the host of the last request as its own; `undefined` when none has. */
  readonly front: Reading<Front | undefined>;
  readonly behaviour: Behaviour | undefined;
  readonly origin: Origin | undefined;
  readonly originHandshakes: readonly OriginHandshake[];
  /** The balancer that the origin, or the host itself, is; `undefined` when it is none of this account and Region. */
  readonly back: Reading<Back | undefined>;
  /** What there was no time to look at, or to look at to the end. */
  readonly late: readonly Step[];
}

/** The request that the way ended with. */
export const lastOf = ({ requests }: Walk): Asked => {
  const last = requests.at(-1);
  if (last === undefined) throw new Error('a walk begins with a request');
  return last;
};

export const hostOf = (url: string): string => new URL(url).hostname;

/** Whether a URL's host is an address, of either family. */
export const isAddress = (host: string): boolean => /^(?:\d{1,3}(?:\.\d{1,3}){3}|\[.*\])$/.test(host);

/** A URL as it may be shown to others than who asked: what follows the `?` may let its reader in. */
export const shownUrl = (url: string): string => {
  const cut = url.replace(/[?#].*$/s, '');
  const shown = URL.canParse(cut) ? `${new URL(cut).origin}${new URL(cut).pathname}` : cut;
  return url.startsWith(`${cut}?`) ? `${shown}?…` : shown;
};

/** Whether CloudFront gave the answer. @see CloudFront developer guide, response headers: `Via`, `X-Amz-Cf-Id`, `X-Cache` */
export const isByCloudFront = ({ headers }: Answered): boolean =>
  headers['x-amz-cf-id'] !== undefined || /\bcloudfront\b/i.test(`${headers.via ?? ''} ${headers['x-cache'] ?? ''}`);

/** What CloudFront says it did, in its own words but for the last ones: `Hit`, `Miss`, `RefreshHit`, `Error`. */
export const cacheWordOf = ({ headers }: Answered): string | undefined =>
  /^(\w+) from cloudfront$/i.exec(headers['x-cache'] ?? '')?.[1]?.toLowerCase();

const HITS: ReadonlySet<string | undefined> = new Set(['hit', 'refreshhit', 'originshieldhit']);

export const isHit = (answered: Answered): boolean => HITS.has(cacheWordOf(answered));
