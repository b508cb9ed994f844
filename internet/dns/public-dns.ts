import { getServers } from 'node:dns';
import type { DnsAnswer } from '../../domain/expiry/dns-answer.ts';
import { mayConnectTo } from '../addresses.ts';
import { isWithin, parentOf, toAsciiName } from '../names.ts';
import { registrableDomain } from '../public-suffix.ts';
import type { Answered, Asking, AskingOptions } from './asking.ts';
import { hasAnswer, NO_ERROR, serverNamesOf, startAsking, valuesOf } from './asking.ts';
import type { Reply, ServerAddress } from './exchange.ts';
import type { Delegation, PublicDns } from './port.ts';

const DNS_PORT = 53;

/** @see RFC 1035, section 4.1.1 */
const CODES: ReadonlyMap<number, string> = new Map([
  [1, 'FORMERR'],
  [2, 'SERVFAIL'],
  [4, 'NOTIMP'],
  [5, 'REFUSED'],
]);

/** Zones below each other that are followed from a public suffix down; a server that sends us further is playing. */
const MAXIMUM_REFERRALS = 8;

/** `192.0.2.1`, `192.0.2.1:5353`, `2001:db8::1`, `[2001:db8::1]:5353`. @see Node.js, `dns.getServers` */
const toServerAddress = (written: string): ServerAddress => {
  const { v6, v4, port } = /^(?:\[(?<v6>[^\]]+)\]|(?<v4>[^:]+))(?::(?<port>\d+))?$/.exec(written)?.groups ?? {};
  return { address: v6 ?? v4 ?? written, port: port === undefined ? DNS_PORT : Number(port) };
};

const whyOf = (reply: Reply): string =>
  reply.kind === 'no-reply' ? reply.why : (CODES.get(reply.code) ?? `RCODE ${reply.code}`);

/**
 * A delegation in a reply: NS records of a zone that is nearer to the name than the zone whose server was asked. Anything
 * else, upward referrals of servers that are set up wrongly among it, is none.
 */
const delegationIn = ({ answers, authorities }: Answered, name: string, above: string): Delegation | undefined => {
  const records = [...authorities, ...answers].filter(
    ({ type, owner }) => type === 'NS' && owner !== above && isWithin(owner, above) && isWithin(name, owner),
  );
  const zone = records.map(({ owner }) => owner).sort((one, other) => other.length - one.length)[0];
  if (zone === undefined) return undefined;
  const servers = serverNamesOf(records, zone);
  return servers.length === 0 ? undefined : { zone, servers };
};

/** The zone a server answered for: the owner of the SOA record that comes with "no such record". */
const zoneSaidIn = ({ authorities }: Answered, name: string, delegated: string): string =>
  authorities.find(({ type, owner }) => type === 'SOA' && isWithin(owner, delegated) && isWithin(name, owner))?.owner ??
  delegated;

/** The zone at or above a name and no higher than `last`, as the resolvers have it. */
const zoneByResolvers = async (asking: Asking, name: string, last: string): Promise<Delegation | undefined> => {
  for (let zone: string | undefined = name; zone !== undefined && isWithin(zone, last); zone = parentOf(zone)) {
    const reply = await asking.askResolvers(zone, 'NS');
    // Of exactly this owner: asked for the NS records of an alias, a resolver answers with those of its target.
    const servers = hasAnswer(reply) ? serverNamesOf(reply.answers, zone) : [];
    if (servers.length > 0) return { zone, servers };
  }
  return undefined;
};

/**
 * Down from the zone above, as a resolver would go: each zone's servers are asked for the name, and either answer or say who
 * knows more. The last that was named counts, answering or not: that is how a delegation to nobody is found.
 * `undefined` when the zone above delegates nothing; `not-told` when its servers don't say.
 */
const followReferrals = async (
  asking: Asking,
  name: string,
  top: Delegation,
): Promise<Delegation | 'not-told' | undefined> => {
  let delegation: Delegation | undefined;
  for (let referral = 0; referral < MAXIMUM_REFERRALS; referral += 1) {
    const current: Delegation = delegation ?? top;
    const reply = await asking.askZone(current.servers, { name, type: 'CNAME' });
    if (reply === undefined) return delegation ?? 'not-told';
    const next = delegationIn(reply, name, current.zone);
    if (next !== undefined) {
      delegation = next;
      continue;
    }
    const zone = reply.isAuthoritative ? zoneSaidIn(reply, name, current.zone) : current.zone;
    if (delegation !== undefined) return { ...delegation, zone };
    // Authoritative, and for the zone above itself: then there is nothing below it.
    const isOfTop =
      reply.isAuthoritative && reply.authorities.some(({ type, owner }) => type === 'SOA' && owner === zone);
    return isOfTop && zone === top.zone ? undefined : 'not-told';
  }
  return delegation;
};

const findDelegation = async (asking: Asking, name: string): Promise<Delegation | undefined> => {
  const registered = registrableDomain(name) ?? name.split('.').slice(-2).join('.');
  const suffix = parentOf(registered);
  if (suffix === undefined) return undefined;
  // `co.jp` is a suffix, and no zone of its own.
  const top = await zoneByResolvers(asking, suffix, suffix.split('.').at(-1) ?? suffix);
  const found = top === undefined ? 'not-told' : await followReferrals(asking, name, top);
  // Where only the resolvers can be reached, theirs is the word.
  return found === 'not-told' ? zoneByResolvers(asking, name, registered) : found;
};

/** A name in a record as people write it: bytes that no name of ours has come as `\010`. @see RFC 1035, section 5.1 */
const toWritten = (value: string): string =>
  value
    .replace(/\.$/, '')
    .replace(/[^\x21-\x7e]/gu, (character) =>
      [...Buffer.from(character)].map((byte) => `\\${String(byte).padStart(3, '0')}`).join(''),
    );

const toDnsAnswer = (reply: Reply, name: string, isResolver: boolean): DnsAnswer => {
  if (!hasAnswer(reply)) return { kind: 'could-not-ask', why: whyOf(reply) };
  const values = valuesOf(reply.answers, name, 'CNAME').map(toWritten);
  if (values.length > 0) return { kind: 'found', values };
  // Only who answers for the zone can say that there is nothing: others refer elsewhere, or don't know.
  if (!isResolver && !reply.isAuthoritative) return { kind: 'could-not-ask', why: 'NotAuthoritative' };
  return { kind: 'missing', nameExists: reply.code === NO_ERROR };
};

const askCname = async (
  asking: Asking,
  name: string,
  servers: readonly ServerAddress[],
  isResolver: boolean,
): Promise<DnsAnswer> => {
  const reply = await asking.askAny(servers, { name, type: 'CNAME', recursive: isResolver });
  return reply === undefined ? { kind: 'could-not-ask', why: 'ServerNotFound' } : toDnsAnswer(reply, name, isResolver);
};

/** Public DNS as the machine's resolvers and the servers of the zones see it. */
export const publicDns = (given: Partial<AskingOptions> = {}): PublicDns => {
  const options: AskingOptions = {
    resolvers: getServers().map(toServerAddress),
    patience: { timeoutMilliseconds: 1_500, attempts: 2 },
    limitMilliseconds: 12_000,
    reach: (address) => (mayConnectTo(address) ? { address, port: DNS_PORT } : undefined),
    ...given,
  };
  return {
    async findDelegation(name) {
      const ascii = toAsciiName(name);
      return ascii === undefined ? undefined : findDelegation(startAsking(options), ascii);
    },
    async askCname(name, server) {
      const ascii = toAsciiName(name);
      if (ascii === undefined) return { kind: 'could-not-ask', why: 'NotAName' };
      const asking = startAsking(options);
      return server === undefined
        ? askCname(asking, ascii, options.resolvers, true)
        : askCname(asking, ascii, await asking.addressesOf(server), false);
    },
  };
};
