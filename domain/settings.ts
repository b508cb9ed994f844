/** The environment of a function: what serverless.yml and infra/settings/ set for it. */
export type Settings = Readonly<Record<string, string | undefined>>;

/** A setting is missing or says what it can't; the message names it and what it may hold. */
export class SettingError extends Error {
  override readonly name = 'SettingError';
}

/** A setting that may be left out; blank is left out, because a deployment can only set a parameter to nothing. */
export const optionalText = (settings: Settings, name: string): string | undefined =>
  settings[name]?.trim() || undefined;

/**
 * A setting without the spaces around it; missing or blank, the fallback.
 * @throws {SettingError} when there is neither
 */
export const text = (settings: Settings, name: string, fallback?: string): string => {
  const value = optionalText(settings, name) ?? fallback;
  if (value === undefined) throw new SettingError(`${name} is not set; the deployment sets it from serverless.yml`);
  return value;
};

/** Items with commas or spaces between, or only with what `between` says where an item may hold one of these. */
export const list = (settings: Settings, name: string, between: RegExp = /[\s,]+/): readonly string[] =>
  (settings[name] ?? '')
    .split(between)
    .map((item) => item.trim())
    .filter((item) => item !== '');

/**
 * A list all of whose items have the form.
 * @param mayHold ends the sentence that refuses one: `it may hold …`
 * @throws {SettingError} when an item has another form
 */
export const listOf = (settings: Settings, name: string, form: RegExp, mayHold: string): readonly string[] => {
  const items = list(settings, name);
  const strange = items.find((item) => !form.test(item));
  if (strange === undefined) return items;
  throw new SettingError(`${name} holds "${strange}"; it may hold ${mayHold}`);
};

/**
 * Other accounts whose events are acted on.
 * @throws {SettingError} when one is no account's id
 */
export const trustedAccountsFrom = (settings: Settings): readonly string[] => [
  ...new Set(listOf(settings, 'USHER_TRUSTED_ACCOUNTS', /^\d{12}$/, 'account ids of twelve digits')),
];

/** @throws {SettingError} when it is none of the allowed */
export const oneOf = <T extends string>(
  settings: Settings,
  name: string,
  allowed: readonly T[],
  fallback: NoInfer<T>,
): T => {
  const value = text(settings, name, fallback);
  const found = allowed.find((item) => item === value);
  if (found !== undefined) return found;
  throw new SettingError(`${name} is "${value}"; it may be ${allowed.slice(0, -1).join(', ')} or ${allowed.at(-1)}`);
};

/** @throws {SettingError} when it is no whole number of up to six digits, or outside the bounds */
export const count = (
  settings: Settings,
  name: string,
  fallback: number,
  { from, to }: { readonly from: number; readonly to: number } = { from: 0, to: 999_999 },
): number => {
  const value = text(settings, name, String(fallback));
  if (/^\d{1,6}$/.test(value) && Number(value) >= from && Number(value) <= to) return Number(value);
  throw new SettingError(`${name} is "${value}"; it must be a whole number from ${from} to ${to}`);
};
