import * as z from 'zod';
import type { MovedBecause } from '../../domain/answer.ts';
import { VERBS } from '../../domain/command.ts';
import { BUTTON_VERBS } from '../../domain/order.ts';
import { count } from './report-parts.ts';

export const moment = z.iso.datetime();

/** An id as Slack signs it, and nothing that could call somebody else. */
export const slackId = z.string().regex(/^[A-Z][A-Z0-9]{1,31}$/);

export const planId = z.string().min(1).max(200);
export const buttonVerb = z.enum(BUTTON_VERBS);

export const verb = z.enum(VERBS);

export const movedBecause = z.enum([
  'InstanceGone',
  'NotWanted',
  'CannotBeSeated',
  'GroupGone',
  'NotInGroup',
  'Leaving',
  'RegisteredAnew',
  'AddressHeld',
  'BalancerGone',
  'KeptByController',
  'KeptByCode',
  'TakesNoGroups',
  'TooManyGroups',
  'NameTaken',
  'Paused',
  'OutsideVpcs',
  'OtherStage',
  'Ignored',
  'NotReady',
  'ReportOnly',
  'Held',
  'BelowFloor',
  'TooManyRemovals',
  'ManagedByCode',
  'SecurityGroupUnreadable',
  'NotOurs',
  'Kept',
  'NotWorldOpen',
] as const satisfies readonly MovedBecause[]);

/** Why nothing was taken out though everything stands as it did. */
export const notUndone = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('BelowFloor'), healthy: count, floor: count }),
  z.object({ kind: z.literal('TooManyRemovals'), removalsPerHour: count }),
  z.object({ kind: z.literal('RefusedByAws'), code: z.string() }),
]);
