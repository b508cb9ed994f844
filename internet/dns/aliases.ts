import { Resolver } from 'node:dns/promises';
import { toAsciiName } from '../names.ts';

/** A longer chain of aliases leads nowhere that matters; resolvers give up about there too. */
const LONGEST_CHAIN = 8;
const TIMEOUT_MILLISECONDS = 2_000;
const ATTEMPTS = 2;

const askResolver = async (name: string): Promise<readonly string[]> =>
  new Resolver({ timeout: TIMEOUT_MILLISECONDS, tries: ATTEMPTS }).resolveCname(name);

/**
 * Names that DNS leads through from a name, without it and without last dots. A circle ends where it closes, and what a
 * resolver does not say is no alias: the way is told as far as it is known.
 * @param ask the CNAMEs of one name. Rejects as `dns.resolveCname` does.
 */
export const aliasesOf =
  (ask: (name: string) => Promise<readonly string[]> = askResolver) =>
  async (host: string): Promise<readonly string[]> => {
    const chain: string[] = [];
    let name = toAsciiName(host);
    while (name !== undefined && chain.length < LONGEST_CHAIN) {
      const [next] = await ask(name).catch((): readonly string[] => []);
      const alias = next === undefined ? undefined : toAsciiName(next);
      if (alias === undefined || alias === toAsciiName(host) || chain.includes(alias)) break;
      chain.push(alias);
      name = alias;
    }
    return chain;
  };
