import { expect, test } from '@jest/globals';
import { isOwnCall } from '../../domain/recent-change.ts';

const OWN = { account: '123456789012', roleNamePrefix: 'usher-prod-' };

test.each([
  ['a role of the stage’s own stack', 'usher-prod-SweepRole-1A2B3C', '123456789012', true],
  ['a role of another stage', 'usher-production-SweepRole-1A2B3C', '123456789012', false],
  ['a role of that name in another account', 'usher-prod-SweepRole-1A2B3C', '210987654321', false],
  ['a person without a role', undefined, '123456789012', false],
])(
  'Given a call made by %s, when it is asked whose it is, then ours is told from others’',
  (_, roleName, account, expected) => {
    expect(isOwnCall({ by: { name: 'x', roleName, account, via: undefined } }, OWN)).toBe(expected);
  },
);
