import type { FleetPlan, PlannedChange } from '../domain/fleet-plan.ts';
import { isDrift, isWaiting } from '../domain/fleet-plan.ts';
import type { PlanPlace } from './show-plan.ts';

/**
 * Version of the form. Members may come to be; one that is there is neither renamed nor given another meaning without
 * another number.
 */
const FORM = 1;

export const changeJson = ({ change, matter }: PlannedChange) => {
  const targets = matter.targets.map(({ key, name, instanceId = null }) => ({ key, name, instanceId }));
  switch (change.kind) {
    case 'register-target':
    case 'deregister-target':
      return {
        kind: change.kind,
        targetGroup: matter.targetGroup,
        target: { id: change.target.id, port: change.target.port ?? null },
        instance: { id: change.instanceId, name: matter.targets[0]?.name ?? change.instanceId },
        reason: change.reason,
        because: change.kind === 'deregister-target' ? (change.because ?? null) : null,
      };
    case 'authorize-rule':
      return {
        kind: change.kind,
        securityGroup: matter.securityGroup ?? { id: change.groupId, name: change.groupId },
        direction: change.direction,
        protocol: change.protocol,
        port: change.port,
        peer: matter.peer ?? null,
        targetGroup: matter.targetGroup,
        targets,
        reason: change.reason,
      };
    case 'revoke-rule':
      return {
        kind: change.kind,
        securityGroup: matter.securityGroup ?? { id: change.groupId, name: change.groupId },
        direction: change.direction,
        ruleId: change.ruleId,
        reason: change.reason,
      };
    case 'create-security-group':
    case 'delete-security-group':
    case 'attach-security-group':
    case 'detach-security-group':
      return {
        kind: change.kind,
        securityGroup: matter.securityGroup ?? { id: change.groupName, name: change.groupName },
        targetGroup: matter.targetGroup,
        reason: change.reason,
      };
  }
};

/** A plan for programs. */
export const planJson = (plan: FleetPlan, place: PlanPlace) => ({
  usher: FORM,
  stage: place.stage,
  region: place.region,
  account: place.account,
  isDeployed: place.isDeployed,
  at: plan.at.toISOString(),
  isDrift: isDrift(plan),
  paused:
    plan.pause === undefined
      ? null
      : { since: plan.pause.since.toISOString(), by: plan.pause.byUserId, reason: plan.pause.reason ?? null },
  looked: { instances: plan.instances, targetGroups: plan.targetGroups },
  changes: plan.changes.map(changeJson),
  left: plan.leftAsItIs.map((left) => ({
    what: left.what,
    targetGroup: left.targetGroup.id === '' ? null : left.targetGroup,
    of: left.of,
    because: left.because,
    isWaiting: isWaiting(left),
    findings: left.findings.map(({ reason, evidence }) => ({ reason, evidence })),
    ...(left.code === undefined
      ? {}
      : {
          code: {
            cloudFormation: left.code.cloudFormation,
            hcl: left.code.hcl,
            rules: left.code.rules,
            of: left.code.of,
          },
        }),
  })),
  findings: plan.findings.map(({ subject, targetGroup, finding: { reason, severity, evidence } }) => ({
    subject,
    targetGroup: targetGroup ?? null,
    reason,
    severity,
    evidence,
  })),
});
