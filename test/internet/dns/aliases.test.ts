import { expect, test } from '@jest/globals';
import { aliasesOf } from '../../../internet/dns/aliases.ts';

const resolver =
  (records: Readonly<Record<string, string>>) =>
  async (name: string): Promise<readonly string[]> => {
    const alias = records[name];
    if (alias === undefined) throw Object.assign(new Error('no data'), { code: 'ENODATA' });
    return [alias];
  };

test('Given aliases of aliases, then all are told in order, without the name itself and without last dots', async () => {
  const ask = resolver({ 'www.example.com': 'Edge.example.net.', 'edge.example.net': 'd1.cloudfront.net' });
  expect(await aliasesOf(ask)('WWW.example.com.')).toEqual(['edge.example.net', 'd1.cloudfront.net']);
});

test('Given a circle, or a chain without an end, then it is left', async () => {
  expect(await aliasesOf(resolver({ 'a.example': 'b.example', 'b.example': 'a.example' }))('a.example')).toEqual([
    'b.example',
  ]);
  const endless = async (name: string) => [`x${name}`];
  expect(await aliasesOf(endless)('a.example')).toHaveLength(8);
});

test('Given a resolver that stays silent, then what it said until then is told, in time', async () => {
  const ask = async (name: string): Promise<readonly string[]> =>
    name === 'a.example' ? ['b.example'] : new Promise(() => undefined);
  expect(await aliasesOf(ask, 50)('a.example')).toEqual(['b.example']);
});

test('Given an address, then nobody is asked', async () => {
  const ask = async (): Promise<never> => {
    throw new Error('asked');
  };
  expect(await aliasesOf(ask)('203.0.113.5')).toEqual([]);
});

test('Given what is no name, or a resolver that says nothing, then there are none', async () => {
  expect(await aliasesOf(resolver({}))('a.example')).toEqual([]);
  expect(await aliasesOf(resolver({}))('[::1]')).toEqual([]);
  expect(await aliasesOf(resolver({ 'a.example': 'not a name' }))('a.example')).toEqual([]);
});
