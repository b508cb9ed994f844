import { expect, test } from '@jest/globals';
import { MalformedEventError } from '../../events/malformed-event-error.ts';
import { parseWatchTick, serializeWatchTick } from '../../events/watch-tick.ts';

const GROUP_ARN = 'arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/web-prod/73e2d6bc24d8a067';
const WIRE = { usher: 1, kind: 'watch-tick', targetGroupArn: GROUP_ARN, tick: 0 };

test('Given a tick, when it is sent and read again, then it says what it said', () => {
  const tick = { kind: 'watch-tick', targetGroupArn: GROUP_ARN, tick: 0 } as const;
  expect(JSON.parse(serializeWatchTick(tick))).toStrictEqual(WIRE);
  expect(parseWatchTick(JSON.stringify(WIRE))).toStrictEqual(tick);
});

test('Given a tick of a Classic balancer’s watch, when it is sent and read again, then it says what it said', () => {
  const targetGroupArn = 'arn:aws-cn:elasticloadbalancing:cn-north-1:123456789012:loadbalancer/old-web';
  const tick = { kind: 'watch-tick', targetGroupArn, tick: 3 } as const;
  expect(parseWatchTick(serializeWatchTick(tick))).toStrictEqual(tick);
});

test.each([
  [{ usher: undefined }, 'usher: expected version 1 of the message'],
  [{ kind: 'look-again' }, 'kind: expected watch-tick'],
  [{ targetGroupArn: 'web-prod' }, 'targetGroupArn: expected the ARN of a target group'],
  [{ targetGroupArn: `${GROUP_ARN}\n` }, 'targetGroupArn: expected the ARN of a target group'],
  [
    { targetGroupArn: GROUP_ARN.replace('elasticloadbalancing', 'vpc-lattice') },
    'targetGroupArn: expected the ARN of a target group',
  ],
  [
    {
      targetGroupArn: 'arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:loadbalancer/app/web/73e2d6bc24d8a067',
    },
    'targetGroupArn: expected the ARN of a target group',
  ],
  [{ targetGroupArn: 7 }, 'targetGroupArn: expected the ARN of a target group'],
  [{ tick: -1 }, 'tick: expected 0 or more'],
  [{ tick: '0' }, 'tick: expected a whole number'],
])('Given a tick with %j, when it is read, then it is malformed and says where', (wrong, message) => {
  const body = JSON.stringify({ ...WIRE, ...wrong });
  expect(() => parseWatchTick(body)).toThrow(MalformedEventError);
  expect(() => parseWatchTick(body)).toThrow(message);
});

test('Given a tick that is not JSON, when it is read, then it is malformed', () => {
  expect(() => parseWatchTick('tick')).toThrow('event: expected JSON');
});
