import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

const ROOT = join(import.meta.dirname, '../..');

/** [the importing file, what it imports] */
type Import = readonly [file: string, specifier: string];

const FORBIDDEN: readonly Import[] = [
  ['domain/package.ts', 'zod'],
  ['domain/node-module.ts', 'node:fs'],
  ['domain/room.ts', '../aws/instances.ts'],
  ['domain/network/room.ts', '../../events/instance.ts'],
  ['events/package.ts', '@aws-sdk/client-ec2'],
  ['events/whole-zod.ts', 'zod'],
  ['events/node-module.ts', 'node:fs'],
  ['events/room.ts', '../aws/instances.ts'],
  ['aws/package.ts', 'zod'],
  ['aws/room.ts', '../slack/render.ts'],
  ['aws/story.ts', '../stories/seat.ts'],
  ['domain/internet.ts', '../internet/dns/port.ts'],
  ['aws/internet.ts', '../internet/dns/port.ts'],
  ['internet/package.ts', '@aws-sdk/client-acm'],
  ['internet/room.ts', '../aws/acm/port.ts'],
  ['internet/story.ts', '../stories/seat.ts'],
  ['slack/package.ts', '@aws-sdk/client-sqs'],
  ['slack/node-module.ts', 'node:fs'],
  ['slack/room.ts', '../events/instance.ts'],
  ['stories/package.ts', '@aws-sdk/client-ec2'],
  ['stories/room.ts', '../slack/render.ts'],
  ['stories/function.ts', '../functions/sweep/handler.ts'],
  ['functions/sweep/neighbour.ts', '../watch-targets/story.ts'],
  ['functions/sweep/neighbour-by-detour.ts', '../../functions/watch-targets/story.ts'],
  ['functions/sweep/inner/neighbour.ts', '../../watch-targets/story.ts'],
  ['functions/sweep/test.ts', '../../test/support/world.ts'],
  ['local/test.ts', '../test/support/world.ts'],
  ['local/proxy/domain.ts', '../../domain/selector.ts'],
  ['local/proxy/aws.ts', '../../aws/instances.ts'],
  ['local/proxy/stories.ts', '../../stories/seat.ts'],
  ['local/proxy/slack.ts', '../../slack/render.ts'],
  ['local/proxy/events.ts', '../../events/instance.ts'],
  ['local/proxy/functions.ts', '../../functions/sweep/handler.ts'],
  ['cli/test.ts', '../test/support/world.ts'],
  ['cli/handler-of.ts', '../functions/sweep/handler.ts'],
  ['cli/local.ts', '../local/stage.ts'],
  ['stories/terminal.ts', '../cli/run.ts'],
  ['slack/terminal.ts', '../cli/words.ts'],
  ['bench/test.ts', '../test/support/world.ts'],
  ['infra/test.ts', '../test/support/world.ts'],
];

const ALLOWED: readonly Import[] = [
  ['domain/good.ts', './selector.ts'],
  ['domain/network/good.ts', '../selector.ts'],
  ['events/good.ts', 'zod/mini'],
  ['events/good-domain.ts', '../domain/instance.ts'],
  ['aws/good.ts', '@aws-sdk/client-ec2'],
  ['aws/good-smithy.ts', '@smithy/types'],
  ['aws/good-node.ts', 'node:crypto'],
  ['aws/good-domain.ts', '../domain/instance.ts'],
  ['internet/good.ts', 'dns-packet'],
  ['internet/good-node.ts', 'node:tls'],
  ['internet/dns/good-own.ts', '../names.ts'],
  ['internet/good-domain.ts', '../domain/expiry/served.ts'],
  ['slack/good.ts', '@slack/webhook'],
  ['slack/good-crypto.ts', 'node:crypto'],
  ['slack/good-domain.ts', '../domain/report.ts'],
  ['stories/good.ts', '../domain/instance.ts'],
  ['stories/good-port.ts', '../aws/instances.ts'],
  ['stories/good-event.ts', '../events/instance.ts'],
  ['functions/sweep/good.ts', '../../stories/seat.ts'],
  ['functions/sweep/good-package.ts', '@middy/core'],
  ['functions/sweep/good-own.ts', './story.ts'],
  ['functions/sweep/inner/good-own.ts', '../story.ts'],
  ['functions/sweep/inner/good-domain.ts', '../../../domain/instance.ts'],
  ['local/good.ts', '../domain/instance.ts'],
  ['local/proxy/good.ts', '../ports.ts'],
  ['local/proxy/good-node.ts', 'node:http'],
  ['cli/good.ts', '../stories/seat.ts'],
  ['cli/good-words.ts', '../slack/phrase.ts'],
  ['cli/good-node.ts', 'node:util'],
  ['test/domain/good.ts', '../support/world.ts'],
];

const CYCLE: readonly Import[] = [
  ['domain/egg.ts', './hen.ts'],
  ['domain/hen.ts', './egg.ts'],
];

interface LintReport {
  readonly diagnostics: readonly { readonly category: string; readonly location: { readonly path: string } }[];
}

/** Writes the files into an empty copy of the project and returns `[file, rule]` for everything Biome complains of. */
const lint = (folder: string, files: readonly Import[]): readonly string[] => {
  for (const [file, specifier] of files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), `export { default } from '${specifier}';\n`);
  }
  const { scripts }: { scripts: Record<string, string> } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const [, ...checkImports] = (scripts['check:imports'] ?? '').split(' ');
  const biome = join(ROOT, 'node_modules/.bin/biome');
  const { stdout } = spawnSync(biome, [...checkImports, '--reporter=json', '--max-diagnostics=none'], {
    cwd: folder,
    encoding: 'utf8',
  });
  const report: LintReport = JSON.parse(stdout);
  return report.diagnostics.map(({ category, location }) => `${location.path} ${category}`);
};

describe('the import rules of npm run check:imports', () => {
  let folder = '';
  let complaints: readonly string[] = [];

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'usher-import-rules-'));
    copyFileSync(join(ROOT, 'biome.json'), join(folder, 'biome.json'));
    copyFileSync(join(ROOT, '.gitignore'), join(folder, '.gitignore'));
    complaints = lint(folder, [...FORBIDDEN, ...ALLOWED, ...CYCLE]);
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each(FORBIDDEN)('%s may not import %s', (file) => {
    expect(complaints).toContain(`${file} lint/style/noRestrictedImports`);
  });

  test.each(ALLOWED)('%s may import %s', (file) => {
    expect(complaints.filter((complaint) => complaint.startsWith(`${file} `))).toEqual([]);
  });

  test('files may not import each other in a circle', () => {
    expect(complaints).toContain('domain/egg.ts lint/suspicious/noImportCycles');
    expect(complaints).toContain('domain/hen.ts lint/suspicious/noImportCycles');
  });
});

/** Folders, relative to the project, that hold our own files. */
const foldersUnder = (folder: string): readonly string[] =>
  readdirSync(join(ROOT, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .filter((entry) => !['node_modules', 'coverage', '__pycache__'].includes(entry.name))
    .map((entry) => join(folder, entry.name))
    .flatMap((path) => [path, ...foldersUnder(path)]);

const sourcesOf = (room: string): readonly string[] =>
  foldersUnder('.')
    .filter((path) => path === room || path.startsWith(`${room}/`))
    .flatMap((path) => readdirSync(join(ROOT, path)).map((name) => join(path, name)))
    .filter((path) => path.endsWith('.ts'));

test('no folder is a drawer for odds and ends', () => {
  const drawers = foldersUnder('.').filter((path) => /(^|\/)(lib|common|utils|helpers)$/.test(path));
  expect(drawers).toEqual([]);
});

test('every room of the house is known to the import rules', () => {
  const config = readFileSync(join(ROOT, 'biome.json'), 'utf8');
  const rooms = foldersUnder('.').filter((path) => !path.includes('/'));
  expect(rooms.filter((room) => !config.includes(`"**/${room}/**"`))).toEqual([]);
});

test('a story takes only ports and the errors of failed calls from aws/ and internet/, so that it runs without the SDK and the network', () => {
  const values = sourcesOf('stories').flatMap((file) =>
    [...readFileSync(join(ROOT, file), 'utf8').matchAll(/^(import|export)\s[^;]*?from\s+'[^']*'/gm)]
      .map(([statement]) => statement)
      .filter(
        (statement) =>
          /from\s+'(\.\.\/)+(aws|internet)\//.test(statement) && !/\/(aws-call-error|port)\.ts'/.test(statement),
      )
      .filter((statement) => !/^(import|export) type\s/.test(statement))
      .map((statement) => `${file}: ${statement}`),
  );
  expect(values).toEqual([]);
});
