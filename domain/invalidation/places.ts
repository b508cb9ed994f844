import type { Settings } from '../settings.ts';
import { list, SettingError } from '../settings.ts';
import { DISTRIBUTION_ID } from './distribution-id.ts';
import type { Place } from './request.ts';

/** A CloudFront distribution as far as an invalidation needs it. */
export interface Distribution {
  readonly distributionId: string;
  /** `d111111abcdef8.cloudfront.net` */
  readonly domainName: string;
  readonly aliases: readonly string[];
  /** `Deployed`, `InProgress`, or what CloudFront has grown since. */
  readonly status: string;
  /** `tenant-only`: a template that answers for no host itself (facts 6.5). */
  readonly connectionMode: 'direct' | 'tenant-only';
}

/** A tenant of a multi-tenant distribution. */
export interface Tenant {
  readonly tenantId: string;
  readonly distributionId: string;
  readonly domains: readonly string[];
  readonly status: string;
}

/** Names of the stage's groups, each with the distributions it stands for, in any form that a person may give one. */
export type PlaceGroups = Readonly<Record<string, readonly string[]>>;

/** What a name comes to. */
export type Resolved =
  | { readonly kind: 'places'; readonly places: readonly Place[] }
  /** Several distributions answer to it; their ids say which. */
  | { readonly kind: 'ambiguous'; readonly said: string; readonly candidates: readonly Place[] }
  /** A template of tenants: to be named by the domain of one of them. */
  | { readonly kind: 'tenant-only'; readonly said: string; readonly distributionId: string }
  | { readonly kind: 'absent'; readonly said: string; readonly suggestions: readonly string[] };

const SUGGESTIONS = 3;

/** A name as compared: of a URL only the host; lower case, no port, no last dot. */
export const hostOf = (where: string): string =>
  where
    .trim()
    .toLowerCase()
    .replace(/^(?:https?:)?\/\//, '')
    .replace(/[/?#].*$/s, '')
    .replace(/^.*@/, '')
    .replace(/:\d*$/, '')
    .replace(/\.$/, '');

export const placeOf = ({ distributionId, domainName, aliases }: Distribution): Place => ({
  distributionId,
  tenantId: undefined,
  name: aliases.find((alias) => !alias.startsWith('*.')) ?? aliases[0] ?? domainName,
});

export const tenantPlace = ({ tenantId, distributionId, domains }: Tenant, domain?: string): Place => ({
  distributionId,
  tenantId,
  name: domains.find((each) => each.toLowerCase() === domain) ?? domains[0] ?? tenantId,
});

/** Names by which a distribution is reached. */
const namesOf = ({ domainName, aliases }: Distribution): readonly string[] =>
  [...aliases, domainName].map((name) => name.toLowerCase());

/** How closely a name fits a host: the number of letters that are the same, more for the very name; 0 for not at all. */
const closeness = (name: string, host: string): number => {
  if (name === host) return Number.POSITIVE_INFINITY;
  return name.startsWith('*.') && host.endsWith(name.slice(1)) && host.length > name.length - 1 ? name.length : 0;
};

/** Whether a distribution or tenant with these names answers for a host; `*.` stands for any number of labels. */
export const answersFor = (names: readonly string[], host: string): boolean =>
  names.some((name) => closeness(name.toLowerCase(), host) > 0);

/** Distributions whose name fits a host best: the very name before a wildcard, the longer wildcard before the shorter. */
const closest = (host: string, distributions: readonly Distribution[]): readonly Distribution[] => {
  const fits = distributions.map((each) => Math.max(0, ...namesOf(each).map((name) => closeness(name, host))));
  const best = Math.max(0, ...fits);
  return best === 0 ? [] : distributions.filter((_, index) => fits[index] === best);
};

/** Letters to add, drop or change to come from one name to the other. */
const distance = (one: string, other: string): number => {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [at, letter] of Array.from(one).entries()) {
    const next = [at + 1];
    for (let column = 1; column <= other.length; column += 1) {
      const changed = (row[column - 1] ?? 0) + (other[column - 1] === letter ? 0 : 1);
      next.push(Math.min(changed, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
};

/** Longer than any host name. */
const LONGEST_COMPARED = 253;

const suggestionsFor = (
  said: string,
  distributions: readonly Distribution[],
  groups: PlaceGroups,
): readonly string[] => {
  const compared = said.toLowerCase().slice(0, LONGEST_COMPARED);
  if (compared === '') return [];
  const known = [
    ...Object.keys(groups),
    ...distributions.flatMap((each) => [...namesOf(each), each.distributionId]),
  ].map((name) => {
    const other = name.toLowerCase();
    return {
      name,
      far: other.includes(compared) ? 0 : distance(compared, other) / Math.max(compared.length, other.length),
    };
  });
  return known
    .filter(({ far }) => far <= 0.4)
    .sort((a, b) => a.far - b.far || (a.name < b.name ? -1 : 1))
    .slice(0, SUGGESTIONS)
    .map(({ name }) => name);
};

const resolveName = (where: string, distributions: readonly Distribution[], groups: PlaceGroups): Resolved => {
  const said = where.trim();
  const byId = DISTRIBUTION_ID.test(said.toUpperCase())
    ? distributions.filter(({ distributionId }) => distributionId === said.toUpperCase())
    : [];
  const found = byId.length > 0 ? byId : closest(hostOf(said), distributions);
  const [only] = found;
  if (only === undefined)
    return { kind: 'absent', said, suggestions: suggestionsFor(hostOf(said), distributions, groups) };
  if (found.length > 1) return { kind: 'ambiguous', said, candidates: found.map(placeOf) };
  if (only.connectionMode === 'tenant-only') return { kind: 'tenant-only', said, distributionId: only.distributionId };
  return { kind: 'places', places: [placeOf(only)] };
};

/** The members of a group, each place once; the first member that is not one place is the answer. */
const resolveGroup = (
  members: readonly string[],
  distributions: readonly Distribution[],
  groups: PlaceGroups,
): Resolved => {
  const each = members.map((member) => resolveName(member, distributions, groups));
  const trouble = each.find(({ kind }) => kind !== 'places');
  if (trouble !== undefined) return trouble;
  const places = each.flatMap((one) => (one.kind === 'places' ? one.places : []));
  return { kind: 'places', places: [...new Map(places.map((place) => [place.distributionId, place])).values()] };
};

/**
 * What a person's or a pipeline's name for a distribution comes to: a group of the stage's, an id, an alias, a CloudFront
 * domain, or a URL of any of these. Tenants are not in the list of distributions: when it is `absent`, ask for the tenant
 * of `hostOf(where)`.
 */
export const resolvePlaces = (where: string, distributions: readonly Distribution[], groups: PlaceGroups): Resolved => {
  const members = Object.entries(groups).find(([name]) => name.toLowerCase() === where.trim().toLowerCase())?.[1];
  return members === undefined
    ? resolveName(where, distributions, groups)
    : resolveGroup(members, distributions, groups);
};

const GROUP = /^([\p{L}\p{N}_-]{1,40})\s*=\s*(\S.*)$/su;

/**
 * Groups as serverless.yml holds them: `site = www.example.com E1ABCDEF234567; blog = blog.example.com`.
 * @throws {SettingError} when one is malformed
 */
export const placeGroupsFrom = (settings: Settings): PlaceGroups =>
  Object.fromEntries(
    list(settings, 'USHER_INVALIDATION_GROUPS', /;/).map((part) => {
      const [, name, members] = GROUP.exec(part) ?? [];
      if (name === undefined || members === undefined)
        throw new SettingError(
          `USHER_INVALIDATION_GROUPS holds "${part}", which is no group; write NAME = DISTRIBUTION DISTRIBUTION; NAME = …`,
        );
      return [name, members.trim().split(/[\s,]+/)] as const;
    }),
  );
