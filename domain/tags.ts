/** Tags of one resource, key to value, exactly as AWS holds them (case and spaces kept). */
export type Tags = Readonly<Record<string, string>>;

/** The value of one tag, or `undefined` when the resource does not carry the key itself (a key such as `constructor` is never inherited). */
export const tagValue = (tags: Tags, key: string): string | undefined =>
  Object.hasOwn(tags, key) ? tags[key] : undefined;

/** Whether a tag says yes: `true` in any letter case, spaces around it ignored. */
export const isTagTrue = (tags: Tags, key: string): boolean => tagValue(tags, key)?.trim().toLowerCase() === 'true';

/** Whether a resource was put into our hands by any tag of ours. */
export const wearsOurTag = (tags: Tags): boolean => Object.keys(tags).some((key) => key.startsWith('usher:'));

/** Tag keys that Usher reads or writes (design section 2). */
export const USHER_TAG = {
  selector: 'usher:selector',
  targets: 'usher:targets',
  acceptExplicit: 'usher:accept-explicit',
  port: 'usher:port',
  ports: 'usher:ports',
  policy: 'usher:policy',
  ready: 'usher:ready',
  clientCidrs: 'usher:client-cidrs',
  drain: 'usher:drain',
  rulesHere: 'usher:rules-here',
  keep: 'usher:keep',
  ignore: 'usher:ignore',
  channel: 'usher:channel',
  stage: 'usher:stage',
  owner: 'usher:owner',
  companionOf: 'usher:companion-of',
  explain: 'usher:explain',
  alarms: 'usher:alarms',
} as const;
