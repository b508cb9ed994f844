/** A schema file of the SDK is not as it was when this was written; the build must not go on with half of it rewritten. */
export class SchemaFileError extends Error {
  override readonly name = 'SchemaFileError';
}

/** `const _xN = "xmlName";`, a line of its own. */
const CONSTANT = /^const (\w+) = ("[^"\\]*");$/gm;
/** A key in brackets, which can only follow the brace or the comma of an object. */
const COMPUTED_KEY = /([{,]\s*)\[(\w+)\]:/g;
/** As a computed key this is a property like any other; as a plain one it sets the prototype. */
const PROTOTYPE = '"__proto__"';

/**
 * Writes the keys of a schema file out: `{ [_xN]: _m }` becomes `{ "xmlName": _m }`. To esbuild a computed key may have
 * side effects (the key could have a `toString` of its own), so that it keeps every schema that has one; with a plain
 * key it drops those that nothing asks for. The meaning stays: each constant is a text, declared once.
 * @param path for the error only
 * @throws {SchemaFileError} when a key names no constant of the file, or one that is declared twice
 */
export const withConstantKeys = (source: string, path: string): string => {
  const constants = new Map<string, string>();
  for (const [, name = '', literal = ''] of source.matchAll(CONSTANT)) {
    if (constants.has(name)) throw new SchemaFileError(`${path} declares ${name} twice`);
    constants.set(name, literal);
  }
  return source.replace(COMPUTED_KEY, (_key, before: string, name: string) => {
    const literal = constants.get(name);
    if (literal === undefined || literal === PROTOTYPE)
      throw new SchemaFileError(`${path} has the key [${name}], which is no plain text there (infra/esbuild/)`);
    return `${before}${literal}:`;
  });
};
