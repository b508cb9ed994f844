import type { Context } from 'aws-lambda';
import { queueEvent } from '../cold-start/journey.ts';

/** A process that lives as long as a sweep: takes each message that its parent hands it, and says how much memory it ever had. */
const { handler } = await import('../../functions/sweep/handler.ts');

const context: Context = {
  callbackWaitsForEmptyEventLoop: false,
  functionName: 'sweep',
  functionVersion: '1',
  invokedFunctionArn: '',
  memoryLimitInMB: '1024',
  awsRequestId: '00000000-0000-4000-8000-000000000000',
  logGroupName: '',
  logStreamName: '',
  getRemainingTimeInMillis: () => 60_000,
  done: () => {},
  fail: () => {},
  succeed: () => {},
};

process.on('message', (body: string) => {
  handler(queueEvent(body), context).then(
    (answer) => process.send?.({ answer, maximumKilobytes: process.resourceUsage().maxRSS }),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
process.send?.('ready');
