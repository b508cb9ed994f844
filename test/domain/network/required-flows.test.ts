import { describe, expect, test } from '@jest/globals';
import { requiredFlows } from '../../../domain/network/required-flows.ts';
import { ipSeat, seat, webGroup } from './world.ts';

const flowsOf = (of: typeof seat) => requiredFlows(of).map(({ name, protocol, port }) => `${name} ${protocol} ${port}`);

const withHealthPort = (port: 'traffic-port' | number, of = seat) => ({
  ...of,
  targetGroup: { ...of.targetGroup, healthCheck: { ...webGroup.healthCheck, port } },
});

const onPort = (port: number, of = seat) => ({ ...of, target: { ...of.target, port } });

describe.each([
  ['instance', seat],
  ['ip', ipSeat()],
])('Given a target of type %s, when its flows are asked for', (_type, base) => {
  test.each([
    ['health on the same port', withHealthPort(80, base), ['traffic tcp 80', 'health tcp 80']],
    ['health on another port', withHealthPort(9_090, base), ['traffic tcp 80', 'health tcp 9090']],
    ['health on the traffic port', withHealthPort('traffic-port', base), ['traffic tcp 80', 'health tcp 80']],
    [
      'an overridden port that health follows',
      onPort(8_080, withHealthPort('traffic-port', base)),
      ['traffic tcp 8080', 'health tcp 8080'],
    ],
    [
      'an overridden port that health does not follow',
      onPort(8_080, withHealthPort(80, base)),
      ['traffic tcp 8080', 'health tcp 80'],
    ],
  ])('then %s: each flow has its own port', (_case, of, flows) => {
    expect(flowsOf(of)).toEqual(flows);
  });
});

test.each([
  ['HTTP', ['traffic tcp 80', 'health tcp 80']],
  ['HTTPS', ['traffic tcp 80', 'health tcp 80']],
  ['TCP', ['traffic tcp 80', 'health tcp 80']],
  ['TLS', ['traffic tcp 80', 'health tcp 80']],
  ['UDP', ['traffic udp 80', 'health tcp 80']],
  ['TCP_UDP', ['traffic tcp 80', 'traffic udp 80', 'health tcp 80']],
  ['QUIC', ['traffic udp 80', 'health tcp 80']],
  ['TCP_QUIC', ['traffic tcp 80', 'traffic udp 80', 'health tcp 80']],
  ['GENEVE', ['traffic udp 80', 'return udp 80', 'health tcp 80']],
])('Given a group of protocol %s, then its traffic is carried accordingly and its health by TCP', (protocol, flows) => {
  expect(flowsOf({ ...seat, targetGroup: { ...webGroup, protocol } })).toEqual(flows);
});

test.each(['lambda', 'alb'] as const)('Given a group of type %s, then it has no path of its own', (targetType) => {
  expect(flowsOf({ ...seat, targetGroup: { ...webGroup, targetType, protocol: undefined } })).toEqual([]);
});

test.each([
  ['several ports', [2525, 8080], 9000, ['traffic tcp 2525', 'traffic tcp 8080', 'health tcp 9000']],
  ['one port that is checked too', [80], 80, ['traffic tcp 80', 'health tcp 80']],
  ['no listener', [], 80, ['health tcp 80']],
] as const)(
  'Given a Classic balancer with listeners to %s, then each port has its traffic once, and the check its own',
  (_case, instancePorts, port, flows) => {
    const classic = { ...webGroup, protocol: undefined, port: undefined, instancePorts };
    const behind = { ...seat, targetGroup: classic, target: { id: seat.target.id, port: undefined } };
    expect(flowsOf(withHealthPort(port, behind))).toEqual(flows);
  },
);

test.each(['SCTP', 'constructor', undefined])(
  'Given protocol %s, which we do not know, then it is an error and not no flow',
  (protocol) => {
    expect(() => flowsOf({ ...seat, targetGroup: { ...webGroup, protocol } })).toThrow(RangeError);
  },
);
