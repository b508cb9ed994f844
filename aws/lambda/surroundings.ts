import { randomUUID } from 'node:crypto';

/** Prints one line of JSON; CloudWatch Logs takes a line as an event. */
export const logLine = (line: Readonly<Record<string, unknown>>): void => {
  console.log(JSON.stringify(line));
};

/** The clock, the log and chance, as a Lambda function has them. */
export const lambdaSurroundings = {
  log: logLine,
  now: (): Date => new Date(),
  newId: (): string => randomUUID(),
} as const;
