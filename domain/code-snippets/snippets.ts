import type { AuthorizeRule } from '../change.ts';
import { compareText } from '../difference.ts';
import { cloudFormationOf } from './cloudformation.ts';
import type { CodeSnippets } from './code-snippets.ts';
import { hclOf } from './hcl.ts';

/** What fits into a message besides what it says: a rule is some ten lines in each language. */
const RULES_SHOWN = 2;

const keyOf = ({ groupId, direction, protocol, port }: AuthorizeRule): string =>
  `${groupId}|${direction}|${protocol}|${String(port).padStart(5, '0')}`;

/**
 * The snippets for some rules, in a stable order.
 * @param descriptionOf what a rule is for
 */
export const snippetsOf = (
  rules: readonly AuthorizeRule[],
  descriptionOf: (rule: AuthorizeRule) => string,
): CodeSnippets | undefined => {
  if (rules.length === 0) return undefined;
  const inCode = [...rules]
    .sort((a, b) => compareText(keyOf(a), keyOf(b)))
    .slice(0, RULES_SHOWN)
    .map((rule) => ({ ...rule, description: descriptionOf(rule) }));
  return {
    cloudFormation: cloudFormationOf(inCode),
    hcl: hclOf(inCode),
    rules: inCode.length,
    of: rules.length,
  };
};
