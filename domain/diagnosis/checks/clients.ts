import type { FindingReason } from '../../finding.ts';
import type { Evidence } from '../evidence.ts';
import type { Check } from './check.ts';
import { finding } from './check.ts';

/** What is found of a balancer's clients is the balancer's, whichever of its groups is looked at. */
export const OF_CLIENTS: ReadonlySet<FindingReason> = new Set<FindingReason>([
  'ClientsNotAdmitted',
  'PortUnserved',
  'PathMtuBlocked',
]);

/** Whoever asks what might be better is given advice; whoever is woken by an alarm only what may hurt. */
const isAdviceWanted = ({ symptom }: Evidence): boolean => symptom.kind === 'other';

/** Whether visitors get to the balancer at all; health checks pass without them. */
export const checkClients: Check = (evidence) => {
  const { clients } = evidence;
  if (clients === undefined) return [];
  if (clients.kind === 'unreadable')
    return [finding('CouldNotLook', 'information', { what: 'clients', why: clients.why })];
  return clients.value.filter(({ severity }) => severity !== 'information' || isAdviceWanted(evidence));
};
