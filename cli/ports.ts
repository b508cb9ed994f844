import { randomUUID } from 'node:crypto';
import { autoScalingClient } from '../aws/auto-scaling/client.ts';
import { autoScalingReader } from '../aws/auto-scaling/reader.ts';
import { cloudFrontClient } from '../aws/cloudfront/client.ts';
import { cloudFrontReader } from '../aws/cloudfront/reader.ts';
import { ec2Client } from '../aws/ec2/client.ts';
import { companionGroups } from '../aws/ec2/companion-groups.ts';
import { fleetReader } from '../aws/ec2/fleet-reader.ts';
import { ec2Reader } from '../aws/ec2/reader.ts';
import { ec2Writer } from '../aws/ec2/writer.ts';
import {
  everyBalancerFleetReader,
  everyBalancerReader,
  everyBalancerSecurityGroups,
  everyBalancerWriter,
} from '../aws/every-balancer.ts';
import { eventBridgeClient } from '../aws/queues/event-bridge-client.ts';
import type { ReportPublisher, WaitingQueue } from '../aws/queues/port.ts';
import { sqsReportPublisher } from '../aws/queues/report-publisher.ts';
import { sqsClient } from '../aws/queues/sqs-client.ts';
import { sqsWaitingQueue } from '../aws/queues/waiting-queue.ts';
import { stateClient } from '../aws/state/client.ts';
import { tableDeliveredReports } from '../aws/state/delivered-reports.ts';
import { stateIn } from '../aws/state/dynamo-state.ts';
import { tableInvalidations } from '../aws/state/invalidations.ts';
import { tableOrders } from '../aws/state/orders.ts';
import { tableQuietMatters } from '../aws/state/quiet-matters.ts';
import type { TableReader } from '../aws/state/rehearsed-table.ts';
import { NO_TABLE, rehearsedTable } from '../aws/state/rehearsed-table.ts';
import { tableShownChanges } from '../aws/state/shown-changes.ts';
import { tableSweeps } from '../aws/state/sweeps.ts';
import type { Table } from '../aws/state/table.ts';
import { stateTable } from '../aws/state/table.ts';
import { taggingClient } from '../aws/tagging/client.ts';
import { taggingReader } from '../aws/tagging/reader.ts';
import type { Report } from '../domain/report.ts';
import { text } from '../domain/settings.ts';
import { busCopy } from '../events/published.ts';
import { examine } from '../functions/carry-out-orders/examine.ts';
import { lookingPorts } from '../functions/carry-out-orders/looking.ts';
import { readExpiryTable } from '../functions/carry-out-orders/read-expiry-table.ts';
import { orderSettingsFrom } from '../functions/carry-out-orders/settings.ts';
import { parseCommand } from '../slack/commands/grammar.ts';
import type { OrderPorts } from '../stories/carry-out-orders/ports.ts';
import type { Log, Surroundings } from '../stories/log.ts';
import type { FleetPorts } from '../stories/mend-fleet/ports.ts';
import type { RehearsalPorts } from '../stories/mend-fleet/rehearsal.ts';
import type { Standing } from './standing.ts';
import { nameOf } from './standing.ts';
import { withinLeases } from './within-leases.ts';

const surroundings = (log: Log): Surroundings => ({ log, now: () => new Date(), newId: () => randomUUID() });

const setting = ({ settings }: Standing, name: string): string => text(settings, name);

const tableOf = (standing: Standing): Table => stateTable(stateClient(), setting(standing, 'USHER_TABLE'));

const queueOf = (standing: Standing, name: string): WaitingQueue =>
  sqsWaitingQueue(sqsClient(), setting(standing, name));

const reportsOf = (standing: Standing, log: Log): ReportPublisher =>
  sqsReportPublisher({
    sqs: sqsClient(),
    eventBridge: eventBridgeClient(),
    queueUrl: setting(standing, 'USHER_REPORT_QUEUE_URL'),
    busName: setting(standing, 'USHER_BUS'),
    busEntryOf: busCopy,
    log: { warn: (message, details) => log({ event: 'warning', message, ...details }) },
  });

const readers = ({ stage }: Standing) => ({
  stage,
  fleet: fleetReader(ec2Client()),
  balancingFleet: everyBalancerFleetReader(stage),
  tagging: taggingReader(taggingClient()),
  autoScaling: autoScalingReader(autoScalingClient()),
});

const ownVersion = ({ settings }: Standing): string => settings['USHER_VERSION'] ?? 'terminal';

/** The ports of a plan: readers, and a state whose writes stay in this process. Nothing in here can write anywhere. */
export const planPorts = (standing: Standing, log: Log): RehearsalPorts => {
  const stored: TableReader = standing.isDeployed ? tableOf(standing) : NO_TABLE;
  const table = rehearsedTable(stored);
  return {
    ...surroundings(log),
    ...readers(standing),
    ...stateIn(table),
    version: ownVersion(standing),
    sweeps: tableSweeps(table),
    ec2: ec2Reader(ec2Client()),
    loadBalancing: everyBalancerReader(),
  };
};

/** The ports of applying: those of the deployed sweep, in a person's own name. */
export const applyPorts = (standing: Standing, log: Log): FleetPorts => {
  const table = tableOf(standing);
  return withinLeases({
    ...surroundings(log),
    ...readers(standing),
    ...stateIn(table),
    version: ownVersion(standing),
    sweeps: tableSweeps(table),
    said: tableDeliveredReports(table),
    ec2: { ...ec2Reader(ec2Client()), ...ec2Writer(ec2Client()) },
    loadBalancing: { ...everyBalancerReader(), ...everyBalancerWriter() },
    reports: reportsOf(standing, log),
    launchQueue: queueOf(standing, 'USHER_LAUNCH_QUEUE_URL'),
    watchQueue: queueOf(standing, 'USHER_WATCH_QUEUE_URL'),
    sweepQueue: queueOf(standing, 'USHER_SWEEP_QUEUE_URL'),
  });
};

/** The workspace, channel and address of an order that came from no Slack. */
export const TERMINAL = 'terminal';

/**
 * The ports of the verbs that Slack has too. Who may is AWS's to say here: whoever has the rights of the stage's policies
 * for people. What Slack would have been answered is told by `answer`.
 */
export const orderPorts = (
  standing: Standing,
  log: Log,
  answer: (report: Report) => void,
): OrderPorts & { readonly timeZone: string } => {
  const settings = orderSettingsFrom(standing.settings);
  const table = tableOf(standing);
  return withinLeases({
    ...surroundings(log),
    ...readers(standing),
    companions: companionGroups(ec2Client()),
    balancerGroups: everyBalancerSecurityGroups(),
    ...stateIn(table),
    timeZone: settings.render.timeZone,
    authorisation: {
      teamIds: [TERMINAL],
      readChannels: 'everywhere',
      writers: new Map([['*', [{ userId: nameOf(standing.caller), channelId: TERMINAL }]]]),
      distributionWriters: new Map(),
    },
    groups: settings.groups,
    understand: parseCommand,
    orders: tableOrders(table),
    quietMatters: tableQuietMatters(table),
    shownChanges: tableShownChanges(table),
    sweeps: tableSweeps(table),
    invalidations: tableInvalidations(table),
    cloudFront: cloudFrontReader(cloudFrontClient()),
    tags: everyBalancerFleetReader(standing.stage),
    ec2: { ...ec2Reader(ec2Client()), ...ec2Writer(ec2Client()) },
    loadBalancing: { ...everyBalancerReader(), ...everyBalancerWriter() },
    reports: reportsOf(standing, log),
    replies: {
      reply: async (_order, { report, audience }) => {
        answer(report);
        // What concerns the channel is told there as well.
        return audience === 'person';
      },
    },
    // A terminal changes nothing by looking: what registries said stays as the daily survey left it.
    readExpiryTable: () => readExpiryTable(standing.stage, settings.expiry, rehearsedTable(table)),
    examine: (said) => examine(lookingPorts(surroundings(log), standing.stage, table), settings.isLocal, said),
    watchQueue: queueOf(standing, 'USHER_WATCH_QUEUE_URL'),
    expiryQueue: queueOf(standing, 'USHER_EXPIRY_QUEUE_URL'),
    sweepQueue: queueOf(standing, 'USHER_SWEEP_QUEUE_URL'),
    invalidationQueue: queueOf(standing, 'USHER_INVALIDATION_QUEUE_URL'),
  });
};
