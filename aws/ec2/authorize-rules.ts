import type { EC2Client, IpPermission, TagSpecification } from '@aws-sdk/client-ec2';
import { AuthorizeSecurityGroupEgressCommand, AuthorizeSecurityGroupIngressCommand } from '@aws-sdk/client-ec2';
import { canonicalCidr } from '../../domain/network/addresses.ts';
import type { RuleDirection, RulePeer, SecurityGroupRule } from '../../domain/network/model.ts';
import { ruleDescription } from '../../domain/network/rule-description.ts';
import type { Tags } from '../../domain/tags.ts';
import { unexpectedAnswer } from '../answer.ts';
import type { AwsCall, AwsErrorMeaning } from '../aws-call-error.ts';
import { AwsCallError } from '../aws-call-error.ts';
import { callAws } from '../call-aws.ts';
import { toSecurityGroupRule } from './answers.ts';
import type { Ec2Writer, RuleOutcome, RuleToAdd } from './port.ts';
import { InterruptedAuthorization } from './port.ts';
import { ec2Reader } from './reader.ts';

const ACTION = { ingress: 'AuthorizeSecurityGroupIngress', egress: 'AuthorizeSecurityGroupEgress' } as const;

/** AWS's API reference states no limit; users of the call name this one (aws-controllers-k8s/community issue 2186). */
const RULES_PER_CALL = 1_000;

/** Refusals that may be about one rule of several. What is denied is denied for all; anything else says nothing of rules. */
const ABOUT_RULES: ReadonlySet<AwsErrorMeaning> = new Set(['already-there', 'full', 'invalid', 'not-found', 'other']);

/** Where the rules go and with what tags; `claimed` are ids of rules found to be ours, each for one rule only. */
interface Desk {
  readonly client: EC2Client;
  readonly call: AwsCall;
  readonly groupId: string;
  readonly direction: RuleDirection;
  readonly tags: Tags;
  readonly claimed: Set<string>;
}

const peerOf = (peer: RulePeer, Description: string): Partial<IpPermission> => {
  switch (peer.kind) {
    case 'cidr-ipv4':
      return { IpRanges: [{ CidrIp: peer.cidr, Description }] };
    case 'cidr-ipv6':
      return { Ipv6Ranges: [{ CidrIpv6: peer.cidr, Description }] };
    case 'prefix-list':
      return { PrefixListIds: [{ PrefixListId: peer.prefixListId, Description }] };
    case 'security-group':
      return { UserIdGroupPairs: [{ GroupId: peer.groupId, Description }] };
  }
};

const permissionOf = ({ protocol, port, peer, description }: RuleToAdd): IpPermission => ({
  IpProtocol: protocol,
  FromPort: port,
  ToPort: port,
  ...peerOf(peer, ruleDescription(description)),
});

const tagsOnRules = (tags: Tags): TagSpecification => ({
  ResourceType: 'security-group-rule',
  Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
});

const send = ({ client, call, groupId, direction, tags }: Desk, rules: readonly RuleToAdd[]) => {
  const input = {
    GroupId: groupId,
    IpPermissions: rules.map(permissionOf),
    TagSpecifications: [tagsOnRules(tags)],
  };
  return callAws(call, () =>
    direction === 'ingress'
      ? client.send(new AuthorizeSecurityGroupIngressCommand(input))
      : client.send(new AuthorizeSecurityGroupEgressCommand(input)),
  );
};

/** The other side of a rule as AWS keeps it: a CIDR comes back with its host bits cleared (facts 3.3). */
const peerKey = (peer: RulePeer): string => {
  switch (peer.kind) {
    case 'cidr-ipv4':
    case 'cidr-ipv6':
      return canonicalCidr(peer.cidr) ?? peer.cidr;
    case 'prefix-list':
      return peer.prefixListId;
    case 'security-group':
      return peer.groupId;
  }
};

const isThatRule = (seen: SecurityGroupRule, { protocol, port, peer }: RuleToAdd, direction: RuleDirection): boolean =>
  seen.direction === direction &&
  seen.protocol === protocol &&
  seen.fromPort === port &&
  seen.toPort === port &&
  peerKey(seen.peer) === peerKey(peer);

const claim = (
  { claimed, direction }: Desk,
  rule: RuleToAdd,
  among: readonly SecurityGroupRule[],
): RuleOutcome | undefined => {
  const own = among.find((seen) => isThatRule(seen, rule, direction) && !claimed.has(seen.ruleId));
  if (own === undefined) return undefined;
  claimed.add(own.ruleId);
  return { kind: 'applied', ruleId: own.ruleId };
};

const readRules = async ({ client, groupId }: Desk): Promise<readonly SecurityGroupRule[]> =>
  (await ec2Reader(client).readSecurityGroupRules([groupId])).get(groupId) ?? [];

/** What the group has of a rule: ours when it carries all our tags, else somebody else's; `undefined` when it isn't there. */
const lookFor = (desk: Desk, rule: RuleToAdd, held: readonly SecurityGroupRule[]): RuleOutcome | undefined => {
  const tagged = held.filter(({ tags }) => Object.entries(desk.tags).every(([key, value]) => tags[key] === value));
  const isThere = held.some((seen) => isThatRule(seen, rule, desk.direction));
  return claim(desk, rule, tagged) ?? (isThere ? { kind: 'already-there' } : undefined);
};

const refusal = ({ code, awsMessage: message }: AwsCallError): RuleOutcome => ({ kind: 'refused', code, message });

type Answer = Awaited<ReturnType<typeof send>>;

/** AWS's answer, or its refusal where that may be about a rule. */
const ask = async (desk: Desk, rules: readonly RuleToAdd[]): Promise<Answer | AwsCallError> => {
  try {
    return await send(desk, rules);
  } catch (error) {
    if (error instanceof AwsCallError && ABOUT_RULES.has(error.meaning)) return error;
    throw error;
  }
};

/** The rules that an answer says were written; one that can't be read names none, and they are looked for. */
const writtenBy = (call: AwsCall, { SecurityGroupRules = [] }: Answer): readonly SecurityGroupRule[] => {
  try {
    return SecurityGroupRules.map((rule) => toSecurityGroupRule(call, rule));
  } catch {
    return [];
  }
};

/** Matched by what each rule is: nothing promises that the answer keeps the order. */
const readAnswer = async (desk: Desk, rules: readonly RuleToAdd[], answer: Answer): Promise<readonly RuleOutcome[]> => {
  const written = writtenBy(desk.call, answer);
  const named = rules.map((rule) => claim(desk, rule, written));
  const held = named.includes(undefined) ? await readRules(desk) : [];
  return rules.map((rule, index) => {
    const missing = `the answer has no rule for ${rule.protocol}/${rule.port} ${peerKey(rule.peer)}`;
    return named[index] ?? lookFor(desk, rule, held) ?? refusal(unexpectedAnswer(desk.call, missing));
  });
};

/**
 * A duplicate may be our own, written by an attempt whose answer was lost, or by a call of several that was refused for
 * another rule. Only then the group's rules are read to tell the two apart, else the rule would be nobody's.
 */
const authorizeAlone = async (desk: Desk, rule: RuleToAdd, wasAsked: boolean): Promise<readonly RuleOutcome[]> => {
  const answer = await ask(desk, [rule]);
  if (!(answer instanceof AwsCallError)) return readAnswer(desk, [rule], answer);
  if (answer.meaning !== 'already-there') return [refusal(answer)];
  const found = wasAsked || answer.attempts > 1 ? lookFor(desk, rule, await readRules(desk)) : undefined;
  return [found ?? { kind: 'already-there' }];
};

/** Outcomes of the parts one after the other; what is known goes with the error that cuts them short. */
const inTurn = async <Part>(
  parts: readonly Part[],
  act: (part: Part) => Promise<readonly RuleOutcome[]>,
): Promise<readonly RuleOutcome[]> => {
  const outcomes: RuleOutcome[] = [];
  for (const part of parts) {
    try {
      outcomes.push(...(await act(part)));
    } catch (error) {
      if (!(error instanceof AwsCallError)) throw error;
      const known = error instanceof InterruptedAuthorization ? error.progress : [];
      throw new InterruptedAuthorization(error, [...outcomes, ...known]);
    }
  }
  return outcomes;
};

/**
 * AWS does not say which rule it refused a call for, nor whether it wrote the others (facts 3.3). So the group is looked
 * at, and what isn't there is asked for one rule a call: each has an outcome of its own, and one stops no other.
 */
const authorizeApart = async (desk: Desk, rules: readonly RuleToAdd[]): Promise<readonly RuleOutcome[]> => {
  const held = await readRules(desk);
  return inTurn(rules, async (rule) => {
    const found = lookFor(desk, rule, held);
    return found === undefined ? authorizeAlone(desk, rule, true) : [found];
  });
};

const authorizeTogether = async (desk: Desk, rules: readonly RuleToAdd[]): Promise<readonly RuleOutcome[]> => {
  const [only, ...others] = rules;
  if (only !== undefined && others.length === 0) return authorizeAlone(desk, only, false);
  const answer = await ask(desk, rules);
  return answer instanceof AwsCallError ? authorizeApart(desk, rules) : readAnswer(desk, rules, answer);
};

/** Every rule has a place in some call, the same one twice too: its outcome is looked up by that place. */
const perCall = (rules: readonly RuleToAdd[]): readonly (readonly RuleToAdd[])[] =>
  Array.from({ length: Math.ceil(rules.length / RULES_PER_CALL) }, (_, index) =>
    rules.slice(index * RULES_PER_CALL, (index + 1) * RULES_PER_CALL),
  );

/** Adds rules to one security group in one direction: in one call, unless AWS refuses it. */
export const authorizeRules =
  (client: EC2Client): Ec2Writer['authorizeRules'] =>
  (groupId, direction, rules, tags) => {
    const call: AwsCall = { service: 'EC2', action: ACTION[direction] };
    const desk: Desk = { client, call, groupId, direction, tags, claimed: new Set() };
    return inTurn(perCall(rules), (batch) => authorizeTogether(desk, batch));
  };
