import type { ExpiryRow, ExpiryTable } from '../../domain/expiry/report.ts';
import { columns, outsideCode } from '../outside-text.ts';
import type { Phrase } from '../phrase.ts';
import { block } from '../phrase.ts';
import type { Times } from './moment.ts';

/** What stands in the last column. */
export type StandingWords = Readonly<Record<ExpiryRow['standing'], string>>;

const ROWS_SHOWN = 50;
/** So many rows stay far below what a section takes, whatever their names hold. */
const ROWS_A_BLOCK = 12;
const NAME_COLUMNS = 40;
const DAYS_COLUMNS = 6;
const DATE_COLUMNS = 12;

/** What goes on without anybody. */
const BY_ITSELF: ReadonlySet<ExpiryRow['standing']> = new Set<ExpiryRow['standing']>([
  'fine',
  'renewing-by-itself',
  'renews-itself',
]);

/** How many of the rows need somebody, or can't be told. */
export const needing = ({ rows }: ExpiryTable): number =>
  rows.filter(({ standing }) => !BY_ITSELF.has(standing)).length;

/** The name, and the first of what uses it where that says more. */
const nameOf = ({ name, uses }: ExpiryRow): string => {
  const others = uses.filter((use) => use !== name);
  const [first] = others;
  if (first === undefined) return name;
  return `${name} (${first}${others.length > 1 ? ` +${others.length - 1}` : ''})`;
};

const flushRight = (text: string): string => `${' '.repeat(Math.max(0, DAYS_COLUMNS - columns(text)))}${text}`;

/** The rows, days left first, in blocks of equal columns; what follows the last one shown is counted by the caller. */
export const tableBlocks = (
  { rows }: ExpiryTable,
  wordsOf: { readonly standing: StandingWords; readonly domain: string; readonly days: (left: number) => string },
  { date }: Times,
): { readonly blocks: readonly Phrase[]; readonly more: number } => {
  const shown = rows.slice(0, ROWS_SHOWN);
  const width = Math.max(0, ...shown.map((row) => columns(outsideCode(nameOf(row), NAME_COLUMNS))));
  const lines = shown.map((row) => ({
    before: `${flushRight(row.daysLeft === undefined ? '–' : wordsOf.days(row.daysLeft))}  ${(row.endsAt === undefined ? '–' : date(row.endsAt)).padEnd(DATE_COLUMNS)}  `,
    value: nameOf(row),
    limit: NAME_COLUMNS,
    width,
    after: `  ${row.kind === 'domain' ? wordsOf.domain : ''}${wordsOf.standing[row.standing]}`,
  }));
  const starts = Array.from({ length: Math.ceil(lines.length / ROWS_A_BLOCK) }, (_, index) => index * ROWS_A_BLOCK);
  return {
    blocks: starts.map((start) => [block(lines.slice(start, start + ROWS_A_BLOCK))]),
    more: rows.length - shown.length,
  };
};
