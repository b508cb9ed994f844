import { describe, expect, test } from '@jest/globals';
import { judge } from '../../../domain/network/judge.ts';
import { reachOf } from '../../../domain/network/reach.ts';
import { requiredFlows } from '../../../domain/network/required-flows.ts';
import type { rightNetwork } from './world.ts';
import { seat, webGroup, withIngress } from './world.ts';

/** Two ways in, as behind a Classic balancer with two listeners; the check comes by a third port. */
const twoPorts = {
  ...seat,
  targetGroup: { ...webGroup, instancePorts: [8080, 2525], healthCheck: { ...webGroup.healthCheck, port: 9000 } },
};

const reach = (network: typeof rightNetwork) =>
  reachOf(
    requiredFlows(twoPorts).map((flow) => judge(flow, network)),
    network,
  );

describe('Given a healthy target that listeners send to on two ports', () => {
  test('when neither is admitted, then nothing gets to it', () => {
    expect(reach(withIngress('tcp 9000 sg-a1b')).kind).toBe('closed');
  });

  test('when one of them is not admitted, then it is not said that nobody reaches it, and what is missing is told', () => {
    const { kind, findings } = reach(withIngress('tcp 9000 sg-a1b', 'tcp 8080 sg-a1b'));
    expect(kind).toBe('unsure');
    expect(findings.map(({ reason }) => reason)).toEqual(['IngressMissing']);
  });

  test('when both are, then it is open', () => {
    const open = withIngress('tcp 9000 sg-a1b', 'tcp 8080 sg-a1b', 'tcp 2525 sg-a1b');
    expect(reach(open)).toEqual({ kind: 'open', findings: [] });
  });
});
