import { expect, test } from '@jest/globals';
import {
  refuseMalformedTargets,
  refuseTooMany,
  refuseUnfitAddresses,
  refuseUnfitInstances,
} from '../../../local/proxy/refuse-targets.ts';
import type { GroupRow } from '../../../local/proxy/world.ts';

const group: GroupRow = {
  arn: 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web/0123456789abcdef',
  type: 'instance',
  protocol: 'HTTP',
  port: 80,
  vpcId: 'vpc-1',
  healthProtocol: 'HTTP',
  healthPort: 'traffic-port',
  preservesClientAddresses: false,
  intervalSeconds: 30,
  healthyThreshold: 5,
  unhealthyThreshold: 2,
  balancerArns: [],
  attributes: {},
};
const RUNNING = 'i-0aaaaaaaaaaaaaaaa';
const STOPPED = 'i-0bbbbbbbbbbbbbbbb';
const ELSEWHERE = 'i-0cccccccccccccccc';
const known = [
  { id: RUNNING, vpcId: 'vpc-1', state: 'running' },
  { id: STOPPED, vpcId: 'vpc-1', state: 'stopped' },
  { id: ELSEWHERE, vpcId: 'vpc-2', state: 'running' },
];
const target = (id: string, port?: number, zone?: string) => ({ id, port, zone });

test('Given running instances of the VPC, when they are registered, then nothing is refused', () => {
  expect(() => refuseUnfitInstances(group, [target(RUNNING), target(RUNNING, 8080)], known)).not.toThrow();
});

test.each([
  [[RUNNING, STOPPED], `The following targets are not in a running state and cannot be registered: '${STOPPED}'`],
  [[ELSEWHERE, RUNNING], `The following targets are not in the target group VPC 'vpc-1': '${ELSEWHERE}'`],
  [
    [RUNNING, 'i-0dddddddddddddddd', 'i-0eeeeeeeeeeeeeeee'],
    `The following targets are not valid instances: 'i-0dddddddddddddddd', 'i-0eeeeeeeeeeeeeeee'`,
  ],
])(
  'Given %j, when they are registered together, then the whole call is refused and names the offenders',
  (ids, message) => {
    expect(() =>
      refuseUnfitInstances(
        group,
        ids.map((id) => target(id)),
        known,
      ),
    ).toThrow(expect.objectContaining({ code: 'InvalidTarget', message }));
  },
);

test('Given ids of the wrong kind, when they are registered, then they are not valid', () => {
  expect(() => refuseMalformedTargets(group, [target('10.0.1.1')])).toThrow("Instance ID '10.0.1.1' is not valid");
  expect(() => refuseMalformedTargets({ ...group, type: 'ip' }, [target(RUNNING)])).toThrow(
    `IP address '${RUNNING}' is not valid`,
  );
  expect(() => refuseMalformedTargets(group, [target(RUNNING, undefined, 'eu-west-1a')])).toThrow('Availability Zone');
});

test('Given a group of appliances, when a port other than 6081 is given, then it is refused', () => {
  const appliances = { ...group, protocol: 'GENEVE', port: 6081 };
  expect(() => refuseMalformedTargets(appliances, [target(RUNNING, 6081), target(RUNNING)])).not.toThrow();
  expect(() => refuseMalformedTargets(appliances, [target(RUNNING, 80)])).toThrow('6081');
});

test('Given addresses, when they are registered, then those of the VPC and, with zone all, private ones are accepted', () => {
  const refused = (id: string, zone?: string) => () => refuseUnfitAddresses([target(id, 80, zone)], ['172.31.0.0/20']);
  expect(refused('172.31.0.9')).not.toThrow();
  expect(refused('10.9.0.1', 'all')).not.toThrow();
  expect(refused('10.9.0.1')).toThrow("zone 'all'".replace('zone', 'Availability Zone'));
  expect(refused('8.8.8.8', 'all')).toThrow('not within a range');
});

test('Given a full group, when one more is registered, then it is too many', () => {
  expect(() => refuseTooMany(1000, 1000)).not.toThrow();
  expect(() => refuseTooMany(1001, 1000)).toThrow(expect.objectContaining({ code: 'TooManyTargets' }));
});
