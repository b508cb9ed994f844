import { describe, expect, test } from '@jest/globals';
import { apply } from '../../../cli/commands/apply.ts';
import { plan } from '../../../cli/commands/plan.ts';
import type { Standing } from '../../../cli/standing.ts';
import type { Terminal } from '../../../cli/terminal.ts';
import { UsageError } from '../../../cli/usage-error.ts';
import { aFleet } from '../../stories/mend-fleet/fleets.ts';
import { fleet } from '../../stories/sweep/sweeping.ts';
import { anInstance, aStage, targetGroupArn } from '../../support/world/builders.ts';

const WEB = targetGroupArn('web');
const NOW = new Date('2026-11-22T04:50:00.000Z');

const standing = (isDeployed = true): Standing => ({
  caller: { account: '123456789012', arn: 'arn:aws:iam::123456789012:user/tanaka' },
  stage: aStage(),
  settings: {},
  isDeployed,
});

/** Somebody at a terminal, who answers so; nobody, without an answer. */
const somebody = (answer?: string) => {
  const said: string[] = [];
  const noted: string[] = [];
  const asked: string[] = [];
  const terminal: Terminal = {
    say: (line) => said.push(line),
    note: (line) => noted.push(line),
    progress: () => {},
    isColoured: false,
    canAsk: answer !== undefined,
    ask: async (question) => {
      asked.push(question);
      return answer ?? '';
    },
  };
  return { terminal, said, noted, asked };
};

const options = (of: ReturnType<typeof aFleet>, more: { readonly yes?: boolean; readonly json?: boolean } = {}) => ({
  json: false,
  yes: false,
  planPorts: of.planPorts,
  applyPorts: of.applyPorts,
  ...more,
});

describe('usher apply', () => {
  test('Given a yes, then the plan was shown, its changes are done and told one by one', async () => {
    const of = aFleet({ instances: fleet(1, NOW) });
    const { terminal, said, asked } = somebody('y');
    expect(await apply(standing(), terminal, options(of))).toBe(0);
    expect(asked).toEqual(['1 target to register, 1 rule to add. Do it? [y/N] ']);
    expect(said.join('\n')).toContain('+ register web-1 (i-00000001) on port 80');
    expect(said.filter((line) => line.startsWith('done: '))).toHaveLength(2);
    expect(said.at(-1)).toBe('2 changes made, 0 refused, 0 not made. Slack hears of it.');
    expect(of.world.targetsIn(WEB)).toHaveLength(1);
  });

  test('Given a clock an hour ahead, to which every lease of others has lapsed, then nothing is looked at or changed', async () => {
    const of = aFleet({ instances: fleet(1, NOW) });
    const { caller, ...where } = standing();
    const applying = apply(
      { ...where, caller: { ...caller, clockAheadSeconds: 3600 } },
      somebody('y').terminal,
      options(of),
    );
    await expect(applying).rejects.toThrow(UsageError);
    expect(of.world.calls).toEqual([]);
  });

  test.each(['', 'n', 'no', 'maybe'])('Given the answer “%s”, then nothing is changed', async (answer) => {
    const of = aFleet({ instances: fleet(1, NOW) });
    const { terminal, noted } = somebody(answer);
    expect(await apply(standing(), terminal, options(of))).toBe(2);
    expect(noted).toEqual(['Nothing was changed.']);
    expect([of.world.writes(), of.writes]).toEqual([[], []]);
  });

  test('Given nothing to do, then nobody is asked', async () => {
    const of = aFleet();
    const { terminal, asked, said } = somebody('y');
    expect(await apply(standing(), terminal, options(of))).toBe(0);
    expect([asked, said.at(-1)]).toEqual([[], 'Nothing to do.']);
  });

  test('Given nobody to ask, or no stage, then it is refused before anything is looked at', async () => {
    const of = aFleet({ instances: fleet(1, NOW) });
    const { terminal } = somebody();
    await expect(apply(standing(), terminal, options(of))).rejects.toThrow(UsageError);
    await expect(apply(standing(false), terminal, options(of, { yes: true }))).rejects.toThrow('npm run deploy');
    await expect(apply(standing(), somebody('y').terminal, options(of, { json: true }))).rejects.toThrow(UsageError);
    expect(of.world.calls).toEqual([]);
  });

  test('Given everything is paused, then it is refused, with the way on', async () => {
    const of = aFleet({ instances: fleet(1, NOW) });
    await of.state.pauses.begin({ since: NOW, byUserId: 'U1' });
    const { terminal, noted, asked } = somebody('y');
    expect(await apply(standing(), terminal, options(of))).toBe(1);
    expect(noted).toEqual(['Everything is paused, and nothing was changed. Next: usher resume']);
    expect([asked, of.world.writes()]).toEqual([[], []]);
  });

  test('Given AWS refuses one, then that is told with its code, and it is not all done', async () => {
    const of = aFleet({ instances: fleet(2, NOW) });
    of.world.balancing.quotas.targetsPerGroup = 1;
    const { terminal, said } = somebody('yes');
    expect(await apply(standing(), terminal, options(of))).toBe(2);
    expect(said.find((line) => line.startsWith('refused: register'))).toContain('AWS: ');
    expect(said.at(-1)).toBe('2 changes made, 1 refused, 0 not made. Slack hears of it.');
  });

  test('Given an instance that goes while its plan is read, then it is named as not done', async () => {
    const of = aFleet({ instances: fleet(2, NOW) });
    const { terminal, said } = somebody('y');
    const gone: Terminal = {
      ...terminal,
      ask: async () => {
        of.world.putInstances(anInstance({ instanceId: 'i-00000002', state: 'terminated' }));
        return 'y';
      },
    };
    expect(await apply(standing(), gone, options(of))).toBe(2);
    expect(said.some((line) => line.startsWith('not done: register web-2'))).toBe(true);
  });

  test('Given JSON and a yes, then plan and outcomes are one document', async () => {
    const of = aFleet({ instances: fleet(1, NOW) });
    const { terminal, said } = somebody();
    expect(await apply(standing(), terminal, options(of, { json: true, yes: true }))).toBe(0);
    expect(JSON.parse(said.join('\n'))).toMatchObject({
      usher: 1,
      changes: [{ kind: 'authorize-rule' }, { kind: 'register-target' }],
      outcomes: [
        { change: { kind: 'authorize-rule' }, status: 'applied', failure: null },
        { change: { kind: 'register-target' }, status: 'applied', failure: null },
      ],
      notMade: [],
    });
  });
});

describe('usher plan', () => {
  test('Given drift, then it exits with 2, and with 0 once there is none', async () => {
    const of = aFleet({ instances: fleet(1, NOW) });
    const { terminal } = somebody();
    const asked = { json: true, planPorts: of.planPorts };
    expect(await plan(standing(), terminal, asked)).toBe(2);
    await of.apply(await of.plan());
    expect(await plan(standing(), terminal, asked)).toBe(0);
  });
});
