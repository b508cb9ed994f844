import { isWildcardOnlyAction, runSimulation } from '@cloud-copilot/iam-simulate';
import type { IamRequest } from './permissions.ts';
import type { Json, Template } from './template.ts';
import { ACCOUNT, at, listOf, REGION } from './template.ts';

/** The policies that people get who use the terminal: to look, and to act besides. */
export type TerminalPolicy = 'TerminalLookPolicy' | 'TerminalActPolicy';

const documentOf = (template: Template, policy: TerminalPolicy): Json => {
  const resource = template.Resources[policy];
  if (resource === undefined) throw new Error(`The template has no ${policy}`);
  return at(resource.Properties, 'PolicyDocument') ?? null;
};

const statementsOf = (template: Template, policy: TerminalPolicy): readonly Json[] =>
  listOf(at(documentOf(template, policy), 'Statement'));

const isAllowed = async (
  template: Template,
  policies: readonly TerminalPolicy[],
  { action, resource, context = {} }: IamRequest,
): Promise<boolean> => {
  const region: Readonly<Record<string, string>> = action.startsWith('ec2:') ? { 'ec2:Region': REGION } : {};
  const contextVariables = Object.fromEntries(
    Object.entries<string | readonly string[]>({ 'aws:SecureTransport': 'true', ...region, ...context }).map(
      ([key, value]) => [key, typeof value === 'string' ? value : [...value]],
    ),
  );
  const answer = await runSimulation(
    {
      request: {
        action,
        principal: `arn:aws:iam::${ACCOUNT}:user/tanaka`,
        resource: { resource, accountId: ACCOUNT },
        contextVariables,
      },
      identityPolicies: policies.map((name) => ({ name, policy: documentOf(template, name) })),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    },
    {},
  );
  if (answer.resultType !== 'single') throw new Error(`${action} on ${resource}: ${JSON.stringify(answer)}`);
  return answer.overallResult === 'Allowed';
};

/** The requests that somebody with these policies alone is refused. */
export const refusedToPeople = async (
  template: Template,
  policies: readonly TerminalPolicy[],
  requests: readonly IamRequest[],
): Promise<readonly string[]> => {
  const answers = await Promise.all(requests.map((request) => isAllowed(template, policies, request)));
  return requests
    .filter((_, index) => answers[index] === false)
    .map(({ action, resource }) => `${action} on ${resource}`);
};

/** Every action that a policy grants, once. */
export const grantedToPeople = (template: Template, policy: TerminalPolicy): readonly string[] =>
  [
    ...new Set(statementsOf(template, policy).flatMap((statement) => listOf(at(statement, 'Action')).map(String))),
  ].sort();

/** What is broader than it need be: actions with a wildcard, and `*` for an action that AWS lets us narrow. */
export const tooBroad = async (template: Template, policy: TerminalPolicy): Promise<readonly string[]> => {
  const onEverything = statementsOf(template, policy).filter((statement) =>
    listOf(at(statement, 'Resource')).includes('*'),
  );
  const actions = onEverything.flatMap((statement) => listOf(at(statement, 'Action')).map(String));
  const narrower = await Promise.all(
    actions.map(async (action) => {
      const [service = '', verb = ''] = action.split(':');
      return (await isWildcardOnlyAction(service, verb)) ? [] : [action];
    }),
  );
  return [...grantedToPeople(template, policy).filter((action) => action.includes('*')), ...narrower.flat()];
};
