import type { Report } from '../../domain/report.ts';
import { shortDigest } from '../../domain/report-frame.ts';
import type { StoredPlan } from '../../domain/stored-plan.ts';
import type { SweepPorts } from './ports.ts';

/** The shelf on which what sweeps said is kept; no destination's name holds a space. */
const SHELF = 'said by sweeps';

const isOffer = ({ buttons = [] }: Report): boolean =>
  buttons.some(({ verb }) => verb === 'approve' || verb === 'put-it-back');

/** Facts that stay as they are until somebody does something about them. */
const STANDING: ReadonlySet<Report['body']['kind']> = new Set([
  'configuration-findings',
  'targets-not-registered',
  'targets-not-taken-out',
]);

/**
 * What makes two reports of sweeps one. Facts about tags and about who can't be seated are said anew each day when an event
 * brings them up; a sweep, which finds them every quarter of an hour, says them once in these words. Everything else, and
 * what asks a question, goes by its own key.
 */
const identityOf = (report: Report): string => {
  const { body, destination, matter, key } = report;
  const isStanding = STANDING.has(body.kind);
  return isStanding && !isOffer(report)
    ? `${body.kind}-${shortDigest(`${destination}|${matter}|${JSON.stringify(body)}`)}`
    : `${destination}|${key}`;
};

/**
 * The same ports, through which nothing is said that a sweep said before. Plans are kept only with the report that offers
 * them. What is said is handed on at once, so that nobody who relies on it having been said is let down.
 */
export const sayingOnce = <P extends Pick<SweepPorts, 'reports' | 'plans' | 'said' | 'now'>>(ports: P): P => {
  const offered = new Map<string, StoredPlan>();
  return {
    ...ports,
    plans: {
      store: async (plan) => {
        offered.set(plan.planId, plan);
      },
    },
    reports: {
      publish: async (report) => {
        const identity = identityOf(report);
        if (await ports.said.has(SHELF, identity)) return;
        for (const button of report.buttons ?? []) {
          const plan = offered.get(button.planId);
          if (plan !== undefined) await ports.plans.store(plan);
        }
        await ports.reports.publish(report);
        await ports.said.add(SHELF, identity, ports.now());
      },
    },
  };
};
