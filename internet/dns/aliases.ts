import { Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import { inTime } from '../in-time.ts';
import { toAsciiName } from '../names.ts';

/** A longer chain of aliases leads nowhere that matters; resolvers give up about there too. */
const LONGEST_CHAIN = 8;
const TIMEOUT_MILLISECONDS = 2_000;
const ATTEMPTS = 2;

/** For the whole chain. */
const CHAIN_TIMEOUT_MILLISECONDS = 6_000;

const askResolver = async (name: string): Promise<readonly string[]> =>
  new Resolver({ timeout: TIMEOUT_MILLISECONDS, tries: ATTEMPTS }).resolveCname(name);

/**
 * Names that DNS leads through from a name, without it and without last dots. A circle ends where it closes, and what a
 * resolver does not say is no alias: the way is told as far as it is known.
 * @param ask the CNAMEs of one name. Rejects as `dns.resolveCname` does.
 * @param timeoutMilliseconds for all of them; the names that were found until then are told
 */
export const aliasesOf =
  (
    ask: (name: string) => Promise<readonly string[]> = askResolver,
    timeoutMilliseconds: number = CHAIN_TIMEOUT_MILLISECONDS,
  ) =>
  async (host: string): Promise<readonly string[]> => {
    const endsAt = performance.now() + timeoutMilliseconds;
    const chain: string[] = [];
    // An address has no aliases.
    let name = isIP(host.replace(/^\[|\]$/g, '')) === 0 ? toAsciiName(host) : undefined;
    while (name !== undefined && chain.length < LONGEST_CHAIN) {
      const [next] = await inTime(ask(name), endsAt - performance.now()).catch((): readonly string[] => []);
      const alias = next === undefined ? undefined : toAsciiName(next);
      if (alias === undefined || alias === toAsciiName(host) || chain.includes(alias)) break;
      chain.push(alias);
      name = alias;
    }
    return chain;
  };
