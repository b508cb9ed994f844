import type { AlarmExplained, Effect, ToldChange } from '../../domain/diagnosis/report.ts';
import type { GroupHealth } from '../../domain/report.ts';
import type { Phrase } from '../phrase.ts';
import { code, joined, outside, say, strong, words } from '../phrase.ts';
import type { DiagnosisCatalogue, When } from './diagnosis.ts';
import { subjectOf } from './diagnosis.ts';
import { englishDuration } from './duration.ts';

const NAME_LIMIT = 24;
const FIXES_SHOWN = 2;
const NAMES_SHOWN = 2;

/** What the balancer's own answers mean. @see ALB guide, "HTTP error codes" */
const CODES: Readonly<Record<'502' | '503' | '504', string>> = {
  '502': 'bad gateway: no connection to a target, or one that broke off',
  '503': 'service unavailable: nobody is there to take a request',
  '504': 'gateway timeout: no target answers in time',
};

const again = ({ timesRaised }: AlarmExplained): string => (timesRaised > 1 ? ' again' : '');

const healthyOf = (health: GroupHealth | undefined): string => {
  if (health === undefined) return '';
  return health.total === 0 ? 'no target registered' : `${health.healthy} of ${health.total} targets healthy`;
};

const down = (body: AlarmExplained, subject: Phrase, since: string): Phrase => {
  const healthy = healthyOf(body.health);
  return say`${subject} is down${words(again(body))}${words(healthy === '' ? '' : `: ${healthy}`)} since ${words(since)}`;
};

/** `: 1 of 3 targets not healthy`, and who; or that all are healthy. */
const some = (body: AlarmExplained, subject: Phrase, since: string, limit: number) => {
  const { health, targets } = body;
  const bad = health === undefined ? 0 : health.total - health.healthy;
  if (health === undefined || bad <= 0)
    return {
      strong: say`${subject}: alarm since ${words(since)}`,
      rest: [words(health === undefined || health.total === 0 ? '' : ` – all ${health.total} targets are healthy`)],
    };
  const names = targets.slice(0, NAMES_SHOWN).map(({ name }) => [outside(name, Math.min(limit, NAME_LIMIT))]);
  return {
    strong: say`${subject}: ${bad} of ${health.total} targets not healthy${words(again(body))} since ${words(since)}`,
    rest:
      names.length === 0
        ? []
        : say` (${joined(names, ', ')}${words(bad > names.length ? ` and ${bad - names.length} more` : '')})`,
  };
};

const failing = ({ effect, symptom }: AlarmExplained): string => {
  if (effect.kind === 'errors' && effect.code !== undefined) return ` answers some requests with ${effect.code}`;
  return symptom.kind === 'connection-errors'
    ? ': connections to targets fail'
    : ' answers some requests with errors (5xx)';
};

const told = (effect: Extract<Effect, { readonly kind: 'down' | 'errors' }>): string =>
  effect.code === undefined ? '' : `${effect.code} (${CODES[effect.code]})`;

const someSee = (body: AlarmExplained): Phrase => {
  const { effect, symptom } = body;
  if (effect.kind === 'errors' && effect.code !== undefined) return say`Visitors: some see ${words(told(effect))}.`;
  if (symptom.kind === 'connection-errors')
    return say`Visitors: some may wait or see an error; the balancer can’t always connect.`;
  return symptom.kind === 'target-error'
    ? say`Visitors: some see an error of the application’s (5xx).`
    : say`Visitors: some see an error of the balancer’s (5xx).`;
};

const DEPLOYS: Readonly<Record<NonNullable<AlarmExplained['deploy']>['kind'], string>> = {
  'instance-refresh': 'instance refresh of',
  codedeploy: 'CodeDeploy deployment',
  registration: 'registration of',
};

/** What a call did, as a person says it; others by the call's own name. */
const DID: Readonly<Record<string, string>> = {
  AuthorizeSecurityGroupIngress: 'added an inbound rule to',
  AuthorizeSecurityGroupEgress: 'added an outbound rule to',
  RevokeSecurityGroupIngress: 'removed an inbound rule from',
  RevokeSecurityGroupEgress: 'removed an outbound rule from',
  ModifySecurityGroupRules: 'changed rules of',
  CreateNetworkAclEntry: 'added an entry to',
  ReplaceNetworkAclEntry: 'changed an entry of',
  DeleteNetworkAclEntry: 'removed an entry from',
  ReplaceNetworkAclAssociation: 'changed the network ACL of',
  RegisterTargets: 'registered targets in',
  DeregisterTargets: 'took targets out of',
  RegisterInstancesWithLoadBalancer: 'registered instances with',
  DeregisterInstancesFromLoadBalancer: 'took instances out of',
  ModifyTargetGroup: 'changed the health check of',
  ModifyTargetGroupAttributes: 'changed attributes of',
  ConfigureHealthCheck: 'changed the health check of',
  ModifyListener: 'changed a listener of',
  DeleteListener: 'deleted a listener of',
  ModifyRule: 'changed a listener rule of',
  DeleteRule: 'deleted a listener rule of',
  SetSecurityGroups: 'changed the security groups of',
  SetSubnets: 'changed the subnets of',
  StopInstances: 'stopped',
  StartInstances: 'started',
  RebootInstances: 'rebooted',
  TerminateInstances: 'terminated',
};

/** Usher’s own registrations are told by the target, others by the group. */
const OURS: Readonly<Record<string, string>> = { RegisterTargets: 'registered', DeregisterTargets: 'took out' };

/** The word for what came from outside, where we have one: it may be called as what every object inherits. */
const wordFor = (known: Readonly<Record<string, string>>, name: string): string | undefined =>
  Object.hasOwn(known, name) ? known[name] : undefined;

const VIA: Readonly<Record<string, string>> = {
  console: 'console',
  cli: 'AWS CLI',
  cloudformation: 'CloudFormation',
  terraform: 'Terraform',
  service: 'AWS service',
};

const by = ({ by: name, via, isOurs }: ToldChange): Phrase => {
  if (isOurs) return [words('Usher')];
  const who: Phrase = name === undefined ? [words('somebody')] : [outside(name, NAME_LIMIT)];
  if (via === undefined) return who;
  const known = wordFor(VIA, via);
  return known === undefined ? say`${who} (${outside(via, NAME_LIMIT)})` : say`${who} (${words(known)})`;
};

const did = ({ what, isOurs }: ToldChange, thing: Phrase): Phrase => {
  const verb = (isOurs ? wordFor(OURS, what) : undefined) ?? wordFor(DID, what);
  return verb === undefined ? say`called ${code(what)} on ${thing}` : say`${words(verb)} ${thing}`;
};

const change = (made: ToldChange, when: When): Phrase =>
  say`${by(made)} ${did(made, [code(made.subject.name)])} at ${words(when(made.at))}`;

/** Everything said in English about alarms and their causes. */
export const ENGLISH_DIAGNOSIS: DiagnosisCatalogue = {
  headline: (body, when, limit) => {
    const subject: Phrase = [outside(subjectOf(body), limit)];
    const since = when(body.since);
    const plain = (state: Phrase, rest: Phrase = []) => ({ strong: state, rest });
    switch (body.effect.kind) {
      case 'down':
        return plain(down(body, subject, since));
      case 'fail-open':
        return plain(
          say`${subject}: ${words(healthyOf(body.health) || 'no target healthy')}${words(again(body))} since ${words(since)}`,
          say` – all get requests`,
        );
      case 'partly':
        return plain(
          say`${subject} is partly down${words(again(body))} since ${words(since)}`,
          say` – no healthy target in ${outside(body.effect.zones.join(', '), limit)}`,
        );
      case 'errors':
        return plain(say`${subject}${words(failing(body))}${words(again(body))} since ${words(since)}`);
      case 'slow':
        return plain(say`${subject} answers slowly${words(again(body))} since ${words(since)}`);
      case 'unused':
        return plain(say`${subject}: alarm since ${words(since)}`, say` – no requests are sent there`);
      case 'unknown':
        return plain(say`${subject}: alarm since ${words(since)}`, say` – effect on visitors not known`);
      case 'none':
        return some(body, subject, since, limit);
    }
  },
  visitors: (body, said) => {
    switch (body.effect.kind) {
      case 'none':
        return said.notAffected;
      case 'down':
        return body.effect.code === undefined
          ? say`Visitors: nobody is served.`
          : say`Visitors see: ${words(told(body.effect))}.`;
      case 'fail-open':
        return said.noneHealthy;
      case 'partly':
        return say`Visitors: requests that enter by ${outside(body.effect.zones.join(', '))} fail; the others are served.`;
      case 'errors':
        return someSee(body);
      case 'slow':
        return say`Visitors: answers come late.`;
      case 'unused':
        return said.groupNotUsed;
      case 'unknown':
        return say`Visitors: whether they are affected could not be told.`;
    }
  },
  restPasses: () => say`Instances are running; listener, zones, ACLs pass.`,
  general: ({ symptom }) =>
    symptom.kind === 'other' && symptom.metric !== undefined
      ? say`The alarm watches ${code(symptom.metric)}, which says nothing by itself about health or errors; so I looked at targets and network.`
      : say`The alarm doesn’t say which metric of which balancer it is about; so I looked at targets and network.`,
  nothingFound: ({ effect }) =>
    effect.kind === 'unknown'
      ? say`Cause not known: too little could be read.`
      : say`Cause not known: targets, health checks, listeners and network were looked at, and nothing was found amiss.`,
  existed: ({ ruleId, at }, when) => say`Rule ${code(ruleId)} existed at ${words(when(at))}.`,
  deploy: ({ kind, name, since }, when) =>
    say`Under way: ${words(DEPLOYS[kind])} ${outside(name, NAME_LIMIT)} since ${words(when(since))}.`,
  who: (changes, awaitsTrail, when) => {
    if (changes.length === 0) return awaitsTrail ? say`Who: not in CloudTrail yet; I’ll add it here.` : [];
    const all = joined(
      changes.map((made) => change(made, when)),
      '; ',
    );
    return say`Changes around then: ${all}.${words(awaitsTrail ? ' If CloudTrail tells more, I add it here.' : '')}`;
  },
  nothingChanged: () => say`For this alarm nothing was changed.`,
  pressFix: (fix) => {
    const press = words(fix.length === 1 ? 'Next: press “Add the rule”' : `Next: press “Add ${fix.length} rules”`);
    const rules = fix
      .slice(0, FIXES_SHOWN)
      .map(
        ({ securityGroup, direction, peer, protocol, port }) =>
          say`${code(securityGroup.name)} ${words(direction === 'ingress' ? '←' : '→')} ${code(peer.name)} ${protocol}/${port}`,
      );
    const more = fix.length - rules.length;
    const count = words(fix.length === 1 ? 'one rule' : `${fix.length} rules`);
    return say`${strong([press])} (${count}: ${joined(rules, ', ')}${words(more > 0 ? `, … and ${more} more` : '')}; nothing wider).`;
  },
  lookYourself: ({ effect, symptom, since }, when) => {
    const next = strong([words('Next:')]);
    if (symptom.kind === 'other')
      return say`${next} look at the alarm’s graph around ${words(when(since))} and at what changed then.`;
    if (symptom.kind === 'balancer-error')
      return say`${next} look up those requests in the balancer’s access log around ${words(when(since))}.`;
    if (effect.kind === 'none')
      return say`${next} nothing if it was once; else look at the applications’ logs around ${words(when(since))}.`;
    return say`${next} look at the applications’ logs around ${words(when(since))}.`;
  },
  alarm: (name) => say`alarm ${outside(name)}`,
  changeTold: ({ changes, alarm }, when, limit) => {
    const [first] = changes;
    return first === undefined
      ? { strong: say`Who: CloudTrail tells of no change`, rest: say` – alarm ${outside(alarm, limit)}` }
      : {
          strong: say`Who: ${by(first)}`,
          rest: say` ${did(first, [outside(first.subject.name, limit)])} at ${words(when(first.at))}`,
        };
  },
  recovered: {
    headline: ({ alarm, targetGroup, health, downSeconds, wasDown, alarmsGone }, at, limit) => {
      const subject = outside(targetGroup?.name ?? alarm, limit);
      const isBack = health !== undefined && health.total > 0 && health.healthy === health.total;
      const healthy = health === undefined ? '' : `: ${health.healthy} of ${health.total} healthy`;
      if (alarmsGone.length > 0 && !isBack)
        return {
          strong: say`Alarm deleted or renamed${words(healthy)} at ${words(at)}`,
          rest: say` – I no longer follow it (${subject})`,
        };
      return {
        strong: say`${words(isBack ? 'Back' : 'Alarm over')}${words(healthy)} at ${words(at)}`,
        rest: say`, ${words(wasDown ? 'down' : 'after')} ${words(englishDuration(downSeconds))} (${subject})`,
      };
    },
    cameAndWent: (times) => say`It came and went ${times} times.`,
    gone: (names) =>
      say`${words(names.length === 1 ? 'This alarm was deleted or renamed' : 'These alarms were deleted or renamed')} while raised, so nobody tells of the end: ${joined(
        names.slice(0, NAMES_SHOWN).map((name) => [outside(name, NAME_LIMIT)]),
        ', ',
      )}.`,
    next: ({ health, alarmsGone }) => {
      const isWell = health !== undefined && health.total > 0 && health.healthy === health.total;
      if (alarmsGone.length > 0 && !isWell)
        return say`${strong([words('Next:')])} make an alarm again if you want to hear of this group, and see about its targets: whether all is well is not known.`;
      return health !== undefined && health.healthy < health.total
        ? say`${strong([words('Next:')])} see about those that are not healthy yet; the alarm takes it for well.`
        : say`Nothing to do.`;
    },
  },
};
