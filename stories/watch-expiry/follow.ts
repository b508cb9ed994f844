import type { Certificate } from '../../domain/expiry/certificate.ts';
import { evaluateCertificate, recordsToEnter } from '../../domain/expiry/evaluate.ts';
import type { ExpiryMessage } from '../../events/expiry-message.ts';
import { alone } from './alone.ts';
import { takeStock } from './certificates.ts';
import { FOLLOWING, kindTold, pauseWhileWaiting, sendFollow, waitsForSomebody } from './following.ts';
import { lookLater } from './look.ts';
import { noteRecords, waitsForRecord } from './needs.ts';
import { sideBySide } from './patience.ts';
import type { ExpiryPorts } from './ports.ts';
import { readDetails } from './read-details.ts';
import type { Run } from './run.ts';
import { beginRun } from './run.ts';
import { arnOf } from './subjects.ts';

/** What one look at what waits came to. */
export interface FollowOutcome {
  readonly outcome: 'waits' | 'busy' | 'duplicate' | 'too-early' | 'nothing-waits' | 'looked';
  readonly told?: number;
  readonly settled?: number;
}

/** So many are read in one look; the others in a message of their own. */
const MOST_IN_ONE_LOOK = 100;

/** The look before this one has sent it ahead and is not through with its own. */
const TOO_EARLY_SECONDS = 60;

const REMEMBERED = { lastReportAt: undefined, healthySince: new Map(), missing: new Set<string>() } as const;

/** Whether public DNS shows by now what a certificate waits for; asked until it does. */
const lookForRecords = async (run: Run, certificates: readonly Certificate[]): Promise<void> => {
  await sideBySide(certificates, 4, async (certificate) => {
    if (run.patience.isOver()) return;
    if (!waitsForRecord(evaluateCertificate(certificate, run.ports.now()))) return;
    await noteRecords(run, certificate, await run.records.look(recordsToEnter(certificate)));
  });
};

const waitingArns = (run: Run): readonly string[] =>
  [...run.announced].flatMap(([subject, known]) => {
    const arn = arnOf(subject);
    return arn !== undefined && waitsForSomebody(kindTold(known)) ? [arn] : [];
  });

/** Looks at everything that waits: tells endings and what has become of it. What can't be read now is read the next time. */
const lookAtWaiting = async (run: Run, arns: readonly string[]) => {
  const { ports } = run;
  const now = arns.slice(0, MOST_IN_ONE_LOOK);
  const later = arns.slice(MOST_IN_ONE_LOOK);
  const read = await readDetails(run, now);
  for (const { arn, error } of read.unread) ports.log({ event: 'certificate-unread', arn, code: error.code });
  await lookForRecords(run, read.certificates);
  const { told, settled, left } = await takeStock(run, read);
  for (let from = 0; from < later.length; from += MOST_IN_ONE_LOOK)
    await lookLater(ports, later.slice(from, from + MOST_IN_ONE_LOOK));
  await lookLater(ports, [...read.unbegun, ...left]);
  return { told, settled };
};

const takeLook = async (ports: ExpiryPorts, tick: number): Promise<FollowOutcome> => {
  const watch = await ports.watches.take(FOLLOWING, tick, ports.now());
  if (watch === 'too-early') {
    await sendFollow(ports, tick, new Date(ports.now().getTime() + TOO_EARLY_SECONDS * 1000));
    return { outcome: 'too-early' };
  }
  if (watch === undefined) return { outcome: 'duplicate' };
  const run = await beginRun(ports);
  const waiting = waitingArns(run);
  const { told, settled } = await lookAtWaiting(run, waiting);
  const pause = pauseWhileWaiting(run, ports.now());
  if (pause === undefined && (await ports.watches.end(watch, REMEMBERED)))
    return { outcome: waiting.length === 0 ? 'nothing-waits' : 'looked', told, settled };
  // Somebody asked for looks since this one was taken, and will say by its own message how soon.
  const dueAt = new Date(ports.now().getTime() + (pause ?? TOO_EARLY_SECONDS) * 1000);
  await sendFollow(ports, watch.tick, dueAt);
  await ports.watches.continue(watch, dueAt, REMEMBERED);
  return { outcome: 'looked', told, settled };
};

/**
 * The hourly look at what waits for a record, a mail or a decision. A look that is not due waits on as a new message; one
 * with an old number is a duplicate.
 */
export const followWaiting =
  (ports: ExpiryPorts) =>
  async (message: Extract<ExpiryMessage, { readonly kind: 'expiry-follow' }>): Promise<FollowOutcome> => {
    const { tick, dueAt } = message;
    if (ports.now().getTime() < Date.parse(dueAt)) {
      await sendFollow(ports, tick, new Date(dueAt));
      return { outcome: 'waits' };
    }
    return alone(ports, message, () => takeLook(ports, tick));
  };
