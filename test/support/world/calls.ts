import { AwsCallError } from '../../../aws/aws-call-error.ts';

/** What a call does: looks at AWS, changes AWS, reads or writes our own table, or sends a message. */
export type CallKind = 'read' | 'write' | 'state' | 'send';

/** A call that a story made through a port. */
export interface Call {
  /** Port and method, such as `ec2.readInstances`. */
  readonly name: string;
  readonly kind: CallKind;
  readonly args: readonly unknown[];
}

/** The process ended here. A story must never catch it: a process that is gone runs no `catch` and no `finally`. */
export class Killed extends Error {
  override readonly name = 'Killed';
}

/**
 * What becomes of a call. `fail-before` and `fail-after` kill the process before or after the call took effect; an error
 * is thrown in the call's stead; `{ after }` is thrown once it took effect, as when the answer was lost.
 */
export type Fate = 'proceed' | 'fail-before' | 'fail-after' | AwsCallError | { readonly after: AwsCallError };

/** Asked about each call; `k` counts from 1 since the hook was set. */
export type OnCall = (k: number, name: string, kind: CallKind) => Fate;

const PROCEED: OnCall = () => 'proceed';

/** All calls of a world, and the hook that decides on them. */
export const aSwitchboard = () => {
  const calls: Call[] = [];
  let onCall: OnCall = PROCEED;
  let count = 0;
  return {
    calls: calls as readonly Call[],
    /** Sets the hook and counts from 1 again. */
    setOnCall(hook: OnCall = PROCEED): void {
      onCall = hook;
      count = 0;
    },
    forget(): void {
      calls.length = 0;
    },
    decide(call: Call): Fate {
      calls.push(call);
      count += 1;
      return onCall(count, call.name, call.kind);
    },
  };
};

export type Switchboard = ReturnType<typeof aSwitchboard>;

/** A running process: once killed, none of its calls does anything, whichever of its branches makes it. */
export interface Process {
  isDead: boolean;
}

const through = (process: Process, switchboard: Switchboard, call: Call, act: () => unknown): unknown => {
  if (process.isDead) throw new Killed(`${call.name} by a process that was killed`);
  const fate = switchboard.decide(call);
  if (fate === 'proceed') return act();
  if (fate instanceof AwsCallError) throw fate;
  if (fate === 'fail-before') {
    process.isDead = true;
    throw new Killed(`killed before ${call.name}`);
  }
  const after = (): never => {
    if (fate !== 'fail-after') throw fate.after;
    process.isDead = true;
    throw new Killed(`killed after ${call.name}`);
  };
  const result = act();
  return result instanceof Promise ? result.then(after) : after();
};

/** A port whose every method is recorded and may be made to fail. */
export const recorded = <T extends object>(
  portName: string,
  port: T,
  kindOf: (method: string) => CallKind,
  process: Process,
  switchboard: Switchboard,
): T =>
  new Proxy(port, {
    get: (target, property, receiver) => {
      const method: unknown = Reflect.get(target, property, receiver);
      if (typeof method !== 'function') return method;
      const name = `${portName}.${String(property)}`;
      // Asynchronous throughout: a port answers with a rejected promise, it never throws in the caller's face.
      return async (...args: readonly unknown[]) =>
        through(process, switchboard, { name, kind: kindOf(String(property)), args }, () =>
          Reflect.apply(method, target, args),
        );
    },
  });
