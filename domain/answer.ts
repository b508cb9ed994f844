import type { NotAllowed } from './authorisation.ts';
import type { NotUnderstood, Verb } from './command.ts';
import type { CompanionSide } from './companion/side.ts';
import type { ExpiryTable } from './expiry/report.ts';
import type { DoctorAnswer } from './front-door/answer.ts';
import type { PathFinding } from './invalidation/paths.ts';
import type { PriceLine } from './invalidation/price.ts';
import type { Named } from './named.ts';
import type { MovedBecause, NotUndoneBecause } from './not-done.ts';
import type { ButtonVerb } from './order.ts';
import type { AddedRule, PlanStatus } from './stored-plan.ts';
import type { VerbAnswer } from './verb-answer.ts';

export type { MovedBecause, NotUndoneBecause } from './not-done.ts';

/** What became of a press on a button. */
export type PressOutcome =
  /** Seated, with what it took: nothing, where they had their seat already. */
  | {
      readonly kind: 'seated';
      readonly targetGroup: Named;
      readonly names: readonly string[];
      readonly count: number;
      readonly registered: number;
      readonly rulesAdded: number;
      readonly failed: number;
      /** Seats whose path stays blocked all the same. */
      readonly blocked: number;
    }
  /** Taken out, and held; the rules named stay. */
  | {
      readonly kind: 'undone';
      readonly targetGroup: Named;
      readonly names: readonly string[];
      readonly count: number;
      readonly rules: readonly AddedRule[];
    }
  /** Taken out because somebody said yes to that. */
  | {
      readonly kind: 'taken-out';
      readonly targetGroup: Named;
      readonly names: readonly string[];
      readonly count: number;
    }
  /** A companion group is there and worn, with what that took. */
  | {
      readonly kind: 'companion-made';
      readonly targetGroup: Named;
      readonly loadBalancer: Named;
      readonly securityGroup: Named;
      readonly side: CompanionSide;
      readonly wearers: number;
      readonly rulesAdded: number;
      readonly failed: number;
    }
  | {
      readonly kind: 'companion-refused';
      readonly targetGroup: Named;
      readonly groupName: string;
      readonly code: string;
    }
  | { readonly kind: 'not-undone'; readonly targetGroup: Named; readonly because: NotUndoneBecause }
  /** The invalidation is in line; its ending will be told. */
  | { readonly kind: 'invalidating'; readonly place: Named; readonly pathCount: number }
  /** Another answer to the same question came first, and stands; nothing was added. */
  | { readonly kind: 'invalidating-already'; readonly place: Named; readonly pathCount: number }
  | { readonly kind: 'rejected' }
  /** ISO 8601 in UTC. */
  | { readonly kind: 'silenced'; readonly until: string }
  /** It is being looked at; what is found is told where the report was. */
  | { readonly kind: 'looking' }
  /** Rules that let more than the balancer to targets are gone; their targets are watched until then, ISO 8601 in UTC. */
  | { readonly kind: 'rules-closed'; readonly securityGroup: Named; readonly count: number; readonly until: string }
  /** They stay, and are never asked about again. */
  | { readonly kind: 'rules-kept'; readonly securityGroup: Named; readonly count: number }
  | { readonly kind: 'closing-refused'; readonly securityGroup: Named; readonly code: string }
  /** The lines that would do what a plan is for; nothing was done. */
  | { readonly kind: 'lines-shown'; readonly lines: readonly string[] }
  /** A sweep that may change things has begun; what it comes to is told in the channel. */
  | { readonly kind: 'sweeping' }
  /** Alarms are being made for so many groups; what came of it is told in the channel. */
  | { readonly kind: 'making-alarms'; readonly count: number }
  | {
      readonly kind: 'moved';
      readonly targetGroup: Named;
      readonly moved: readonly { readonly name: string; readonly because: MovedBecause }[];
      /** What of it could still be done, as a new plan. */
      readonly offer:
        | { readonly planId: string; readonly names: readonly string[]; readonly count: number }
        | undefined;
    }
  | {
      readonly kind: 'decided-before';
      readonly status: Extract<PlanStatus, 'done' | 'rejected' | 'refused'>;
      readonly byUserId: string;
      readonly at: string;
    }
  | { readonly kind: 'under-way'; readonly byUserId: string }
  | { readonly kind: 'expired'; readonly at: string }
  /** No such plan, or the button does something else than the plan is for. */
  | { readonly kind: 'unknown' };

/** What a person is told at once about their order. Only data: the words are chosen where it is rendered. JSON-safe. */
export type Answer =
  | { readonly kind: 'help'; readonly about: Verb | undefined }
  | { readonly kind: 'not-understood'; readonly said: string; readonly because: NotUnderstood }
  | NotAllowed
  /** In line for CloudFront; the ending will be told. */
  | {
      readonly kind: 'invalidation-taken';
      readonly places: readonly Named[];
      readonly price: PriceLine;
      /** Warnings and notes; as many as are of use, of so many. */
      readonly findings: readonly PathFinding[];
      readonly findingCount: number;
    }
  | { readonly kind: 'no-such-place'; readonly said: string; readonly suggestions: readonly string[] }
  /** Several distributions answer to what was said; their ids say which. */
  | { readonly kind: 'ambiguous-place'; readonly said: string; readonly candidates: readonly Named[] }
  /** A template of tenants answers for no host itself. */
  | { readonly kind: 'tenant-only-place'; readonly said: string }
  | {
      readonly kind: 'paths-refused';
      readonly places: readonly Named[];
      readonly findings: readonly PathFinding[];
      readonly findingCount: number;
    }
  | { readonly kind: 'too-many-paths'; readonly places: readonly Named[]; readonly count: number }
  /** What ends when, of certificates and domains. */
  | { readonly kind: 'certificates'; readonly table: ExpiryTable }
  | VerbAnswer
  /** What `doctor` found. */
  | DoctorAnswer
  /** It failed as often as it was tried. AWS's code, or the name of our error. */
  | { readonly kind: 'failed'; readonly code: string }
  | {
      readonly kind: 'pressed';
      readonly verb: ButtonVerb;
      readonly byUserId: string;
      readonly outcome: PressOutcome;
    };

/** Answers to verbs that concern everybody. */
const ORDERED_FOR_ALL: ReadonlySet<Answer['kind']> = new Set([
  'paused',
  'resumed',
  'group-resumed',
  'drained',
  'kept',
  'sweep-ordered',
]);

/** Who sees an answer: everybody in the channel learns what was done and by whom, what was not done is nobody else's. */
export const audienceOf = (answer: Answer): 'channel' | 'person' => {
  if (ORDERED_FOR_ALL.has(answer.kind)) return 'channel';
  if (answer.kind !== 'pressed') return 'person';
  switch (answer.outcome.kind) {
    case 'seated':
    case 'undone':
    case 'taken-out':
    case 'not-undone':
    case 'companion-made':
    case 'companion-refused':
    case 'invalidating':
    case 'rejected':
    case 'silenced':
    case 'looking':
    case 'sweeping':
    case 'rules-closed':
    case 'rules-kept':
    case 'closing-refused':
    case 'making-alarms':
    case 'moved':
      return 'channel';
    case 'invalidating-already':
    case 'lines-shown':
    case 'decided-before':
    case 'under-way':
    case 'expired':
    case 'unknown':
      return 'person';
  }
};
