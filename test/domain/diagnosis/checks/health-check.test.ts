import { describe, expect, test } from '@jest/globals';
import { checkAnswers, checkTls } from '../../../../domain/diagnosis/checks/answers.ts';
import { checkHealthCheckPort, checkPorts } from '../../../../domain/diagnosis/checks/ports.ts';
import { unreadable } from '../../../../domain/reading.ts';
import { targetGroupArn } from '../../../support/world/builders.ts';
import {
  albWorld,
  allOut,
  answering,
  asked,
  classicWorld,
  everybody,
  gathered,
  gwlbWorld,
  healthy,
  ingress,
  nlbWorld,
  unwell,
  W1,
  W2,
  W3,
} from '../world.ts';

const right = albWorld();
const thirdAnswers = (code: number | string) => ({
  ...right,
  members: [healthy(W1), healthy(W2), answering(W3, code)],
});
const reasonsOf = (findings: readonly { readonly reason: string }[]) => findings.map(({ reason }) => reason);
const ASK = "curl -im 5 'http://localhost:80/'";
const SET = `aws elbv2 modify-target-group --target-group-arn ${targetGroupArn('web')} --health-check-protocol`;

describe('Given a target that answers with a code the matcher does not take', () => {
  test.each([
    [300, 'HealthCheckRedirected'],
    [301, 'HealthCheckRedirected'],
    [399, 'HealthCheckRedirected'],
    [401, 'HealthCheckNeedsLogin'],
    [403, 'HealthCheckNeedsLogin'],
    [404, 'HealthCheckPathMissing'],
    [500, 'HealthCheckServerError'],
    [503, 'HealthCheckServerError'],
  ])('when it is %i, then it means %s, with a line that asks the same on the host', (code, reason) => {
    expect(checkAnswers(gathered(thirdAnswers(code)))).toEqual([
      {
        reason,
        severity: 'warning',
        evidence: {
          code: String(code),
          port: '80',
          path: '/',
          matcher: '200',
          targets: 'web-3',
          count: '1',
          of: '3',
          targetGroup: 'web',
        },
        remedy: ASK,
      },
    ]);
  });

  test.each([202, 299, 400, 402, 405, 429])('when it is %i, then the code says no more than itself', (code) => {
    expect(checkAnswers(gathered(thirdAnswers(code)))).toEqual([]);
  });

  test('when it answers with several codes, then each has its meaning', () => {
    expect(reasonsOf(checkAnswers(gathered(thirdAnswers('301, 404'))))).toEqual([
      'HealthCheckRedirected',
      'HealthCheckPathMissing',
    ]);
  });

  test('when several targets answer the same, then they are told of together', () => {
    const findings = checkAnswers(gathered(everybody(right, (id) => answering(id, 404))));
    expect(findings).toMatchObject([{ evidence: { targets: 'web-1, web-2', count: '3', of: '3' } }]);
  });

  test.each([
    [
      'AWS’s sentence names no code',
      [unwell(W1, 'Target.ResponseCodeMismatch', { description: 'Health checks failed' })],
    ],
    ['it is about something else', [unwell(W1, 'Target.Timeout', { description: 'Request timed out [404]' })]],
    ['the target is healthy', [healthy(W1)]],
  ])('when %s, then nothing is said', (_case, members) => {
    expect(checkAnswers(gathered({ ...right, members }))).toEqual([]);
  });

  test('when the group could not be read, then nothing is said', () => {
    expect(checkAnswers(gathered(thirdAnswers(404), { targetGroup: unreadable('denied') }))).toEqual([]);
  });
});

describe('Given plain HTTP asked of a port that speaks TLS', () => {
  test.each([
    [
      'the group’s own protocol is HTTPS',
      everybody(asked(right, {}, { protocol: 'HTTPS' }), (id) => answering(id, 400)),
      '80',
    ],
    ['the target sits on 443', everybody(right, (id) => answering(id, 400, 443)), '443'],
    ['the check asks 8443', everybody(asked(right, { port: 8443 }), (id) => answering(id, 400)), '8443'],
  ])('when %s and the answer is 400, then that is it, with the line that mends it', (_case, world, port) => {
    expect(checkAnswers(gathered(world))).toMatchObject([
      {
        reason: 'HealthCheckPlainOnTls',
        evidence: { code: '400', port },
        remedy: `${SET} HTTPS --region ap-northeast-1`,
      },
    ]);
  });

  test.each([
    ['the port speaks plain HTTP', everybody(right, (id) => answering(id, 400))],
    [
      'it is asked by HTTPS',
      everybody(asked(right, { protocol: 'HTTPS' }, { protocol: 'HTTPS' }), (id) => answering(id, 400)),
    ],
    [
      'the check asks another port of an HTTPS group',
      everybody(asked(right, { port: 9000 }, { protocol: 'HTTPS' }), (id) => answering(id, 400)),
    ],
  ])('when %s, then 400 says no more than itself', (_case, world) => {
    expect(checkAnswers(gathered(world))).toEqual([]);
  });
});

describe('Given TLS asked where no connection comes about', () => {
  const fails = (id: string) => unwell(id, 'Target.FailedHealthChecks');

  test('when the port carries plain HTTP, then that is it, with the line that mends it', () => {
    expect(checkTls(gathered(everybody(asked(right, { protocol: 'HTTPS' }), fails)))).toEqual([
      {
        reason: 'HealthCheckTlsOnPlain',
        severity: 'warning',
        evidence: { port: '80', path: '/', targets: 'web-1, web-2', count: '3', of: '3', targetGroup: 'web' },
        remedy: `${SET} HTTP --region ap-northeast-1`,
      },
    ]);
  });

  test.each([
    [
      'a Network balancer',
      everybody(asked(nlbWorld(), { protocol: 'HTTPS' }, { protocol: 'TLS' }), (id) =>
        unwell(id, 'Target.FailedHealthChecks', { port: 8443 }),
      ),
      '8443',
    ],
    [
      'a Gateway balancer',
      everybody(asked(gwlbWorld(), { protocol: 'HTTPS', port: 443 }), (id) =>
        unwell(id, 'Target.FailedHealthChecks', { port: 6081 }),
      ),
      '443',
    ],
  ])('when %s asks, then a target of newer TLS may be it', (_kind, world, port) => {
    expect(checkTls(gathered(world))).toMatchObject([{ reason: 'TlsTooNew', severity: 'warning', evidence: { port } }]);
  });

  test.each([
    [
      'an Application balancer asks a port of TLS',
      everybody(asked(right, { protocol: 'HTTPS' }, { protocol: 'HTTPS' }), (id) =>
        unwell(id, 'Target.FailedHealthChecks', { port: 443 }),
      ),
    ],
    ['the check is plain HTTP', everybody(right, fails)],
    [
      'the way is blocked',
      { ...everybody(asked(right, { protocol: 'HTTPS' }), fails), rules: { ...right.rules, 'sg-web': [] } },
    ],
    ['the target answers', everybody(asked(right, { protocol: 'HTTPS' }), (id) => answering(id, 500))],
    ['a Network balancer asks by TCP', everybody(nlbWorld(), fails)],
    ['all are healthy', asked(nlbWorld(), { protocol: 'HTTPS' })],
  ])('when %s, then nothing is said', (_case, world) => {
    expect(checkTls(gathered(world))).toEqual([]);
  });
});

describe('Given a target that is registered on a port of its own', () => {
  const onPort = (port: number, reason = 'Target.Timeout') => ({
    ...right,
    members: [healthy(W1), healthy(W2), unwell(W3, reason, { port })],
  });

  test('when it fails and all healthy ones sit on one other port, then both are named', () => {
    expect(checkPorts(gathered(onPort(8081)))).toEqual([
      {
        reason: 'PortDiffers',
        severity: 'warning',
        evidence: { port: '8081', otherPort: '80', targets: 'web-3', count: '1', of: '3', targetGroup: 'web' },
      },
    ]);
  });

  test.each([
    ['it sits on the same port', onPort(80)],
    [
      'healthy ones sit on several',
      { ...onPort(8081), members: [healthy(W1), healthy(W2, 8080), unwell(W3, 'Target.Timeout', { port: 8081 })] },
    ],
    [
      'nobody is healthy',
      { ...onPort(8081), members: [unwell(W1, 'Target.Timeout'), unwell(W3, 'Target.Timeout', { port: 8081 })] },
    ],
    ['it is healthy', { ...onPort(8081), members: [healthy(W1), healthy(W3, 8081)] }],
    [
      'a Classic balancer’s listeners say the port',
      {
        ...classicWorld(),
        members: [
          { ...healthy(W1), target: { id: W1, port: undefined } },
          unwell(W2, 'Target.FailedHealthChecks', { port: undefined }),
        ],
      },
    ],
  ])('when %s, then nothing is said', (_case, world) => {
    expect(checkPorts(gathered(world))).toEqual([]);
  });
});

describe('Given a health check that asks a port of its own', () => {
  const admitted = {
    ...asked(right, { port: 9000 }),
    rules: {
      ...right.rules,
      'sg-web': [ingress('sg-web', 80, 'sg-alb'), ingress('sg-web', 9000, 'sg-alb'), allOut('sg-web')],
    },
  };
  const refuses = (id: string) => unwell(id, 'Target.FailedHealthChecks');

  test.each([
    ['an Application balancer’s targets', everybody(admitted, refuses), '9000', '80'],
    [
      'appliances',
      everybody(gwlbWorld(), (id) => unwell(id, 'Target.FailedHealthChecks', { port: 6081 })),
      '80',
      '6081',
    ],
    [
      'a Classic balancer’s instances',
      everybody(classicWorld(), (id) => unwell(id, 'Target.FailedHealthChecks', { port: undefined })),
      '9000',
      '2525, 8080',
    ],
  ])('when none of %s answers there, then both ports are named', (_who, world, port, targetPort) => {
    expect(checkHealthCheckPort(gathered(world))).toMatchObject([
      { reason: 'HealthCheckPortDiffers', severity: 'warning', evidence: { port, targetPort } },
    ]);
  });

  test.each([
    ['one is healthy, and so shows that the port is served', { ...admitted, members: [healthy(W1), refuses(W2)] }],
    ['they answer there, with a wrong code', everybody(admitted, (id) => answering(id, 500))],
    ['the way there is blocked', everybody(asked(right, { port: 9000 }), refuses)],
    ['it is the port they are registered on', everybody(asked(right, { port: 80 }), refuses)],
    ['it follows the traffic', everybody(right, refuses)],
  ])('when %s, then nothing is said', (_case, world) => {
    expect(checkHealthCheckPort(gathered(world))).toEqual([]);
  });
});
