import { expect, test } from '@jest/globals';
import { makeRegistrations } from '../../../local/proxy/registrations.ts';

const GROUP = 'arn:group';
const NOW = new Date('2026-11-22T05:00:00Z');
const LATER = new Date('2026-11-22T05:05:00Z');
const target = (port: number) => ({ id: 'i-1', port, zone: undefined, adopted: false });

test('Given one instance on two ports, when one is drained, then the other stays and the drained one goes in time', () => {
  const registrations = makeRegistrations();
  registrations.register(GROUP, target(80), NOW);
  registrations.register(GROUP, target(8080), NOW);
  const [first] = registrations.of(GROUP, NOW);
  if (first !== undefined) registrations.drain(first, LATER);
  expect(registrations.of(GROUP, NOW).map(({ port, drainingUntil }) => [port, drainingUntil])).toEqual([
    [80, LATER],
    [8080, undefined],
  ]);
  expect(registrations.of(GROUP, LATER).map(({ port }) => port)).toEqual([8080]);
});

test('Given a target that was never used, when it is deregistered, then it goes at once', () => {
  const registrations = makeRegistrations();
  registrations.register(GROUP, target(80), NOW);
  const [first] = registrations.of(GROUP, NOW);
  if (first === undefined) throw new Error('not registered');
  registrations.remember(first, { usedSince: undefined, state: 'initial', streak: undefined, lookedAt: NOW });
  registrations.drain(first, LATER);
  expect(registrations.of(GROUP, NOW)).toEqual([]);
});

test('Given a draining target, when it is registered again, then it starts anew', () => {
  const registrations = makeRegistrations();
  registrations.register(GROUP, target(80), NOW);
  const [first] = registrations.of(GROUP, NOW);
  if (first !== undefined) registrations.drain(first, LATER);
  registrations.register(GROUP, target(80), NOW);
  expect(registrations.of(GROUP, LATER)).toMatchObject([{ port: 80, drainingUntil: undefined }]);
});
