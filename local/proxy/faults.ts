import type { Call } from './protocol.ts';

/** Which calls a fault is meant for; what isn't given matches all. */
export interface CallMatch {
  readonly service?: string;
  readonly action?: string;
  readonly accessKeyId?: string;
}

export type FaultEffect =
  /** Refused with an AWS error code, and not forwarded. */
  | { readonly kind: 'error'; readonly code: string; readonly message?: string; readonly status?: number }
  /** The connection is cut and nothing has happened. */
  | { readonly kind: 'drop-before' }
  /** What was asked is done, the connection is cut, and the client can't know. */
  | { readonly kind: 'drop-after' }
  | { readonly kind: 'delay'; readonly milliseconds: number };

export interface Fault {
  readonly id: number;
  readonly match: CallMatch;
  readonly effect: FaultEffect;
  /** Matching calls still to be spared. */
  readonly skip: number;
  /** Matching calls still to be hit; `null` without end. */
  readonly times: number | null;
}

export interface Faults {
  /** The next matching call meets the effect. Returns the fault's id. */
  readonly failNext: (match: CallMatch, effect: FaultEffect) => number;
  /** The k-th matching call from now on (1 is the next). */
  readonly failCall: (k: number, effect: FaultEffect, match?: CallMatch) => number;
  /** The next `times` matching calls; all of them without it. */
  readonly failAll: (match: CallMatch, effect: FaultEffect, times?: number) => number;
  /**
   * Calls back once, when the k-th matching call from now on has been forwarded and before its answer goes out.
   * The answer waits for the callback.
   */
  readonly killAfter: (k: number, callback: () => void | Promise<void>, match?: CallMatch) => void;
  readonly remove: (id: number) => void;
  readonly clear: () => void;
  readonly list: () => readonly Fault[];
}

interface Hook {
  left: number;
  readonly match: CallMatch;
  readonly callback: () => void | Promise<void>;
}

const matches = (match: CallMatch, call: Call): boolean =>
  (match.service === undefined || match.service === call.service) &&
  (match.action === undefined || match.action === call.action) &&
  (match.accessKeyId === undefined || match.accessKeyId === call.accessKeyId);

/** The status with which AWS sends a code, where a client reads more into it than "4xx". */
export const statusOf = (code: string): number => {
  if (/^(RequestLimitExceeded|ServiceUnavailable|Unavailable)$/.test(code)) return 503;
  if (/^(InternalError|InternalFailure|HealthUnavailable)$/.test(code)) return 500;
  return /^(UnauthorizedOperation|AccessDenied|AccessDeniedException|AuthFailure)$/.test(code) ? 403 : 400;
};

/** What the server asks of the faults while it handles a call. */
export interface FaultDesk extends Faults {
  /** The effects this call meets, counted down by asking. */
  readonly take: (call: Call) => readonly FaultEffect[];
  readonly afterForward: (call: Call) => Promise<void>;
}

export const makeFaults = (): FaultDesk => {
  let faults: Fault[] = [];
  let hooks: Hook[] = [];
  let ids = 0;
  const add = (match: CallMatch, effect: FaultEffect, skip: number, times: number | null): number => {
    ids += 1;
    faults.push({ id: ids, match, effect, skip, times });
    return ids;
  };
  return {
    failNext: (match, effect) => add(match, effect, 0, 1),
    failCall: (k, effect, match = {}) => add(match, effect, k - 1, 1),
    failAll: (match, effect, times) => add(match, effect, 0, times ?? null),
    killAfter: (k, callback, match = {}) => {
      hooks.push({ left: k, match, callback });
    },
    remove: (id) => {
      faults = faults.filter((fault) => fault.id !== id);
    },
    clear: () => {
      faults = [];
      hooks = [];
    },
    list: () => [...faults],
    take: (call) => {
      const hit = faults.filter((fault) => matches(fault.match, call) && fault.skip === 0);
      faults = faults
        .map((fault) => {
          if (!matches(fault.match, call)) return fault;
          if (fault.skip > 0) return { ...fault, skip: fault.skip - 1 };
          return fault.times === null ? fault : { ...fault, times: fault.times - 1 };
        })
        .filter(({ times }) => times !== 0);
      return hit.map(({ effect }) => effect);
    },
    afterForward: async (call) => {
      const counted = hooks.filter((hook) => matches(hook.match, call));
      for (const hook of counted) hook.left -= 1;
      hooks = hooks.filter(({ left }) => left > 0);
      for (const hook of counted.filter(({ left }) => left === 0)) await hook.callback();
    },
  };
};
