import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { lowerPolicy, POLICIES, stageFrom } from '../../domain/stage.ts';

const LEAST = { USHER_STAGE: 'prod', USHER_ACCOUNT: '123456789012', AWS_REGION: 'ap-northeast-1' };

test('Given only what the deployment always sets, when the stage is read, then the defaults are the careful ones', () => {
  expect(stageFrom(LEAST)).toEqual({
    name: 'prod',
    account: '123456789012',
    region: 'ap-northeast-1',
    vpcIds: 'all',
    defaultPolicy: 'add-only',
    maximumPolicy: 'add-only',
    minimumHealthyTargets: 1,
    maximumAdditions: 5,
    removalsPerHour: 10,
    patienceSeconds: 120,
    secondsBetweenReports: 60,
    managedByTags: [],
    iacAdditions: 'write',
    wideClientCidrs: false,
    destinations: ['default'],
  });
});

test('Given every setting, when the stage is read, then each is taken, lists without their spaces and empty parts', () => {
  expect(
    stageFrom({
      ...LEAST,
      USHER_VPC_IDS: 'vpc-1, vpc-2,,',
      USHER_DEFAULT_POLICY: 'ask',
      USHER_MAXIMUM_POLICY: 'apply-all',
      USHER_MINIMUM_HEALTHY_TARGETS: '2',
      USHER_MAXIMUM_ADDITIONS: '0',
      USHER_REMOVALS_PER_HOUR: '3',
      USHER_PATIENCE_SECONDS: '300',
      USHER_SECONDS_BETWEEN_REPORTS: '900',
      USHER_MANAGED_BY_TAGS: 'terraform,owner=platform',
      USHER_IAC_ADDITIONS: 'propose',
      USHER_WIDE_CLIENT_CIDRS: 'yes',
      USHER_DESTINATIONS: 'ops,web',
    }),
  ).toMatchObject({
    vpcIds: ['vpc-1', 'vpc-2'],
    defaultPolicy: 'ask',
    maximumPolicy: 'apply-all',
    minimumHealthyTargets: 2,
    maximumAdditions: 0,
    removalsPerHour: 3,
    patienceSeconds: 300,
    secondsBetweenReports: 900,
    managedByTags: ['terraform', 'owner=platform'],
    iacAdditions: 'propose',
    wideClientCidrs: true,
    destinations: ['ops', 'web'],
  });
});

test('Given any two policies, when the lower is taken, then it is one of the two and allows no more than either', () => {
  const policy = fc.constantFrom(...POLICIES);
  fc.assert(
    fc.property(policy, policy, (a, b) => {
      const lower = lowerPolicy(a, b);
      expect([a, b]).toContain(lower);
      expect(POLICIES.indexOf(lower)).toBe(Math.min(POLICIES.indexOf(a), POLICIES.indexOf(b)));
    }),
  );
  expect(lowerPolicy('apply-all', 'report-only')).toBe('report-only');
});
