import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { EntranceError, manifestFor, readManifest } from '../../../infra/slack/manifest.ts';
import ManifestPlugin from '../../../infra/slack/manifest-plugin.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const ENTRANCE = 'https://abc123.lambda-url.ap-northeast-1.on.aws/';

describe('the manifest', () => {
  test('Given an entrance, then both commands and the buttons go there, and what is printed can be pasted', async () => {
    const text = await readManifest(ENTRANCE, 'usher-prod');
    expect(text).not.toContain('#  ');
    expect(text).not.toContain('ENTRANCE_URL');
    const { features, settings, oauth_config } = parse(text);
    expect(features.slash_commands.map(({ command, url }: { command: string; url: string }) => [command, url])).toEqual(
      [
        ['/usher', ENTRANCE],
        ['/invalidate', ENTRANCE],
      ],
    );
    expect(settings.interactivity).toEqual({ is_enabled: true, request_url: ENTRANCE });
    expect(oauth_config.scopes).toEqual({ bot: ['incoming-webhook', 'commands', 'chat:write'] });
  });

  // Limits of Slack's manifest reference.
  test('Given Slack’s limits, then it keeps them', async () => {
    const { display_information, features } = parse(await readManifest(ENTRANCE, 'usher-prod'));
    expect(display_information.name.length).toBeLessThanOrEqual(35);
    expect(display_information.description.length).toBeLessThanOrEqual(140);
    expect(display_information.background_color).toMatch(/^#[0-9a-f]{6}$/);
    expect(features.bot_user.display_name).toMatch(/^[a-z0-9._-]{1,80}$/);
    for (const { command, usage_hint } of features.slash_commands) {
      expect(command.length).toBeLessThanOrEqual(32);
      expect(usage_hint.length).toBeLessThanOrEqual(1000);
    }
  });

  test('Given an entrance with characters that a replacement would take for its own, then it is put in as it is', () => {
    expect(manifestFor('url: ENTRANCE_URL\n', "https://x/$&$'")).toBe("url: https://x/$&$'\n");
  });

  test.each([
    [undefined, 'The stack usher-prod has no output EntranceUrl: deploy this version of Usher first.'],
    ['nothing', 'The output EntranceUrl of usher-prod is no URL: nothing'],
    ['https://x/\nfoo: bar', 'is no URL'],
  ])('Given %j as the entrance, then it is said in one line', async (entrance, why) => {
    await expect(readManifest(entrance, 'usher-prod')).rejects.toThrow(EntranceError);
    await expect(readManifest(entrance, 'usher-prod')).rejects.toThrow(why);
  });

  test('serverless.yml has the plugin, and npm the command', () => {
    expect(parse(readFileSync(join(ROOT, 'serverless.yml'), 'utf8'), { logLevel: 'silent' }).plugins).toContain(
      './infra/slack/manifest-plugin.ts',
    );
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    expect(scripts['slack:manifest']).toBe('osls slack-manifest');
    expect(scripts['slack:connect']).toBe('node infra/slack/connect.ts');
  });
});

describe('the plugin', () => {
  /** CloudFormation as its API reference answers DescribeStacks; `undefined` refuses. */
  const withOutputs = async (outputs: string | undefined) => {
    const said: string[] = [];
    const server = createServer((_, response) => {
      response.writeHead(outputs === undefined ? 400 : 200, { 'Content-Type': 'text/xml' });
      response.end(
        outputs === undefined
          ? '<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code><Message>Stack with id usher-dev does not exist</Message></Error></ErrorResponse>'
          : `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult><Stacks><member><StackName>usher-dev</StackName><CreationTime>2026-11-22T05:00:00Z</CreationTime><StackStatus>UPDATE_COMPLETE</StackStatus><Outputs>${outputs}</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`,
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const plugin = new ManifestPlugin(
      {
        getProvider: () => ({
          naming: { getStackName: () => 'usher-dev' },
          getAwsSdkV3Config: async () => ({
            endpoint,
            region: 'ap-northeast-1',
            credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
          }),
        }),
      },
      {},
      {
        log: { notice: (text) => said.push(`notice: ${text}`), warning: (text) => said.push(`warning: ${text}`) },
        writeText: (text) => said.push(text),
      },
    );
    const stop = () => new Promise((resolve) => server.close(resolve));
    return { hooks: plugin.hooks, said, stop };
  };

  const member = `<member><OutputKey>EntranceUrl</OutputKey><OutputValue>${ENTRANCE}</OutputValue></member>`;

  test('Given a deployed entrance, when the command or a deployment is done, then the manifest is printed with it', async () => {
    const { hooks, said, stop } = await withOutputs(member);
    await hooks['slack-manifest:print']?.();
    await hooks['after:deploy:deploy']?.();
    await stop();
    expect(said).toHaveLength(3);
    expect(parse(said[0] ?? '').settings.interactivity.request_url).toBe(ENTRANCE);
    expect(said[2]).toBe(said[0]);
  });

  test.each([
    ['no entrance', '', 'warning: The stack usher-dev has no output EntranceUrl: deploy this version of Usher first.'],
    ['no stack', undefined, 'warning: The manifest could not be printed: Stack with id usher-dev does not exist'],
  ])('Given %s, then the command fails with that, and a deployment only says it', async (_, outputs, line) => {
    const { hooks, said, stop } = await withOutputs(outputs);
    await expect(hooks['slack-manifest:print']?.()).rejects.toThrow();
    await hooks['after:deploy:deploy']?.();
    await stop();
    expect(said.at(-1)).toBe(line);
  });
});
