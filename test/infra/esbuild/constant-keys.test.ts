import { describe, expect, test } from '@jest/globals';
import { SchemaFileError, withConstantKeys } from '../../../infra/esbuild/constant-keys.ts';

const PATH = 'client-x/dist-es/schemas/schemas_0.js';

describe('The keys of a schema file', () => {
  test('are written out where they are constants of the file, and nothing else changes', () => {
    const source = [
      'const _xN = "xmlName";',
      'const _eQN = "ec2QueryName";',
      'export var Max$ = [3, n0, _AC,',
      '    0, [_M, _Ma],',
      '    [[1, { [_eQN]: `Max`,',
      '                [_xN]: _ma }]]',
      '];',
    ].join('\n');
    expect(withConstantKeys(source, PATH)).toBe(
      source.replace('[_eQN]:', '"ec2QueryName":').replace('[_xN]:', '"xmlName":'),
    );
  });

  test('Given a file without any, then it stays as it is', () => {
    const source = 'const _a = "A";\nexport var A$ = [3, n0, _a, 0, [_M], [0]];\n';
    expect(withConstantKeys(source, PATH)).toBe(source);
  });

  test.each([
    ['names no constant of the file', 'export var A$ = [3, { [_xN]: 1 }];'],
    ['is no text', 'const _xN = makeName();\nexport var A$ = [3, { [_xN]: 1 }];'],
    ['would set the prototype', 'const _xN = "__proto__";\nexport var A$ = [3, { [_xN]: 1 }];'],
    ['is declared twice', 'const _xN = "a";\nconst _xN = "b";\nexport var A$ = [3, { [_xN]: 1 }];'],
  ])('Given a key that %s, then the build fails and names the file', (_why, source) => {
    expect(() => withConstantKeys(source, PATH)).toThrow(SchemaFileError);
    expect(() => withConstantKeys(source, PATH)).toThrow(PATH);
  });
});
