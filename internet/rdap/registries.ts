import type { Registration } from '../../domain/expiry/registration.ts';
import { parseJson } from '../json.ts';
import { toAsciiName } from '../names.ts';
import { toRegistration } from './answer.ts';
import type { Bootstrap } from './bootstrap.ts';
import { servicesFor, toBootstrap } from './bootstrap.ts';
import type { Fetched, FetchLimits } from './bounded-fetch.ts';
import { boundedFetch, isPublicHttps } from './bounded-fetch.ts';
import type { RdapRegistries } from './port.ts';

export interface RdapOptions {
  readonly bootstrapUrl: string;
  readonly timeoutMilliseconds: number;
  readonly mayAsk: (url: URL) => boolean;
}

/** @see RFC 9224, section 3 */
const IANA_BOOTSTRAP = 'https://data.iana.org/rdap/dns.json';

/** Some ten times what they are: IANA's file has 60 kB, an answer 5 to 20. */
const MAXIMUM_BOOTSTRAP_BYTES = 1_000_000;
const MAXIMUM_ANSWER_BYTES = 250_000;

/** A process that lives longer asks anew. */
const BOOTSTRAP_KEPT_MILLISECONDS = 24 * 3_600_000;

/** Services of one registry that are asked, one after the other. */
const MAXIMUM_SERVICES = 2;

type Loaded = Bootstrap | { readonly why: string };

/** RFC 7480, section 5.3: "not found" is a 404, with an answer in JSON or none. A web page that says 404 is no registry. */
const isNotFound = ({ status, isJson, text }: Extract<Fetched, { kind: 'fetched' }>): boolean =>
  status === 404 && (isJson || text.trim() === '');

const interpret = (domain: string, fetched: Fetched): Registration => {
  if (fetched.kind === 'not-fetched') return { kind: 'could-not-check', why: fetched.why };
  if (isNotFound(fetched)) return { kind: 'not-registered', source: 'rdap' };
  if (fetched.status !== 200) return { kind: 'could-not-check', why: `HTTP ${fetched.status}` };
  return toRegistration(domain, parseJson(fetched.text));
};

/** `https://rdap.example/` and `https://rdap.example` are the same service. */
const urlFor = (service: string, domain: string): string => `${service.replace(/\/?$/, '/')}domain/${domain}`;

/** Registries over `fetch`. IANA's file is read when it is first needed, and kept for a day. */
export const rdapRegistries = (given: Partial<RdapOptions> = {}): RdapRegistries => {
  const options: RdapOptions = {
    bootstrapUrl: IANA_BOOTSTRAP,
    timeoutMilliseconds: 8_000,
    mayAsk: isPublicHttps,
    ...given,
  };
  const limits = (maximumBytes: number): FetchLimits => ({ ...options, maximumBytes });

  const loadBootstrap = async (): Promise<Loaded> => {
    const file = await boundedFetch(options.bootstrapUrl, 'application/json', limits(MAXIMUM_BOOTSTRAP_BYTES));
    if (file.kind === 'not-fetched') return { why: `Bootstrap${file.why}` };
    if (file.status !== 200) return { why: `BootstrapHTTP ${file.status}` };
    return toBootstrap(file.text) ?? { why: 'BootstrapUnreadable' };
  };

  let kept: { readonly bootstrap: Promise<Loaded>; readonly until: number } | undefined;
  const bootstrap = async (): Promise<Loaded> => {
    if (kept === undefined || performance.now() >= kept.until)
      kept = { bootstrap: loadBootstrap(), until: performance.now() + BOOTSTRAP_KEPT_MILLISECONDS };
    const loaded = await kept.bootstrap;
    if ('why' in loaded) kept = undefined;
    return loaded;
  };

  return {
    async readRegistration(name) {
      const domain = toAsciiName(name);
      if (domain === undefined) return { kind: 'cannot-know', why: 'NoSource' };
      const services = await bootstrap();
      if ('why' in services) return { kind: 'could-not-check', why: services.why };
      let registration: Registration = { kind: 'cannot-know', why: 'NoSource' };
      for (const service of servicesFor(services, domain).slice(0, MAXIMUM_SERVICES)) {
        const fetched = await boundedFetch(
          urlFor(service, domain),
          'application/rdap+json',
          limits(MAXIMUM_ANSWER_BYTES),
        );
        registration = interpret(domain, fetched);
        if (registration.kind !== 'could-not-check') return registration;
      }
      return registration;
    },
  };
};
