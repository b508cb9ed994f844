import { dollars } from '../../domain/invalidation/price.ts';
import type { ConfirmationReason, QueuedBecause } from '../../domain/invalidation/request.ts';
import type { AskedBy, ConfirmationWanted } from '../../domain/report.ts';
import type { Phrase } from '../phrase.ts';
import { code, joined, mention, outside, quote, say, strong, words } from '../phrase.ts';
import type { InvalidationCatalogue } from './invalidations.ts';

const NAMES_SHOWN = 5;

const who = (asked: AskedBy): Phrase =>
  asked.kind === 'person' ? [mention({ kind: 'user', id: asked.userId })] : [outside(asked.source)];

const everybody = (asked: readonly AskedBy[]): Phrase => {
  const more = asked.length - NAMES_SHOWN;
  return [...joined(asked.slice(0, NAMES_SHOWN).map(who), ', '), ...(more > 0 ? [words(` and ${more} more`)] : [])];
};

const count = (paths: number): string => (paths === 1 ? '1 path' : `${paths} paths`);

const duration = (seconds: number): string => {
  const whole = Math.max(0, Math.round(seconds));
  const [hours, minutes] = [Math.floor(whole / 3_600), Math.floor(whole / 60)];
  if (whole < 60) return `${whole} s`;
  if (hours > 0) return `${hours} h ${minutes % 60} min`;
  return whole % 60 === 0 ? `${minutes} min` : `${minutes} min ${whole % 60} s`;
};

const WAITING: Readonly<Record<QueuedBecause, string>> = {
  QuotaInUse: 'CloudFront takes 3,000 paths and 15 wildcards of a distribution at a time, and they are in use.',
  TooManyInvalidationsInProgress: 'CloudFront has too many invalidations of this distribution in progress.',
  Throttled: 'CloudFront asks for slower calls.',
  NoAnswer: 'CloudFront doesn’t answer.',
  StillDeploying: 'The distribution is still deploying.',
  Paused: 'Usher is paused; it is sent once somebody lets it go on.',
};

const WHY: Readonly<Record<ConfirmationReason, string>> = {
  Everything: 'This clears everything: until the cache is filled again, all requests go to the origin.',
  Gathered: 'These were too many paths for CloudFront; the wildcards above cover them, and more than was asked for.',
  StillDeploying: 'The distribution is still deploying: what is cached before the end may be of the old settings.',
};

const price = ({ price: { paths, atMostMills, sentThisMonth } }: ConfirmationWanted): string =>
  `This request: ${count(paths)}, list price at most ${dollars(atMostMills)} (the account’s first 1,000 of a month are free; sent by Usher this month: ${sentThisMonth}).`;

export const ENGLISH_INVALIDATIONS: InvalidationCatalogue = {
  completed: {
    headline: ({ place, pathCount, durationSeconds }, limit) => ({
      strong: say`Cache cleared: ${outside(place.name, limit)}`,
      rest: say` – ${words(count(pathCount))}, done in ${words(duration(durationSeconds))}`,
    }),
    lines: ({ askedBy, pathsThisMonth }) => [
      say`Still the old page? ${strong(say`Next:`)} reload without browser cache (Ctrl+Shift+R).`,
      say`Asked for by ${everybody(askedBy)}. Sent by Usher this month: ${words(count(pathsThisMonth))} (first 1,000 of the account are free).`,
    ],
  },
  failed: {
    headline: ({ place }, limit) => ({
      strong: say`Cache not cleared: ${outside(place.name, limit)}`,
      rest: say``,
    }),
    lines: ({ code: reason, message, askedBy }) => [
      say`Cause: ${code(reason)} ${quote(message)}`,
      say`Nothing else was changed. Asked for by ${who(askedBy)}.`,
    ],
  },
  stillRunning: {
    headline: ({ place, sinceSeconds }, limit) => ({
      strong: say`Still clearing: ${outside(place.name, limit)}`,
      rest: say` – for ${words(duration(sinceSeconds))}`,
    }),
    lines: ({ askedBy }) => [
      say`CloudFront has not said that it is done. I look on, and tell you here.`,
      say`Asked for by ${everybody(askedBy)}.`,
    ],
  },
  queued: {
    headline: ({ place, position }, limit) => ({
      strong: say`Waiting: ${outside(place.name, limit)}`,
      rest: say` – number ${position} in line`,
    }),
    lines: ({ because, askedBy }) => [
      say`${words(WAITING[because])} It is sent as soon as it can be; nothing to do.`,
      say`Asked for by ${who(askedBy)}.`,
    ],
  },
  wanted: {
    headline: ({ place, pathCount }, limit) => ({
      strong: say`Clear ${words(count(pathCount))} of ${outside(place.name, limit)}?`,
      rest: say``,
    }),
    lines: (body) => [
      joined(
        body.because.map((reason) => [words(WHY[reason])]),
        ' ',
      ),
      say`${words(price(body))} Nothing was changed.`,
    ],
  },
  finding: {
    Empty: say`nothing was given`,
    OtherHost: say`this distribution doesn’t answer for that host`,
    TooLong: say`longer than 4,000 characters`,
    ControlCharacter: say`holds a control character`,
    NotUnicode: say`is not valid Unicode`,
    Tilde: say`CloudFront can’t clear paths with ~, encoded or not`,
    WildcardNotLast: say`* is a wildcard only at the end; elsewhere it is an ordinary character`,
    HashInPath: say`what follows # in a browser never reaches CloudFront`,
    FragmentDropped: say`what follows # was left out`,
    SignedUrl: say`of a signed URL only the part before ? counts`,
    QueryString: say`a query string matters only where it is part of the cache key`,
    TagsOff: say`this distribution doesn’t take tags (CacheTagConfig)`,
    TagMalformed: say`a tag is up to 256 visible ASCII characters without comma`,
    TagWildcard: say`a tag takes no wildcard`,
  },
  offer: (path) => say`; perhaps ${code(path)}`,
};
