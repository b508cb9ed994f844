import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { admits, admittedPorts, parsePort } from '../../../domain/seating/port-tags.ts';

describe('a port', () => {
  test.each([
    ['80', 80],
    [' 8080 ', 8080],
    ['1', 1],
    ['65535', 65_535],
    ['00080', 80],
  ])('Given %j, when it is read, then it is %i', (text, port) => {
    expect(parsePort(text)).toBe(port);
  });

  test.each(['0', '65536', '100000', '', ' ', '-80', '80.0', '8e1', '0x50', '８０', '80 81'])(
    'Given %j, when it is read, then it is none',
    (text) => {
      expect(parsePort(text)).toBeUndefined();
    },
  );

  test('Given any text, when it is read, then it is none or a port that exists', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const port = parsePort(text) ?? 1;
        expect(port >= 1 && port <= 65_535).toBe(true);
      }),
    );
  });
});

describe('the ports a group admits', () => {
  test('Given no tag, then its own port only; given no port either, then none', () => {
    expect(admittedPorts({}, 80)).toEqual([{ from: 80, to: 80 }]);
    expect(admittedPorts({}, undefined)).toEqual([]);
  });

  test('Given ports and ranges, then those, both ends included', () => {
    const ranges = admittedPorts({ 'usher:ports': ' 8080  9000-9010 ' }, 80);
    expect(ranges).toEqual([
      { from: 8080, to: 8080 },
      { from: 9000, to: 9010 },
    ]);
    expect([8079, 8080, 8081, 8999, 9000, 9010, 9011, 80].map((port) => admits(ranges ?? [], port))).toEqual([
      false,
      true,
      false,
      false,
      true,
      true,
      false,
      false,
    ]);
  });

  test.each(['', '  ', 'http', '8080 x', '9010-9000', '-80', '80-', '80-90-100', '0-80', '80-65536'])(
    'Given %j, then the tag can’t be understood',
    (value) => {
      expect(admittedPorts({ 'usher:ports': value }, 80)).toBeUndefined();
    },
  );
});
