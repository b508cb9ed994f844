import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { PathContext, PathFindingReason } from '../../../domain/invalidation/paths.ts';
import { isRefused, normalisePaths, withoutDuplicates } from '../../../domain/invalidation/paths.ts';

const WWW: PathContext = { isOwnHost: (host) => host === 'www.example.com', takesTags: true };

const pathsOf = (...typed: readonly string[]) => normalisePaths(typed, WWW).paths;
const reasonsOf = (...typed: readonly string[]): readonly PathFindingReason[] =>
  normalisePaths(typed, WWW).findings.map(({ reason }) => reason);

describe('known answers', () => {
  test.each<readonly [string, string, readonly string[]]>([
    ['a path stays as it is', '/img/logo.png', ['/img/logo.png']],
    ['the leading slash is put in', 'img/logo.png', ['/img/logo.png']],
    ['case is kept', '/Img/Logo.PNG', ['/Img/Logo.PNG']],
    ['the root is one path', '/', ['/']],
    ['everything', '/*', ['/*']],
    ['a bare star is everything', '*', ['/*']],
    ['a wildcard at the end', '/blog/*', ['/blog/*']],
    ['a directory, with its slash', '/blog/', ['/blog/', '/blog']],
    ['what may be a directory, without', '/blog', ['/blog', '/blog/']],
    ['a hidden directory has no extension', '/.well-known', ['/.well-known', '/.well-known/']],
    ['a file is no directory', '/v1.2', ['/v1.2']],
    ['non-ASCII letters are encoded', '/画像/a.png', ['/%E7%94%BB%E5%83%8F/a.png']],
    ['what is encoded is kept', '/%E3%81%82.html', ['/%E3%81%82.html']],
    ['also in lower case', '/%e3%81%82.html', ['/%e3%81%82.html']],
    ['a lone percent sign is encoded', '/100%.html', ['/100%25.html']],
    ['an encoded percent sign is not encoded again', '/100%25.html', ['/100%25.html']],
    ['unsafe characters are encoded', '/a b<>"{}|\\^[]`.html', ['/a%20b%3C%3E%22%7B%7D%7C%5C%5E%5B%5D%60.html']],
    ['safe ones are not', "/a-b_c.d!$&'()+,;=:@.html", ["/a-b_c.d!$&'()+,;=:@.html"]],
    ['letters outside the first plane', '/😀.html', ['/%F0%9F%98%80.html']],
    ['composed and decomposed', '/が.html', ['/%E3%81%8C.html', '/%E3%81%8B%E3%82%99.html']],
    ['decomposed and composed', '/\u304b\u3099.html', ['/%E3%81%8B%E3%82%99.html', '/%E3%81%8C.html']],
    ['encoded, in the other form too', '/caf%C3%A9.html', ['/caf%C3%A9.html', '/cafe%CC%81.html']],
    ['an accent after an encoded character', '/<\u0327.html', ['/%3C%CC%A7.html']],
    ['what is no UTF-8 stays', '/%ff%fe.html', ['/%ff%fe.html']],
    ['a URL of the distribution', 'https://www.example.com/blog/a.html', ['/blog/a.html']],
    ['host names know no case', 'HTTPS://WWW.Example.com:443/A.html', ['/A.html']],
    ['a URL without path', 'https://www.example.com', ['/']],
    ['without its scheme', 'www.example.com/a.html', ['/a.html']],
    ['with two slashes', '//www.example.com/a.html', ['/a.html']],
    ['an empty first segment', '//a/b.html', ['//a/b.html']],
    ['a query string is kept', '/a.html?x=1&y=2', ['/a.html?x=1&y=2']],
    ['what looks signed without a query string is a path', '/a&Signature=xyz.mp4', ['/a&Signature=xyz.mp4']],
    ['of a signed URL only the path counts', '/a.mp4?Expires=1&Signature=x&Key-Pair-Id=K', ['/a.mp4']],
    ['a fragment of a URL is left out', 'https://www.example.com/a.html#top', ['/a.html']],
    ['a hash in a path is encoded', '/a.html#top', ['/a.html%23top']],
    ['a star inside is an ordinary character', '/a/*/b.html', ['/a/*/b.html']],
    ['a tag is lower case', '#Product:42', ['#product:42']],
  ])('%s', (_, typed, expected) => {
    expect(pathsOf(typed)).toEqual(expected);
  });

  test.each<readonly [string, string, PathFindingReason, string, string | undefined]>([
    ['a tilde', '/home/~me/a.html', 'Tilde', 'refused', '/home/*'],
    ['an encoded tilde', '/home/%7Eme', 'Tilde', 'refused', '/home/*'],
    ['another host', 'https://other.example.com/a', 'OtherHost', 'refused', undefined],
    ['nothing', '  ', 'Empty', 'refused', undefined],
    ['a zero byte', '/a\u0000b', 'ControlCharacter', 'refused', undefined],
    ['half a letter', '/\ud83d.html', 'NotUnicode', 'refused', undefined],
    ['4,001 characters', `/${'a'.repeat(4_000)}.`, 'TooLong', 'refused', undefined],
    ['a tag with a comma', '#a,b', 'TagMalformed', 'refused', undefined],
    ['a tag with a letter beyond ASCII', '#あ', 'TagMalformed', 'refused', undefined],
    ['a tag of 257 characters', `#${'a'.repeat(257)}`, 'TagMalformed', 'refused', undefined],
    ['no tag', '#', 'TagMalformed', 'refused', undefined],
    ['a tag with a star', '#product*', 'TagWildcard', 'warning', undefined],
    ['a star inside', '/あ/*/b.html', 'WildcardNotLast', 'warning', '/%E3%81%82/*'],
    ['a hash in a path', '/a.html#top', 'HashInPath', 'warning', '/a.html'],
    ['a fragment', 'https://www.example.com/a.html#top', 'FragmentDropped', 'note', undefined],
    ['a query string', '/a.html?x=1', 'QueryString', 'note', '/a.html*'],
    ['a signed URL', '/a.mp4?Signature=x&Key-Pair-Id=K', 'SignedUrl', 'note', undefined],
  ])('%s is a finding', (_, typed, reason, severity, offer) => {
    const { findings, paths } = normalisePaths([typed], WWW);
    expect(findings).toEqual([
      {
        reason,
        severity,
        said: Array.from(reason === 'Empty' ? typed : typed.trim())
          .slice(0, 200)
          .join(''),
        offer,
      },
    ]);
    expect(paths.length === 0).toBe(severity === 'refused');
  });

  test('Given a distribution without CacheTagConfig, then tags are refused', () => {
    const normalised = normalisePaths(['/a.html', '#product:42'], { ...WWW, takesTags: false });
    expect(normalised.paths).toEqual(['/a.html']);
    expect(normalised.findings).toMatchObject([{ reason: 'TagsOff', said: '#product:42' }]);
    expect(isRefused(normalised)).toBe(true);
  });

  test('Given duplicates, in whatever form, then each is sent once, and not what a wildcard covers', () => {
    expect(pathsOf('/a.html', 'a.html', 'https://www.example.com/a.html')).toEqual(['/a.html']);
    expect(pathsOf('/blog/a.html', '/blog/*', '/blog/x/*', '/blogs.html')).toEqual(['/blog/*', '/blogs.html']);
    expect(pathsOf('/a.html', '/*', '#Tag', '#tag')).toEqual(['/*', '#tag']);
    expect(withoutDuplicates(['/a*', '/a*'])).toEqual(['/a*']);
  });

  test('Given 4,000 characters, then that is not too many', () => {
    expect(pathsOf(`/${'a'.repeat(3_997)}.b`)).toHaveLength(1);
    expect(reasonsOf(`/${'あ'.repeat(500)}.html`)).toEqual(['TooLong']);
  });
});

const segment = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 8 }),
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.constantFrom(
    '%E3%81%82',
    '%',
    '%2',
    'が',
    '\u304b\u3099',
    '\u2260',
    '<\u0338',
    '<\u0327',
    '\u{2f800}',
    '*',
    '~',
    '?x=1',
    '#t',
    'a.html',
    '',
    '..',
    '%7e',
  ),
);
const typedPath = fc.oneof(
  fc.array(segment, { maxLength: 4 }).map((parts) => parts.join('/')),
  fc.array(segment, { maxLength: 4 }).map((parts) => `/${parts.join('/')}`),
  fc.array(segment, { maxLength: 3 }).map((parts) => `https://www.example.com/${parts.join('/')}`),
  fc.string().map((tag) => `#${tag}`),
);
const typedPaths = fc.array(typedPath, { maxLength: 6 });

test('Given a sign whose decomposition would begin with an unsafe character, when it is sent, then it stays whole', () => {
  expect(pathsOf('/≮/ќ.html')).toEqual(['/%E2%89%AE/%D1%9C.html', '/%E2%89%AE/%D0%BA%CC%81.html']);
  expect(pathsOf(...pathsOf('≮/ќ'))).toEqual(pathsOf('≮/ќ'));
});

describe('for all inputs', () => {
  const holds = (check: (typed: readonly string[]) => void) =>
    fc.assert(fc.property(typedPaths, check), { numRuns: 1_000 });

  test('normalising twice is normalising once', () => {
    holds((typed) => {
      const once = pathsOf(...typed);
      expect(pathsOf(...once)).toEqual(once);
    });
  });

  test('a path begins with its slash, is ASCII without unsafe characters, and not too long', () => {
    holds((typed) => {
      for (const path of pathsOf(...typed)) {
        expect(path).toMatch(/^(?:\/[!$&-;=?-Z_a-z*%]*|#[!-+\--~]{1,256})$/);
        expect(path.length).toBeLessThanOrEqual(4_000);
        if (path.startsWith('/')) expect(path).not.toMatch(/%(?![0-9a-fA-F]{2})/);
      }
    });
  });

  test('no path comes twice, and nothing typed vanishes without a path or a finding', () => {
    holds((typed) => {
      const paths = pathsOf(...typed);
      expect(new Set(paths).size).toBe(paths.length);
      for (const one of typed) {
        const { paths: alone, findings } = normalisePaths([one], WWW);
        expect(alone.length + findings.length).toBeGreaterThan(0);
      }
    });
  });
});
