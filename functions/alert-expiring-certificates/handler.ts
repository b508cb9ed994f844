import middy from '@middy/core';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { acmClient } from '../../aws/acm/client.ts';
import { certificateReaders } from '../../aws/acm/readers.ts';
import { cloudFrontClient } from '../../aws/cloudfront/client.ts';
import { logOutcome } from '../../aws/lambda/log-outcome.ts';
import { sqsDeadLetters } from '../../aws/queues/dead-letters.ts';
import { sqsClient } from '../../aws/queues/sqs-client.ts';
import { sqsWaitingQueue } from '../../aws/queues/waiting-queue.ts';
import { route53Client } from '../../aws/route53/client.ts';
import { hostedZoneReader } from '../../aws/route53/reader.ts';
import { route53DomainsClient } from '../../aws/route53-domains/client.ts';
import { registeredDomainReader } from '../../aws/route53-domains/reader.ts';
import { regionalClassicLoadBalancingClient, regionalLoadBalancingClient } from '../../aws/serving/clients.ts';
import { servingReader } from '../../aws/serving/reader.ts';
import { stateClient } from '../../aws/state/client.ts';
import { tableExpiryMemory } from '../../aws/state/expiry-memory.ts';
import { tableLeases } from '../../aws/state/leases.ts';
import { tableQuietMatters } from '../../aws/state/quiet-matters.ts';
import { tableStoredPlans } from '../../aws/state/stored-plans.ts';
import { stateTable } from '../../aws/state/table.ts';
import { tableWatches } from '../../aws/state/watches.ts';
import { registrableDomain } from '../../internet/public-suffix.ts';
import { reportingPorts } from '../reporting-ports.ts';
import { internetFrom } from './internet.ts';
import { alertSettingsFrom } from './settings.ts';
import { takeMessages } from './take-messages.ts';

const settings = alertSettingsFrom(process.env);
const reporting = reportingPorts(process.env);
const { stage } = reporting;
const table = stateTable(stateClient(), settings.table);

/** Woken by the expiry queue: the daily survey and its parts, events of ACM and AWS Health, looks that are due. */
export const handler = middy<SQSEvent, SQSBatchResponse>()
  .use(logOutcome())
  .handler(
    takeMessages({
      ...reporting,
      ...internetFrom(settings.localInternet),
      settings: settings.expiry,
      certificates: certificateReaders(acmClient),
      serving: servingReader(
        {
          cloudFront: cloudFrontClient(),
          loadBalancing: regionalLoadBalancingClient,
          classicLoadBalancing: regionalClassicLoadBalancingClient,
        },
        stage.account,
      ),
      hostedZones: hostedZoneReader(route53Client()),
      registeredDomains: registeredDomainReader(route53DomainsClient()),
      registrableDomain,
      memory: tableExpiryMemory(table),
      leases: tableLeases(table),
      watches: tableWatches(table),
      plans: tableStoredPlans(table),
      quietMatters: tableQuietMatters(table),
      expiryQueue: sqsWaitingQueue(sqsClient(), settings.queueUrl),
      deadLetters: sqsDeadLetters(sqsClient(), settings.deadLetterQueueUrl),
    }),
  );
