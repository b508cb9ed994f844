import { expect, test } from '@jest/globals';
import type { TargetHealth } from '../../domain/target.ts';
import { memberIds, readMembers } from '../../stories/group-members.ts';
import { anInstance } from '../support/world/builders.ts';
import { aWorld } from '../support/world/world.ts';
import { failure } from './journey.ts';

const idOf = (number: number): string => `i-${number.toString(16).padStart(8, '0')}`;
const idsUpTo = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => idOf(index + 1));

const membersOf = (ids: readonly string[]): readonly TargetHealth[] =>
  ids.map((id) => ({ target: { id, port: 80 }, state: 'healthy', reason: undefined, description: undefined }));

const reading = async (members: readonly TargetHealth[], named: readonly string[]) => {
  const world = aWorld({ instances: idsUpTo(3).map((instanceId) => anInstance({ instanceId })) });
  const instances = await readMembers(world.ports, members, named);
  const calls = world.calls.filter(({ name }) => name === 'ec2.readInstances').length;
  return { ids: instances.map(({ instanceId }) => instanceId), calls };
};

test('Given members and one who is to join them, when they are read, then it is by one call, each once, and no address is asked for', async () => {
  const members = membersOf([idOf(1), idOf(2), '10.0.1.5', '2001:db8::5']);
  expect(await reading(members, [idOf(2), idOf(3)])).toEqual({ ids: [idOf(2), idOf(3), idOf(1)], calls: 1 });
});

test('Given 200, when they are read, then one call takes all; given 201, then only those named are', () => {
  expect(memberIds(membersOf(idsUpTo(200)), [idOf(200)])).toHaveLength(200);
  expect(memberIds(membersOf(idsUpTo(201)), [idOf(201)])).toEqual([idOf(201)]);
});

test('Given a group of addresses, or more than 200 who are told of at once, then nobody is read', async () => {
  expect(await reading(membersOf(['10.0.1.5']), [])).toEqual({ ids: [], calls: 0 });
  expect(await reading(membersOf(idsUpTo(201)), idsUpTo(201))).toEqual({ ids: [], calls: 0 });
});

test('Given an error that is not AWS’s, when it is read, then it is not taken for a failed read', async () => {
  const world = aWorld();
  const ports = {
    ...world.ports,
    ec2: {
      readInstances: async () => {
        throw new TypeError('a mistake of ours');
      },
    },
  };
  await expect(readMembers(ports, membersOf([idOf(1)]))).rejects.toThrow('a mistake of ours');
  world.onCall((_, name) => (name === 'ec2.readInstances' ? failure('denied') : 'proceed'));
  expect(await readMembers(world.ports, membersOf([idOf(1)]))).toEqual([]);
});
