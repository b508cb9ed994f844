import { describe, expect, test } from '@jest/globals';
import { parseArguments } from '../../cli/arguments.ts';
import { COMMANDS, helpText } from '../../cli/help.ts';
import { UsageError } from '../../cli/usage-error.ts';

const common = { stage: 'prod', region: undefined, profile: undefined, json: false, verbose: false };

describe('A command line', () => {
  test.each<readonly [line: string, understood: object]>([
    ['plan', { command: 'plan', ...common, parameters: {} }],
    [
      'plan --stage dev --region eu-west-1 --profile work --json --verbose',
      {
        command: 'plan',
        stage: 'dev',
        region: 'eu-west-1',
        profile: 'work',
        json: true,
        verbose: true,
        parameters: {},
      },
    ],
    [
      'plan --param vpcIds=vpc-1,vpc-2 --param managedByTags=a=b',
      { command: 'plan', ...common, parameters: { vpcIds: 'vpc-1,vpc-2', managedByTags: 'a=b' } },
    ],
    ['apply -y', { command: 'apply', ...common, yes: true }],
    ['--region eu-west-1 apply', { command: 'apply', ...common, region: 'eu-west-1', yes: false }],
    ['pause release of the shop', { command: 'pause', ...common, words: ['release', 'of', 'the', 'shop'] }],
    ['undo', { command: 'undo', ...common, words: [] }],
    ['drain web-3', { command: 'drain', ...common, words: ['web-3'] }],
    ['', { command: 'help', about: undefined }],
    ['help plan', { command: 'help', about: 'plan' }],
    ['plan -h', { command: 'help', about: 'plan' }],
    ['--version', { command: 'version' }],
  ])('usher %s', (line, understood) => {
    expect(parseArguments(line.split(' ').filter((word) => word !== ''))).toEqual(understood);
  });

  test('Given a stage in the environment, then it stands where the line names none', () => {
    expect(parseArguments(['plan'], 'staging')).toMatchObject({ stage: 'staging' });
    expect(parseArguments(['plan', '--stage', 'dev'], 'staging')).toMatchObject({ stage: 'dev' });
  });

  test.each([
    'plam',
    'plan --yes',
    'apply --param vpcIds=vpc-1',
    'plan web-1',
    'sweep now',
    'plan --param vpcIds',
    'plan --colour',
    'plan --stage ../etc',
    'plan --region tokyo',
    'plan --region',
    'help me',
  ])('usher %s is refused in one line that says what to do next', (line) => {
    let said = '';
    try {
      parseArguments(line.split(' '));
    } catch (error) {
      expect(error).toBeInstanceOf(UsageError);
      said = error instanceof Error ? error.message : '';
    }
    expect(said).toMatch(/Next: /);
    expect(said).not.toContain('\n');
  });
});

describe('Help', () => {
  test.each(Object.entries(COMMANDS))('of %s has an example of it, its options and its exit codes', (name, command) => {
    const shown = helpText(name as keyof typeof COMMANDS);
    expect(command.examples.length).toBeGreaterThan(0);
    for (const [example] of command.examples) expect(example).toMatch(new RegExp(`^usher ${name}\\b`));
    expect(shown).toContain('--profile');
    expect(shown).toContain('Exit code: ');
    expect(Math.max(...shown.split('\n').map((line) => line.length))).toBeLessThanOrEqual(124);
  });

  test('names every command', () => {
    for (const name of Object.keys(COMMANDS)) expect(helpText(undefined)).toContain(`  ${name} `);
  });

  test.each(Object.values(COMMANDS).flatMap(({ examples }) => examples.map(([example]) => example)))(
    'its example “%s” is understood',
    (example) => {
      const [, ...argv] = (example.split(' | ')[0] ?? '').split(' ');
      expect(() => parseArguments(argv)).not.toThrow();
    },
  );
});
