import { listIn, objectIn, parseJson, textIn } from '../json.ts';
import { toAsciiName } from '../names.ts';

/** Where registries' RDAP services are, by top-level domain. */
export type Bootstrap = ReadonlyMap<string, readonly string[]>;

/**
 * IANA's file: `{"services": [[["com", "net"], ["https://…/"]], …]}`.
 * `undefined` for what is not that: an empty list would say that no registry speaks RDAP.
 * @see RFC 9224, sections 3 and 4
 */
export const toBootstrap = (text: string): Bootstrap | undefined => {
  const services = listIn(objectIn(parseJson(text))['services']).map(listIn);
  const entries = services.flatMap(([names, urls]) =>
    listIn(names).flatMap((name) => {
      const ascii = toAsciiName(textIn(name) ?? '');
      return ascii === undefined ? [] : [[ascii, listIn(urls).flatMap((url) => textIn(url) ?? [])] as const];
    }),
  );
  return entries.length === 0 ? undefined : new Map(entries);
};

/** Services for a domain: those of its longest ending that has any. */
export const servicesFor = (bootstrap: Bootstrap, domain: string): readonly string[] => {
  const labels = domain.split('.');
  const endings = labels.map((_, index) => labels.slice(index).join('.'));
  return endings.map((ending) => bootstrap.get(ending) ?? []).find((urls) => urls.length > 0) ?? [];
};
