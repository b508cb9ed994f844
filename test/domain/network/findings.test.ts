import { describe, expect, test } from '@jest/globals';
import { summarize } from '../../../domain/network/findings.ts';
import { judge } from '../../../domain/network/judge.ts';
import type { Network, Seat } from '../../../domain/network/model.ts';
import { requiredFlows } from '../../../domain/network/required-flows.ts';
import { aclOf, alb, rightNetwork, seat, webGroup, webInstance, withAcls, withIngress } from './world.ts';

const summaryOf = (of: Seat, network: Network = rightNetwork) => {
  const { verdict, findings } = summarize(requiredFlows(of).map((flow) => judge(flow, network)));
  return [verdict, findings.map(({ reason, evidence: { port } }) => [reason, port].filter(Boolean).join(' '))];
};

const onOtherHealthPort: Seat = {
  ...seat,
  targetGroup: { ...webGroup, healthCheck: { ...webGroup.healthCheck, port: 9_090 } },
};

describe('Given the judgements of a seat, when they are summed up', () => {
  test('then a path that passes says nothing', () => {
    expect(summaryOf(seat)).toEqual(['passes', []]);
  });

  test('then traffic and health on one port are told once, on two ports twice', () => {
    expect(summaryOf(seat, withIngress())).toEqual(['blocked', ['IngressMissing 80']]);
    expect(summaryOf(onOtherHealthPort, withIngress())).toEqual([
      'blocked',
      ['IngressMissing 80', 'IngressMissing 9090'],
    ]);
  });

  test('then a health port that is forgotten blocks the seat though its traffic passes', () => {
    expect(summaryOf(onOtherHealthPort)).toEqual(['blocked', ['IngressMissing 9090']]);
  });

  test('then what must be mended first is told first, and the sure before the unknown', () => {
    const stopped: Seat = { ...seat, instance: { ...webInstance, state: 'stopped' } };
    const network = withAcls({
      'subnet-web': aclOf('acl-1', ['100 in deny tcp 80 0.0.0.0/0', '100 out allow tcp all 10.0.0.0/25']),
    });
    expect(summaryOf(stopped, { ...network, rules: withIngress().rules })).toEqual([
      'blocked',
      ['InstanceNotRunning', 'IngressMissing 80', 'NetworkAclDenies 80', 'NetworkAclDenies 1024-65535'],
    ]);
    expect(summaryOf(stopped, { ...rightNetwork, rules: new Map() })).toEqual([
      'blocked',
      ['InstanceNotRunning', 'PathUnknown 80', 'PathUnknown 80'],
    ]);
  });

  test('then what follows from one cause is that one cause', () => {
    expect(summaryOf({ ...seat, loadBalancer: undefined, targetGroup: { ...webGroup, loadBalancerArns: [] } })).toEqual(
      ['blocked', ['GroupNotUsed']],
    );
    expect(
      summaryOf({ ...seat, loadBalancer: { ...alb, arn: 'elb/other', kind: 'gateway', securityGroupIds: [] } }),
    ).toEqual(['unknown', ['PathUnknown 80']]);
  });

  test('then nothing asked is nothing known', () => {
    expect(summarize([])).toEqual({ verdict: 'unknown', findings: [] });
  });
});
