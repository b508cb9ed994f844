import type { Report } from '../../domain/report.ts';

/** The way to Slack: the FIFO report queue, and a copy on the `usher` bus. */
export interface ReportPublisher {
  /**
   * Returns once the queue has taken the report; a failed copy on the bus is logged, not thrown.
   * @throws {AwsCallError} when the queue did not take it
   * @throws {MessageTooLargeError} when it is longer than a message can be; nothing was sent
   */
  publish(report: Report): Promise<void>;
}

/** The `usher` bus, for events that somebody relies on. */
export interface BusPublisher {
  /**
   * Returns once the bus has taken all of them; some may have been taken when it throws.
   * @throws {AwsCallError}
   */
  put(
    entries: readonly {
      readonly source: 'usher';
      readonly detailType: string;
      /** JSON. */
      readonly detail: string;
      readonly at: Date;
    }[],
  ): Promise<void>;
}

/** Waiting is a new message with a delay, never a sleep. */
export interface WaitingQueue {
  /** Sends a message body to come back after a delay of at most 900 seconds (SQS's limit). */
  sendLater(body: string, delaySeconds: number): Promise<void>;
}

/** Where a message goes that can't be understood, so that it holds up no other. */
export interface DeadLetters {
  /** Sets the body aside with the reason, as a message attribute `reason`. */
  send(body: string, reason: string): Promise<void>;
}
