import { OF_CLIENTS } from '../../domain/diagnosis/checks/clients.ts';
import { diagnose } from '../../domain/diagnosis/diagnose.ts';
import type { DiagnosisSubject, Symptom } from '../../domain/diagnosis/subject.ts';
import type { BackGroup } from '../../domain/front-door/walk.ts';
import type { LoadBalancer } from '../../domain/load-balancer.ts';
import { valueRead } from '../../domain/network/hop.ts';
import { targetGroupName } from '../../domain/seating/placements.ts';
import type { Gathered } from '../diagnose/gather.ts';
import { gather } from '../diagnose/gather.ts';
import type { DoctorPorts } from './ports.ts';

/** Nobody complains of anything in particular. */
export const NO_COMPLAINT: Symptom = { kind: 'other', metric: undefined };

const toGroup = ({ evidence }: Gathered): readonly BackGroup[] => {
  const arn = valueRead(evidence.targetGroup)?.arn ?? evidence.subject.targetGroupArn;
  if (arn === undefined) return [];
  const { findings, health } = diagnose(evidence);
  return [
    {
      targetGroup: { name: targetGroupName(arn), id: arn },
      healthy: health?.healthy ?? 0,
      total: health?.total ?? 0,
      findings,
    },
  ];
};

/** What is the balancer's is told with the first of its groups. */
const ofGroupAlone = (group: BackGroup): BackGroup => ({
  ...group,
  findings: group.findings.filter(({ reason }) => !OF_CLIENTS.has(reason)),
});

/** What is the matter with the groups of a subject, by the same checks that explain an alarm. */
export const examineGroups = async (
  ports: DoctorPorts,
  subject: DiagnosisSubject,
  symptom: Symptom,
): Promise<readonly BackGroup[]> =>
  (await gather(ports, subject, symptom))
    .flatMap(toGroup)
    .map((group, index) => (index === 0 ? group : ofGroupAlone(group)));

/** A balancer as what is asked about; a Classic one is its own group. */
export const subjectOf = ({ arn, kind }: LoadBalancer): DiagnosisSubject => ({
  kind,
  loadBalancerArn: arn,
  targetGroupArn: kind === 'classic' ? arn : undefined,
  availabilityZone: undefined,
});
