import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Placements } from '../../../domain/seating/placements.ts';
import { namesGroups, placementsFor, targetGroupName } from '../../../domain/seating/placements.ts';
import type { Tags } from '../../../domain/tags.ts';
import { anInstance, classicArn, targetGroupArn } from '../../support/world/builders.ts';

const group = (name: string, tags: Tags) => ({ arn: targetGroupArn(name), tags });
const WEB = group('web', { 'usher:selector': 'Role=web' });
const API = group('api', { 'usher:selector': 'Role=api', 'usher:selector:2': 'Role=web Env=prod' });
const ADMIN = group('admin', { 'usher:accept-explicit': 'true' });
const CLOSED = group('closed', {});

const instance = (tags: Tags, number = 1) => anInstance({ instanceId: `i-0000000${number}`, tags });

const seatsOf = ({ placements }: Placements) =>
  placements.map(({ targetGroupArn: arn, instance: { instanceId }, via, portOverride }) =>
    [targetGroupName(arn), instanceId, via, portOverride].filter((part) => part !== undefined).join(' '),
  );

const findingsOf = ({ findings }: Placements) =>
  findings.map(({ subject, finding }) => [subject.type, finding.reason, ...Object.values(finding.evidence)]);

test('Given the ARN of a group, then its name is known; of something else, the text itself', () => {
  expect(targetGroupName(targetGroupArn('web'))).toBe('web');
  expect(targetGroupName(classicArn('old-web'))).toBe('old-web');
  expect(targetGroupName('elb/classic')).toBe('elb/classic');
});

describe('by selector', () => {
  test('Given groups, when an instance matches several, then it belongs into each, in order of group and instance', () => {
    const found = placementsFor([instance({ Role: 'web', Env: 'prod' }, 2), instance({ Role: 'web' }, 1)], [WEB, API]);
    expect(seatsOf(found)).toEqual(['api i-00000002 selector', 'web i-00000001 selector', 'web i-00000002 selector']);
    expect(found.findings).toEqual([]);
  });

  test('Given a near miss, when it is compared, then it belongs nowhere and a finding says so', () => {
    const found = placementsFor([instance({ role: 'Web' })], [WEB]);
    expect(seatsOf(found)).toEqual([]);
    expect(findingsOf(found)).toEqual([['instance', 'SelectorNearMiss', 'web', 'Role=web']]);
  });

  test('Given a selector that says nothing usable, when groups are compared, then a finding says so, and the others count', () => {
    const broken = group('broken', { 'usher:selector': '=web', 'usher:selector:2': 'Role=web' });
    const found = placementsFor([instance({ Role: 'web' })], [broken]);
    expect(seatsOf(found)).toEqual(['broken i-00000001 selector']);
    expect(findingsOf(found)).toEqual([['target-group', 'SelectorMalformed', 'usher:selector', '=web']]);
  });

  test('Given no selector, when any instance is compared, then it does not belong there', () => {
    expect(placementsFor([instance({}), instance({ Role: 'web' }, 2)], [CLOSED])).toEqual({
      placements: [],
      findings: [],
    });
  });
});

describe('by name', () => {
  test('Given groups named with and without a port, when they accept it, then the instance belongs there on that port', () => {
    const found = placementsFor([instance({ 'usher:targets': ' admin:8080  ' })], [ADMIN, CLOSED]);
    expect(seatsOf(found)).toEqual(['admin i-00000001 explicit 8080']);
    const withPort = instance({ 'usher:targets': 'admin', 'usher:port': '9000' });
    expect(seatsOf(placementsFor([withPort], [ADMIN]))).toEqual(['admin i-00000001 explicit 9000']);
  });

  test.each([
    ['closed', 'ExplicitNotAccepted', 'closed'],
    ['nowhere', 'ExplicitGroupUnknown', 'nowhere'],
    ['admin:http', 'TagMalformed', 'usher:targets'],
    ['admin:80:81', 'TagMalformed', 'usher:targets'],
    [':80', 'TagMalformed', 'usher:targets'],
  ])('Given %j, when it is read, then the finding is %s', (value, reason, evidence) => {
    const found = placementsFor([instance({ 'usher:targets': value })], [ADMIN, CLOSED]);
    expect(seatsOf(found)).toEqual([]);
    expect(findingsOf(found)[0]?.slice(0, 3)).toEqual(['instance', reason, evidence]);
  });

  test('Given a Classic balancer and a group of one name, when an instance names one of them, then elb/ tells them apart', () => {
    const accepting = { 'usher:accept-explicit': 'true' };
    const [balancer, target] = [{ arn: classicArn('web'), tags: accepting }, group('web', accepting)];
    const arnsFor = (value: string) =>
      placementsFor([instance({ 'usher:targets': value })], [balancer, target]).placements.map(
        ({ targetGroupArn: arn, portOverride }) => [arn, portOverride],
      );
    expect(arnsFor('elb/web')).toEqual([[balancer.arn, undefined]]);
    expect(arnsFor('elb/web:8080')).toEqual([[balancer.arn, 8080]]);
    expect(arnsFor('web')).toEqual([[target.arn, undefined]]);
    expect(findingsOf(placementsFor([instance({ 'usher:targets': 'elb/mail' })], [balancer]))).toEqual([
      ['instance', 'ExplicitGroupUnknown', 'elb/mail'],
    ]);
  });

  test('Given a Classic balancer with a selector, when an instance matches, then it belongs there', () => {
    const balancer = { arn: classicArn('old-web'), tags: { 'usher:selector': 'Role=web' } };
    expect(seatsOf(placementsFor([instance({ Role: 'web' })], [balancer]))).toEqual(['old-web i-00000001 selector']);
  });

  test('Given a group that is named and also selects, when both hold, then it is one placement, with the port that was named', () => {
    const both = group('both', { 'usher:selector': 'Role=web', 'usher:accept-explicit': 'TRUE' });
    const found = placementsFor(
      [instance({ Role: 'web', 'usher:targets': 'both:8080', 'usher:port': '9000' })],
      [both],
    );
    expect(seatsOf(found)).toEqual(['both i-00000001 explicit 8080']);
  });

  test('Given instances, then only one with the tag asks for groups that have no selector to be read', () => {
    expect(namesGroups(instance({ 'usher:targets': '' }))).toBe(true);
    expect(namesGroups(instance({ Role: 'web' }))).toBe(false);
  });
});

test('Given a port that is none, when the instance is placed, then the group’s own port is meant and a finding says so', () => {
  const found = placementsFor([instance({ Role: 'web', 'usher:port': 'http' })], [WEB]);
  expect(seatsOf(found)).toEqual(['web i-00000001 selector']);
  expect(findingsOf(found)).toEqual([['instance', 'TagMalformed', 'usher:port', 'http']]);
});

test('Given any instances and groups, when they are given in another order, then the placements are the same, one per group and instance', () => {
  const roles = fc.constantFrom('web', 'api', 'Web');
  const tags = fc.record({ Role: roles, Env: fc.constantFrom('prod', 'test') }, { requiredKeys: ['Role'] });
  fc.assert(
    fc.property(fc.array(tags, { maxLength: 6 }), (all) => {
      const instances = all.map((each, index) => instance(each as Tags, index + 1));
      const forward = placementsFor(instances, [WEB, API, ADMIN]);
      const backward = placementsFor([...instances].reverse(), [ADMIN, API, WEB]);
      expect(seatsOf(backward)).toEqual(seatsOf(forward));
      expect(new Set(seatsOf(forward)).size).toBe(forward.placements.length);
      for (const {
        instance: {
          tags: { Role },
        },
      } of forward.placements)
        expect(['web', 'api']).toContain(Role);
      expect(forward.placements.length).toBeGreaterThanOrEqual(
        instances.filter(({ tags: { Role } }) => Role === 'web' || Role === 'api').length,
      );
    }),
  );
});
