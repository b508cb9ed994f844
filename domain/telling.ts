import type { LedgerEntry, Telling } from './ledger.ts';

/** The order in which telling goes; it never goes back. */
const TELLINGS: readonly Telling[] = ['open', 'said-not-in-service', 'closed'];

/** Tellings from which one may go on to `telling`. */
export const tellingsBefore = (telling: Telling): readonly Telling[] => TELLINGS.slice(0, TELLINGS.indexOf(telling));

const further = (a: Telling, b: Telling): Telling => (TELLINGS.indexOf(a) < TELLINGS.indexOf(b) ? b : a);

const least = (tellings: readonly Telling[]): Telling =>
  TELLINGS.find((telling) => tellings.includes(telling)) ?? 'closed';

type Told = Pick<LedgerEntry, 'telling' | 'told'>;

/** How far the telling of one of an entry's targets has come. */
export const tellingOf = ({ telling, told }: Told, targetKey: string): Telling =>
  further(telling, told?.[targetKey] ?? 'open');

/** Whether no report has spoken of the change yet, of any of its targets. */
export const isUntold = ({ telling, told }: Told): boolean => telling === 'open' && told === undefined;

/** The entry once these of its targets are told of that far; the same entry when that is no news. */
export const tellTargets = (entry: LedgerEntry, telling: Telling, targetKeys: ReadonlySet<string>): LedgerEntry => {
  const keys = entry.matter.targets.map(({ key }) => key);
  const news = keys.filter((key) => targetKeys.has(key) && tellingsBefore(telling).includes(tellingOf(entry, key)));
  if (news.length === 0) return entry;
  const told = { ...entry.told, ...Object.fromEntries(news.map((key) => [key, telling])) };
  return { ...entry, told, telling: least(keys.map((key) => tellingOf({ ...entry, told }, key))) };
};
