import { describe, expect, test } from '@jest/globals';
import type { Command } from '../../../domain/command.ts';
import { parseCommand } from '../../../slack/commands/grammar.ts';

const invalidate = (where: string, ...paths: readonly string[]): Command => ({ verb: 'invalidate', where, paths });

describe('Given what people type behind /invalidate, when it is read, then it is this place and these paths', () => {
  test.each<readonly [string, string, readonly string[]]>([
    // Said by a URL
    ['https://www.example.com/blog/*', 'www.example.com', ['/blog/*']],
    ['http://www.example.com/', 'www.example.com', ['/']],
    ['https://www.example.com', 'www.example.com', ['/']],
    ['HTTPS://WWW.Example.COM/Blog/A.html', 'www.example.com', ['/Blog/A.html']],
    ['https://www.example.com/a https://www.example.com/b', 'www.example.com', ['/a', '/b']],
    ['https://www.example.com /a "/b c"', 'www.example.com', ['/a', '/b c']],
    ['https://www.example.com/a /b', 'www.example.com', ['/a', '/b']],
    ['https://www.example.com/a https://www.example.com', 'www.example.com', ['/a', '/']],
    ['https://www.example.com/a?b=1&c=2', 'www.example.com', ['/a?b=1&c=2']],
    ['https://www.example.com?b=1', 'www.example.com', ['/?b=1']],
    ['https://www.example.com/a#part', 'www.example.com', ['/a']],
    ['https://www.example.com:8443/a', 'www.example.com', ['/a']],
    ['https://www.example.com@evil.example/a', 'evil.example', ['/a']],
    ['https://例え.jp/ブログ/*', 'xn--r8jz45g.jp', ['/ブログ/*']],
    ['https://www.example.com/%E3%81%82/100%', 'www.example.com', ['/%E3%81%82/100%']],
    // As a link of Slack's
    ['<https://www.example.com/blog/*>', 'www.example.com', ['/blog/*']],
    ['<https://www.example.com/blog/>*', 'www.example.com', ['/blog/*']],
    ['<https://www.example.com/blog/|www.example.com/blog/>*', 'www.example.com', ['/blog/*']],
    ['<http://www.example.com|www.example.com> /blog/*', 'www.example.com', ['/blog/*']],
    ['<https://www.example.com/a?b=1&amp;c=2|www.example.com/a?b=1&amp;c=2>', 'www.example.com', ['/a?b=1&c=2']],
    ['<https://www.example.com/a|https://evil.example/b>', 'www.example.com', ['/a']],
    ['"<https://www.example.com/a>"', 'www.example.com', ['/a']],
    // Said by an alias
    ['www.example.com/blog/*', 'www.example.com', ['/blog/*']],
    ['www.example.com /blog/* logo.png', 'www.example.com', ['/blog/*', 'logo.png']],
    ['www.example.com/a www.example.com/b', 'www.example.com', ['/a', '/b']],
    ['*.example.com /a', '*.example.com', ['/a']],
    ['d111111abcdef8.cloudfront.net /*', 'd111111abcdef8.cloudfront.net', ['/*']],
    // Said by an id or a name
    ['E123 /img/logo.png "#product:42"', 'E123', ['/img/logo.png', '#product:42']],
    ['E123 /img/logo.png #product:42', 'E123', ['/img/logo.png', '#product:42']],
    ['E123 img/logo.png', 'E123', ['img/logo.png']],
    ['E123 static.files/logo.png', 'E123', ['static.files/logo.png']],
    ['E123 *', 'E123', ['*']],
    ['E123 https://www.example.com/a', 'E123', ['/a']],
    ['web-prod /a', 'web-prod', ['/a']],
    ['Ｅ１２３ /a', 'E123', ['/a']],
    // Quotes
    ['E123 “/a b” ‘/c d’', 'E123', ['/a b', '/c d']],
    ['E123 “/a b"', 'E123', ['/a b']],
    ['E123 「/a b」『/c』', 'E123', ['/a b', '/c']],
    ['E123 `/a`', 'E123', ['/a']],
    ["E123 /it's /it’s", 'E123', ["/it's", '/it’s']],
    ['E123 /特集「夏」/', 'E123', ['/特集「夏」/']],
    ['E123 "" /a', 'E123', ['/a']],
    // The keyboard's improvements
    ['E123 ／blog／＊', 'E123', ['/blog/*']],
    ['https：／／www.example.com／blog／＊', 'www.example.com', ['/blog/*']],
    ['E123　／a　＃product：42', 'E123', ['/a', '#product:42']],
    ['E123 /a–b /c—d', 'E123', ['/a–b', '/c—d']],
    ['E123 images—old/a–b.jpg', 'E123', ['images—old/a–b.jpg']],
    ['xn—q9jyb4c.example.com/c—d', 'xn--q9jyb4c.example.com', ['/c—d']],
    ['https://www‑old.example.com/c—d', 'www-old.example.com', ['/c—d']],
    ['web–site /a', 'web-site', ['/a']],
    ['E123 /می\u200Cخواهم/', 'E123', ['/می\u200Cخواهم/']],
    ['E123 /👩🏽\u200D💻/❤️\u200D🔥', 'E123', ['/👩🏽\u200D💻/❤️\u200D🔥']],
    ['E123 /അവന്\u200D.html', 'E123', ['/അവന്\u200D.html']],
    ['E123 /a\u200Cb/\u200D/c\u200D', 'E123', ['/ab//c']],
    ['\u200BE123\uFEFF /a\u200D \u202E/b\u00A0/c', 'E123', ['/a', '/b', '/c']],
    // What Slack escapes, and what it makes of names
    ['E123 /a&amp;b /c&lt;d&gt;', 'E123', ['/a&b', '/c<d>']],
    ['E123 &amp;lt;', 'E123', ['&lt;']],
    ['E123 <#C0123|product> /a', 'E123', ['#product', '/a']],
    ['E123 <#C0123> <#C0123|>', 'E123', ['#C0123', '#C0123']],
    ['E123 /<@U0123|tanaka>/ /<!channel> /<!subteam^S1|@team>', 'E123', ['/@tanaka/', '/@channel', '/@team']],
    ['E123 <mailto:a@example.com|/a@example.com>', 'E123', ['/a@example.com']],
    // Left as typed: what a path is, is decided elsewhere
    ['E123 //a/../b /A /a?x=1', 'E123', ['//a/../b', '/A', '/a?x=1']],
    ['E123 /a\u0000b', 'E123', ['/a\u0000b']],
    ['E123\n/a\t/b', 'E123', ['/a', '/b']],
    ['E123 /なに？／10月～12月', 'E123', ['/なに？/10月～12月']],
  ])('%s', (text, where, paths) => {
    expect(parseCommand('/invalidate', text)).toEqual(invalidate(where, ...paths));
    expect(parseCommand('/usher', `invalidate ${text}`)).toEqual(invalidate(where, ...paths));
  });
});

describe('Given what does not say enough, when it is read, then it is answered with what is missing', () => {
  test.each([
    ['E123', 'NoPaths'],
    ['www.example.com', 'NoPaths'],
    ['E123 ""', 'NoPaths'],
    ['https://@', 'NoPaths'],
    ['https://', 'NoPaths'],
    ['/blog/*', 'NoDistribution'],
    ['#product:42 E123', 'NoDistribution'],
    ['＊', 'NoDistribution'],
    ['https://a.example.com/x https://b.example.com/y', 'SeveralDistributions'],
    ['a.example.com/x b.example.com/y', 'SeveralDistributions'],
    ['E123 https://a.example.com/x https://b.example.com/y', 'SeveralDistributions'],
    ['E123 "/a b', 'UnbalancedQuotes'],
    ['E123 「/a', 'UnbalancedQuotes'],
    [`E123 ${'/a '.repeat(14_000)}`, 'TooLong'],
  ] as const)('%.60s', (text, because) => {
    expect(parseCommand('/invalidate', text)).toMatchObject({ verb: 'not-understood', because });
  });

  test('Given a line without end, when it is refused, then 200 characters of it are kept, none of them halved', () => {
    const command = parseCommand('/usher', '😀'.repeat(30_000));
    expect(command).toEqual({ verb: 'not-understood', said: '😀'.repeat(100), because: 'TooLong' });
    expect(parseCommand('/usher', `x${'😀'.repeat(30_000)}`)).toMatchObject({
      said: expect.stringMatching(/😀\uFFFD$/u),
    });
  });

  test('Given a word that is no verb, then what was read is said back', () => {
    expect(parseCommand('/usher', 'explode “everything”')).toEqual({
      verb: 'not-understood',
      said: 'explode “everything”',
      because: 'UnknownVerb',
    });
  });
});

describe('Given a verb behind /usher, when it is read, then it is that verb', () => {
  test.each<readonly [string, Command]>([
    ['', { verb: 'help', about: undefined }],
    ['  \u3000 ', { verb: 'help', about: undefined }],
    ['help', { verb: 'help', about: undefined }],
    ['HELP', { verb: 'help', about: undefined }],
    ['？', { verb: 'help', about: undefined }],
    ['ヘルプ', { verb: 'help', about: undefined }],
    ['in\u200Cvalidate', { verb: 'help', about: 'invalidate' }],
    ['—help', { verb: 'help', about: undefined }],
    ['help invalidate', { verb: 'help', about: 'invalidate' }],
    ['help me', { verb: 'help', about: undefined }],
    ['help help', { verb: 'help', about: undefined }],
    ['invalidate', { verb: 'help', about: 'invalidate' }],
    ['invalidate help', { verb: 'help', about: 'invalidate' }],
    ['doctor', { verb: 'doctor', words: [] }],
    ['Status web-prod', { verb: 'status', words: ['web-prod'] }],
    ['ｓｔａｔｕｓ', { verb: 'status', words: [] }],
    ['certificates', { verb: 'certificates', words: [] }],
    ['sweep', { verb: 'sweep', words: [] }],
    ['pause “until Monday”', { verb: 'pause', words: ['until Monday'] }],
    ['resume', { verb: 'resume', words: [] }],
    ['drain i-0a1b2c3d4e5f67890', { verb: 'drain', words: ['i-0a1b2c3d4e5f67890'] }],
    ['keep sgr–0ab1', { verb: 'keep', words: ['sgr-0ab1'] }],
    ['undo', { verb: 'undo', words: [] }],
  ])('%s', (text, command) => {
    expect(parseCommand('/usher', text)).toEqual(command);
  });

  test('Given a command that another stage added to its name, then it is understood alike', () => {
    expect(parseCommand('/usher-dev', 'doctor')).toEqual({ verb: 'doctor', words: [] });
    expect(parseCommand('/invalidate-dev', 'E123 /a')).toEqual(invalidate('E123', '/a'));
  });

  test('Given /invalidate with nothing behind it, then its help is asked for', () => {
    expect(parseCommand('/invalidate', '')).toEqual({ verb: 'help', about: 'invalidate' });
    expect(parseCommand('/invalidate', 'help')).toEqual({ verb: 'help', about: 'invalidate' });
  });
});
