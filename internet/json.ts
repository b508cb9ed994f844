/** JSON that somebody else wrote, as it may be: anything. */
export type Json = Readonly<Record<string, unknown>>;

/** `undefined` for what is no JSON. */
export const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** The object a value is; one without fields for everything else. */
export const objectIn = (value: unknown): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};

/** The list a value is; an empty one for everything else. */
export const listIn = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** The text a value is. */
export const textIn = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
