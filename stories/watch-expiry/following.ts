import type { NeedyCertificate } from '../../domain/expiry/grouping.ts';
import type { CertificateStanding } from '../../domain/expiry/standing.ts';
import { lastTold } from '../../domain/expiry/telling.ts';
import { serializeExpiryMessage } from '../../events/expiry-message.ts';
import type { ExpiryPorts } from './ports.ts';
import type { Run } from './run.ts';

/** The one chain of looks at what waits for somebody. */
export const FOLLOWING = 'expiry-following';

const HOUR_SECONDS = 3_600;

/** Who requests a certificate enters its record within the hours that follow, and waits for the answer. */
const FRESH_REQUEST_SECONDS = 6 * HOUR_SECONDS;
const FRESH_REQUEST_PAUSE_SECONDS = 300;

/** The longest that a queue holds a message back (SQS's limit); a longer wait is several messages. */
const LONGEST_DELAY_SECONDS = 900;

const ISSUANCE: CertificateStanding['kind'] = 'pending-issuance';

/** Whether something goes on by itself once somebody has done what is missing: an issuance, a renewal. */
export const waitsForSomebody = (kind: string): boolean => kind === 'stuck' || kind === ISSUANCE;

/** The kind of standing in what was told last. */
export const kindTold = (announced: Parameters<typeof lastTold>[0]): string => lastTold(announced).split(':')[0] ?? '';

const pauseOf = (kind: string, since: Date, now: Date): number =>
  kind === ISSUANCE && now.getTime() - since.getTime() < FRESH_REQUEST_SECONDS * 1000
    ? FRESH_REQUEST_PAUSE_SECONDS
    : HOUR_SECONDS;

/** Seconds from one look to the next while these wait. */
export const lookEverySeconds = (
  members: readonly Pick<NeedyCertificate, 'standing' | 'announced'>[],
  now: Date,
): number =>
  Math.min(
    ...members.map(({ standing, announced }) =>
      pauseOf(standing.kind, announced === undefined ? now : new Date(announced.announcedAt), now),
    ),
  );

/** The same for everything that is announced and waits; `undefined` when nothing does. */
export const pauseWhileWaiting = ({ announced }: Pick<Run, 'announced'>, now: Date): number | undefined => {
  const pauses = [...announced.values()].flatMap((known) => {
    const kind = kindTold(known);
    return waitsForSomebody(kind) ? [pauseOf(kind, new Date(known.announcedAt), now)] : [];
  });
  return pauses.length === 0 ? undefined : Math.min(...pauses);
};

/** Sends a look that is due then; it waits on its way for as long as it takes. */
export const sendFollow = async (
  { expiryQueue, now }: Pick<ExpiryPorts, 'expiryQueue' | 'now'>,
  tick: number,
  dueAt: Date,
): Promise<void> => {
  const seconds = Math.max(0, Math.ceil((dueAt.getTime() - now().getTime()) / 1000));
  await expiryQueue.sendLater(
    serializeExpiryMessage({ kind: 'expiry-follow', tick, dueAt: dueAt.toISOString() }),
    Math.min(LONGEST_DELAY_SECONDS, seconds),
  );
};

const ask = async ({ ports }: Run, asking: 'start' | 'revive', seconds: number): Promise<void> => {
  const tick = await ports.watches[asking](FOLLOWING, ports.now(), seconds);
  if (tick === undefined) return;
  await sendFollow(ports, tick, new Date(ports.now().getTime() + seconds * 1000));
  ports.log({ event: 'following', tick, seconds });
};

/** Sees to it that these are looked at again, before anybody is told so. */
export const keepFollowing = (
  run: Run,
  members: readonly Pick<NeedyCertificate, 'standing' | 'announced'>[],
): Promise<void> => ask(run, 'start', lookEverySeconds(members, run.ports.now()));

/** Takes the chain up again that may have died while something still waits. */
export const reviveFollowing = async (run: Run): Promise<void> => {
  const seconds = pauseWhileWaiting(run, run.ports.now());
  if (seconds !== undefined) await ask(run, 'revive', seconds);
};
