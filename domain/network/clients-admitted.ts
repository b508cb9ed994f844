import { peerText } from '../change.ts';
import { compareText } from '../difference.ts';
import type { Finding } from '../finding.ts';
import type { LoadBalancer } from '../load-balancer.ts';
import type { AddressRange } from './addresses.ts';
import { coverage, overlaps, parseRange } from './addresses.ts';
import type { Door, GuardedBalancer } from './doors.ts';
import { groupEvidence, inFamiliesOf } from './doors.ts';
import { pathFinding } from './findings.ts';
import { whyUnread } from './hop.ts';
import type { SecurityGroupRule, Vpc } from './model.ts';
import { coversPort } from './ports.ts';
import { authorizeLines } from './remedies.ts';

const WORLD = ['0.0.0.0/0', '::/0'];

/** Who comes by scheme: the world, or the balancer's own VPC; `undefined` where that could not be told. */
const byScheme = (loadBalancer: LoadBalancer, vpc: Vpc | undefined): readonly string[] | undefined => {
  if (loadBalancer.scheme !== 'internal') return inFamiliesOf(loadBalancer, WORLD);
  const own = vpc && [...vpc.ipv4Cidrs, ...vpc.ipv6Cidrs];
  return own && inFamiliesOf(loadBalancer, own);
};

const rangesOf = (cidrs: readonly string[]): readonly AddressRange[] =>
  cidrs.map(parseRange).filter((range) => range !== undefined);

/** Rules that name blocks say who may come; those that name a list or a group were meant for somebody else than everybody. */
const namesSomebody = ({ peer }: SecurityGroupRule): boolean =>
  peer.kind === 'prefix-list' || peer.kind === 'security-group';

const notAdmitted = (door: Door, missing: readonly string[], asked: GuardedBalancer): Finding => {
  const { loadBalancer } = asked;
  const [groupId = ''] = loadBalancer.securityGroupIds.toSorted(compareText);
  const addition = { groupId, direction: 'ingress', protocol: door.protocol, port: door.port } as const;
  return pathFinding(
    'ClientsNotAdmitted',
    { ...groupEvidence(asked), peer: missing.join(', '), protocol: door.protocol, port: String(door.port) },
    authorizeLines(addition, missing, loadBalancer.arn),
  );
};

const vpcUnknown = (door: Door, asked: GuardedBalancer): Finding => {
  const { loadBalancer, network } = asked;
  const reading = network.vpcs.get(loadBalancer.vpcId ?? '');
  const flow = { protocol: door.protocol, port: String(door.port) };
  const why = { because: 'VpcUnread', why: whyUnread(reading), vpc: loadBalancer.vpcId };
  return pathFinding('PathUnknown', { ...why, ...flow, loadBalancer: loadBalancer.name });
};

/**
 * Whether clients get in at one door. Nobody admitted is an obstacle; fewer than the scheme tells of is worth knowing, for it
 * may be meant, and so may nobody where clients who come through PrivateLink don't obey the rules. A list or a group is meant:
 * CloudFront's addresses, or the application in front.
 */
export const judgeDoor = (door: Door, asked: GuardedBalancer): readonly Finding[] => {
  const rules = asked.rules.filter((rule) => coversPort(rule, door.protocol, door.port));
  if (rules.some(namesSomebody)) return [];
  const told = door.clientCidrs && inFamiliesOf(asked.loadBalancer, door.clientCidrs);
  const clients = told && told.length > 0 ? told : byScheme(asked.loadBalancer, asked.vpc);
  if (clients === undefined) return rules.length > 0 ? [] : [vpcUnknown(door, asked)];
  const offered = rangesOf(rules.map(({ peer }) => peerText(peer)));
  const missing = clients.filter((cidr) => coverage(rangesOf([cidr]), offered) !== 'whole');
  if (missing.length === 0) return [];
  const finding = notAdmitted(door, missing, asked);
  const isSomebodyAdmitted = rangesOf(clients).some((range) => offered.some((each) => overlaps(range, each)));
  const mayBeMeant = isSomebodyAdmitted || (asked.loadBalancer.admitsPrivateLink === true && clients !== told);
  return [mayBeMeant ? { ...finding, severity: 'information' } : finding];
};
