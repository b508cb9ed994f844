import { isInstanceId, primaryInterface } from '../../instance.ts';
import { valueRead } from '../../network/hop.ts';
import { regionOption } from '../../network/remedies.ts';
import type { Evidence, StatusChecks } from '../evidence.ts';
import type { Member } from '../members.ts';
import { isHealthy, membersOf, notHealthy, unhealthy } from '../members.ts';
import type { Check } from './check.ts';
import { about } from './check.ts';

const failing = ({ instance, system }: StatusChecks): 'instance' | 'system' | 'both' | undefined => {
  if (instance === 'impaired') return system === 'impaired' ? 'both' : 'instance';
  return system === 'impaired' ? 'system' : undefined;
};

/** EC2 says itself that an instance, or the host below it, is not well. */
export const checkStatusChecks: Check = (evidence) =>
  (['both', 'system', 'instance'] as const).flatMap((which) =>
    about(
      notHealthy(evidence).filter(({ statusChecks }) => statusChecks !== undefined && failing(statusChecks) === which),
      evidence,
      'StatusCheckFailed',
      'warning',
      { check: which },
    ),
  );

/** All that are unhealthy run other AMIs than the one that all healthy ones run. */
export const checkImages: Check = (evidence) => {
  const bad = unhealthy(evidence);
  const healthy = membersOf(evidence).filter(isHealthy);
  const imagesOf = (members: readonly Member[]) => new Set(members.map(({ instance }) => instance?.imageId));
  const [otherImage, ...others] = imagesOf(healthy);
  const images = imagesOf(bad);
  const isTold = otherImage !== undefined && others.length === 0 && !images.has(undefined) && !images.has(otherImage);
  return isTold ? about(bad, evidence, 'ImagesDiffer', 'warning', { image: [...images].join(', '), otherImage }) : [];
};

/** What EC2 tells with an instance is of its primary interface; of an address on another it tells nothing there. */
const checkedInstance = ({ health: { target }, instance }: Member): string | undefined => {
  if (isInstanceId(target.id)) return target.id;
  const primary = instance && primaryInterface(instance);
  return primary?.privateIpv4Addresses.includes(target.id) ? instance?.instanceId : undefined;
};

const checkedOf = ({ sourceDestinationChecks }: Evidence) => {
  const checks = valueRead(sourceDestinationChecks);
  return (member: Member): boolean | undefined => checks?.get(checkedInstance(member) ?? '');
};

/** An appliance forwards what is neither from nor to itself, which EC2 drops while it checks. */
const checkAppliances: Check = (evidence) => {
  const checked = checkedOf(evidence);
  const bad = unhealthy(evidence).filter((member) => checked(member) === true);
  const [only, ...more] = bad;
  const remedy =
    only === undefined || more.length > 0
      ? undefined
      : `aws ec2 modify-instance-attribute --instance-id ${checkedInstance(only)} --no-source-dest-check${regionOption(evidence.subject.targetGroupArn ?? evidence.subject.loadBalancerArn ?? '')}`;
  return about(bad, evidence, 'SourceDestinationCheckOn', 'warning', {}, remedy);
};

/** Set to forward, unlike every healthy one: its own routing or firewall may take the balancer's packets elsewhere. */
const checkForwarders: Check = (evidence) => {
  const checked = checkedOf(evidence);
  const healthy = membersOf(evidence).filter(isHealthy);
  const bad = unhealthy(evidence).filter((member) => checked(member) === false);
  return healthy.length > 0 && healthy.every((member) => checked(member) === true)
    ? about(bad, evidence, 'SourceDestinationCheckOff', 'information')
    : [];
};

export const checkSourceDestination: Check = (evidence) =>
  evidence.subject.kind === 'gateway' ? checkAppliances(evidence) : checkForwarders(evidence);
