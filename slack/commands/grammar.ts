import type { Command, NotUnderstood, Verb } from '../../domain/command.ts';
import { VERBS } from '../../domain/command.ts';
import { plainLine, withPlainDashes, wordsOf } from './words.ts';

/** Slack's longest message has 40,000 characters; a longer line is no command, and reading it would only take time. */
const LONGEST_LINE = 40_000;
/** Of what was read, as much as an answer may quote. */
const LONGEST_QUOTE = 200;

const HELP_WORDS: readonly string[] = ['help', '?', '--help', '-h', 'ヘルプ'];

const notUnderstood = (line: string, because: NotUnderstood): Command => ({
  verb: 'not-understood',
  said: line.slice(0, LONGEST_QUOTE).toWellFormed().trim(),
  because,
});

/** Full-width letters and capitals are the same verb, whatever its dashes and joiners. */
const verbIn = (word: string): Verb | undefined => {
  const plain = withPlainDashes(word.normalize('NFKC'))
    .toLowerCase()
    .replace(/^\//, '')
    .replace(/[\u200C\u200D]/g, '');
  return HELP_WORDS.includes(plain) ? 'help' : VERBS.find((verb) => verb === plain);
};

/** A URL, or a host with a path, as far as it says where and what. */
interface Address {
  readonly host: string;
  /** Absent when nothing follows the host. */
  readonly path: string | undefined;
  readonly hasScheme: boolean;
}

const WITH_SCHEME = /^https?:\/+([^/?#\s]+)([\s\S]*)$/i;
/** `www.example.com`, `*.example.com/blog/`; the last part of a host's name is letters, which a version number's isn't. */
const BARE_HOST = /^((?:\*\.)?(?:[\p{L}\p{N}_-]+\.)+[\p{L}-]{2,}\.?)(?::\d{1,5})?([/?][\s\S]*)?$/u;

/** As DNS has it: small letters, Punycode, without user, port and final dot. */
const hostName = (authority: string): string => {
  const bare = authority.replace(/^.*@/s, '').replace(/:\d*$/, '').replace(/\.$/, '');
  return URL.canParse(`https://${bare}`) ? new URL(`https://${bare}`).hostname : bare.toLowerCase();
};

/** What follows the host, without the fragment, which no browser sends. */
const pathAfterHost = (rest: string): string | undefined => {
  const sent = rest.replace(/#.*$/s, '');
  if (sent === '') return undefined;
  return sent.startsWith('/') ? sent : `/${sent}`;
};

/** Up to where a path begins: a host, an id or the name of a group. */
const BEFORE_PATH = /^(?:https?:\/+)?[^/?#*]+/i;

const addressIn = (typed: string): Address | undefined => {
  const word = typed.replace(BEFORE_PATH, withPlainDashes);
  const [, authority = '', afterScheme = ''] = WITH_SCHEME.exec(word) ?? [];
  const [, bareHost = '', afterHost = ''] = BARE_HOST.exec(word) ?? [];
  const host = hostName(authority || bareHost);
  if (host === '') return undefined;
  return { host, path: pathAfterHost(authority === '' ? afterHost : afterScheme), hasScheme: authority !== '' };
};

/**
 * What a word behind the first one says about a host. Only a scheme makes sure that it isn't a path; without one it is an
 * address of the host that was named first, or, as `host/…`, reason to ask which was meant.
 */
const addressBehind = (word: string, first: Address | undefined): Address | undefined => {
  const address = addressIn(word);
  if (address === undefined || address.hasScheme || first === undefined)
    return address?.hasScheme ? address : undefined;
  return address.host === first.host || address.path !== undefined ? address : undefined;
};

const isPath = (word: string): boolean => /^[/#*]/.test(word);

interface Aim {
  readonly where: string;
  readonly paths: readonly string[];
}

/** The first word says where; a URL says where and what. */
const aimAt = (word: string, behind: readonly string[]): Aim | NotUnderstood => {
  const first = addressIn(word);
  if (first === undefined && isPath(word)) return 'NoDistribution';
  const others = behind.map((other) => addressBehind(other, first));
  const hosts = new Set([first, ...others].flatMap((address) => address?.host ?? []));
  if (hosts.size > 1) return 'SeveralDistributions';
  const where = first?.host ?? withPlainDashes(word.normalize('NFKC'));
  const paths = behind.map((other, index) => (others[index] === undefined ? other : (others[index]?.path ?? '/')));
  if (first?.path !== undefined) return { where, paths: [first.path, ...paths] };
  // A URL alone is the page it shows; with paths behind it, it only says where.
  return { where, paths: paths.length === 0 && first?.hasScheme ? ['/'] : paths };
};

const invalidation = (line: string, words: readonly string[]): Command => {
  const [first, ...behind] = words;
  if (first === undefined || (behind.length === 0 && verbIn(first) === 'help'))
    return { verb: 'help', about: 'invalidate' };
  const aim = aimAt(first, behind);
  if (typeof aim === 'string') return notUnderstood(line, aim);
  return aim.paths.length === 0 ? notUnderstood(line, 'NoPaths') : { verb: 'invalidate', ...aim };
};

const verbCommand = (line: string, words: readonly string[]): Command => {
  const [first, ...behind] = words;
  if (first === undefined) return { verb: 'help', about: undefined };
  const verb = verbIn(first);
  if (verb === undefined) return notUnderstood(line, 'UnknownVerb');
  if (verb === 'invalidate') return invalidation(line, behind);
  if (verb !== 'help') return { verb, words: behind.map(withPlainDashes) };
  const about = verbIn(behind[0] ?? '');
  return { verb, about: about === 'help' ? undefined : about };
};

/**
 * Understands what a person typed, however Slack, the keyboard or the input method improved it.
 * @param command as Slack names it: `/invalidate` (also with something behind it, such as `/invalidate-dev`) takes a
 *   distribution and paths; every other takes a verb first
 * @param text the rest of the line as Slack sends it
 */
export const parseCommand = (command: string, text: string): Command => {
  if (text.length > LONGEST_LINE) return notUnderstood(text, 'TooLong');
  const line = plainLine(text);
  const read = wordsOf(line);
  if (read.kind === 'unbalanced-quotes') return notUnderstood(line, 'UnbalancedQuotes');
  return /^\/?invalidate/i.test(command) ? invalidation(line, read.words) : verbCommand(line, read.words);
};
