import { checkAnswers, checkTls } from './answers.ts';
import { checkPacketSizes } from './appliances.ts';
import { checkApplication, checkPatience, checkReasonCodes } from './application.ts';
import type { Check } from './check.ts';
import { checkClients } from './clients.ts';
import { checkImages, checkSourceDestination, checkStatusChecks } from './instances.ts';
import { checkLeaving } from './leaving.ts';
import { checkElsewhere, checkGone, checkUnread } from './looking.ts';
import { checkPaths } from './paths.ts';
import { checkHealthCheckPort, checkPorts } from './ports.ts';
import { checkGoneInstances, checkNoTargets, checkTooFewHealthy, checkUse } from './presence.ts';
import { checkDeploys, checkWarmingUp } from './recency.ts';
import {
  checkAnswersOfBalancer,
  checkAnswersOfTargets,
  checkHairpin,
  checkNoHealthyTarget,
  checkUnreachable,
} from './symptoms.ts';
import { checkFailOpen, checkOneZone, checkZonesWithoutTargets } from './zones.ts';

/** Every check there is. What comes first to the reader is decided by rank alone. */
export const CHECKS: readonly Check[] = [
  checkElsewhere,
  checkUnread,
  checkGone,
  checkNoTargets,
  checkTooFewHealthy,
  checkUse,
  checkLeaving,
  checkGoneInstances,
  checkStatusChecks,
  checkPaths,
  checkClients,
  checkPorts,
  checkHealthCheckPort,
  checkAnswers,
  checkTls,
  checkPatience,
  checkApplication,
  checkReasonCodes,
  checkWarmingUp,
  checkDeploys,
  checkImages,
  checkSourceDestination,
  checkPacketSizes,
  checkNoHealthyTarget,
  checkUnreachable,
  checkAnswersOfBalancer,
  checkAnswersOfTargets,
  checkHairpin,
  checkZonesWithoutTargets,
  checkOneZone,
  checkFailOpen,
];
