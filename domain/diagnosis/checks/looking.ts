import type { Finding } from '../../finding.ts';
import type { Reading } from '../../reading.ts';
import type { Evidence } from '../evidence.ts';
import type { Check } from './check.ts';
import { finding } from './check.ts';

const readings = (evidence: Evidence): readonly (readonly [what: string, reading: Reading<unknown>])[] => [
  ['target-group', evidence.targetGroup],
  ['load-balancer', evidence.loadBalancer],
  ['listeners', evidence.listeners],
  ['members', evidence.members],
  ['instances', evidence.instances],
  ['status-checks', evidence.statusChecks],
  ['source-destination-checks', evidence.sourceDestinationChecks],
  ['attributes', evidence.attributes],
  ['deploys', evidence.deploys],
];

/** Without these nothing can be told; the others only add to it. */
const ESSENTIAL = new Set(['target-group', 'members']);

/** Another account's balancer may be called as one of ours; what is wrong with ours has no part in it. */
export const checkElsewhere: Check = ({ elsewhere }) =>
  elsewhere === undefined
    ? []
    : [finding('WatchesElsewhere', 'warning', { account: elsewhere.account, region: elsewhere.region })];

/** What could not be looked at is said, lest it be taken for well. */
export const checkUnread: Check = (evidence) =>
  // Of what is elsewhere nothing was tried.
  (evidence.elsewhere === undefined ? readings(evidence) : []).flatMap(([what, reading]) =>
    reading.kind === 'read'
      ? []
      : [finding('CouldNotLook', ESSENTIAL.has(what) ? 'warning' : 'information', { what, why: reading.why })],
  );

const gone = (subject: string, id: string | undefined, reading: Reading<unknown>): readonly Finding[] =>
  id !== undefined && reading.kind === 'read' && reading.value === undefined
    ? [finding('SubjectGone', 'warning', { subject, id })]
    : [];

/** An alarm outlives what it watches. */
export const checkGone: Check = ({ subject, targetGroup, loadBalancer }) => [
  ...gone('target-group', subject.targetGroupArn, targetGroup),
  ...(subject.kind === 'classic' ? [] : gone('load-balancer', subject.loadBalancerArn, loadBalancer)),
];
