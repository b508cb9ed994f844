const MAXIMUM_LENGTH = 255;

/** What a rule's description may hold, whatever its source (facts 3.3: `&` only for CIDR rules, so never). */
const NOT_ALLOWED = /[^a-zA-Z0-9 ._\-:/()#,@[\]+=;{}!$*]+/g;

/** A text as EC2 accepts it for a rule's description: other characters become `_`, and what is too long is cut. */
export const ruleDescription = (text: string): string => text.replace(NOT_ALLOWED, '_').slice(0, MAXIMUM_LENGTH);
