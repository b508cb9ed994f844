import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import type { StageFinder } from '../../aws/deployed-stage/port.ts';
import { findStanding, nameOf, PARAMETERS, requireClock } from '../../cli/standing.ts';
import { UsageError } from '../../cli/usage-error.ts';
import { stageFrom } from '../../domain/stage.ts';

const caller = { account: '123456789012', arn: 'arn:aws:iam::123456789012:user/tanaka' };
const finding = (
  deployed: Readonly<Record<string, string>> | undefined,
): StageFinder & { readonly asked: string[] } => {
  const asked: string[] = [];
  return {
    asked,
    whoCalls: async () => caller,
    readSettings: async (name) => {
      asked.push(name);
      return deployed;
    },
  };
};
const sought = { stage: 'prod', region: 'eu-west-1', functionName: 'sweep' } as const;

describe('Where a command works', () => {
  test('Given a deployed stage, then its settings are those of its function, and the Region is where it was asked', async () => {
    const finder = finding({ USHER_STAGE: 'prod', USHER_TABLE: 'table-1', USHER_MAXIMUM_POLICY: 'ask' });
    const standing = await findStanding(finder, sought);
    expect(finder.asked).toEqual(['usher-prod-sweep']);
    expect(standing).toMatchObject({
      isDeployed: true,
      stage: { name: 'prod', account: '123456789012', region: 'eu-west-1', maximumPolicy: 'ask' },
      settings: { USHER_TABLE: 'table-1' },
    });
  });

  test('Given parameters, then they stand in place of what is deployed', async () => {
    const finder = finding({ USHER_STAGE: 'prod', USHER_TABLE: 'table-1', USHER_MAXIMUM_POLICY: 'ask' });
    const parameters = { maximumPolicy: 'report-only', vpcIds: 'vpc-1' };
    const { stage } = await findStanding(finder, { ...sought, parameters });
    expect(stage).toMatchObject({ maximumPolicy: 'report-only', vpcIds: ['vpc-1'] });
  });

  test('Given a parameter that there is not, then it is refused before anybody is asked', async () => {
    const finder = finding({});
    await expect(findStanding(finder, { ...sought, parameters: { colour: 'red' } })).rejects.toThrow(UsageError);
    expect(finder.asked).toEqual([]);
  });

  test('Given no stage, then its settings are what serverless.yml has when nothing is said', async () => {
    const { params }: { params: { default: Record<string, string | number> } } = parse(
      readFileSync(join(import.meta.dirname, '../../serverless.yml'), 'utf8'),
      { logLevel: 'silent' },
    );
    const asDeployed = Object.fromEntries(
      Object.entries(PARAMETERS).map(([name, setting]) => [setting, String(params.default[name])]),
    );
    const { stage, isDeployed } = await findStanding(finding(undefined), sought);
    expect(isDeployed).toBe(false);
    expect(stage).toEqual(
      stageFrom({ ...asDeployed, USHER_STAGE: 'prod', USHER_ACCOUNT: '123456789012', AWS_REGION: 'eu-west-1' }),
    );
  });

  test.each([
    ['arn:aws:iam::123456789012:user/staff/tanaka', 'tanaka (terminal)'],
    [
      'arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_Admin_0a1/tanaka@example.com',
      'tanaka@example.com (terminal)',
    ],
    ['arn:aws:iam::123456789012:root', 'root (terminal)'],
  ])('%s is called %s', (arn, name) => {
    expect(nameOf({ ...caller, arn })).toBe(name);
  });
});

test.each([
  [undefined, undefined],
  [20, undefined],
  [-20, undefined],
  [21, 'This machine’s clock is 21 s ahead of AWS’s, and nothing is changed by a wrong one. Next: set the clock'],
  [-3600, 'This machine’s clock is 3600 s behind AWS’s, and nothing is changed by a wrong one. Next: set the clock'],
] as const)('Given a clock that is %s s ahead, then it says %s', async (clockAheadSeconds, says) => {
  const off = { ...caller, ...(clockAheadSeconds === undefined ? {} : { clockAheadSeconds }) };
  const standing = await findStanding({ ...finding({}), whoCalls: async () => off }, sought);
  if (says === undefined) expect(() => requireClock(standing)).not.toThrow();
  else expect(() => requireClock(standing)).toThrow(new UsageError(says));
});
