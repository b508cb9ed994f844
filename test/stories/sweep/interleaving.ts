/** Calls that share what another process writes: only between these does the order matter. */
export type Gated = (name: string) => boolean;

interface Runner {
  readonly name: string;
  go: (() => void) | undefined;
  isDone: boolean;
}

/**
 * Runs some processes over one world, one call at a time, in an order that is told: at each stop one of those that wait goes
 * on to its next gated call.
 */
const aConductor = (names: readonly string[], isGated: Gated) => {
  const runners = new Map(names.map((name): [string, Runner] => [name, { name, go: undefined, isDone: false }]));
  let stopped: () => void = () => {};
  const runnerOf = (name: string): Runner => {
    const runner = runners.get(name);
    if (runner === undefined) throw new Error(`no process ${name}`);
    return runner;
  };
  const turn = (name: string): Promise<void> =>
    new Promise((resolve) => {
      runnerOf(name).go = resolve;
      stopped();
    });
  return {
    /** A port whose gated calls wait for their turn. */
    gate: <T extends object>(name: string, portName: string, port: T): T =>
      new Proxy(port, {
        get: (target, property, receiver) => {
          const method: unknown = Reflect.get(target, property, receiver);
          if (typeof method !== 'function') return method;
          return async (...args: readonly unknown[]) => {
            if (isGated(`${portName}.${String(property)}`)) await turn(name);
            return Reflect.apply(method, target, args);
          };
        },
      }),
    /** One step that is no call of a port's. */
    turn,
    /** Who may go on. */
    waiting: (): readonly string[] =>
      [...runners.values()].filter(({ go }) => go !== undefined).map(({ name }) => name),
    start: (name: string, act: () => Promise<unknown>): Promise<void> => {
      const atStop = new Promise<void>((resolve) => {
        stopped = resolve;
      });
      const over = (): void => {
        runnerOf(name).isDone = true;
        stopped();
      };
      act().then(over, over);
      return atStop;
    },
    /** Lets one go on to its next stop, or to its end. */
    step: (name: string): Promise<void> => {
      const runner = runnerOf(name);
      const go = runner.go;
      if (go === undefined) throw new Error(`${name} does not wait`);
      runner.go = undefined;
      const atStop = new Promise<void>((resolve) => {
        stopped = resolve;
      });
      go();
      return atStop;
    },
  };
};

export type Conductor = ReturnType<typeof aConductor>;

/** What is interleaved: processes over a world of their own, and what must hold once all are done. */
export interface Scene {
  readonly processes: Readonly<Record<string, () => Promise<unknown>>>;
  readonly check: (order: readonly string[]) => Promise<void>;
}

/**
 * Plays a scene once for every order in which its processes' gated calls can come.
 * @returns how many orders there were
 */
export const everyOrder = async (
  names: readonly string[],
  isGated: Gated,
  scene: (conductor: Conductor) => Promise<Scene>,
): Promise<number> => {
  let orders = 0;
  let prefix: readonly number[] = [];
  for (;;) {
    const conductor = aConductor(names, isGated);
    const { processes, check } = await scene(conductor);
    for (const [name, act] of Object.entries(processes)) await conductor.start(name, act);
    const choices: { picked: number; of: number }[] = [];
    const order: string[] = [];
    for (let waiting = conductor.waiting(); waiting.length > 0; waiting = conductor.waiting()) {
      const picked = prefix[choices.length] ?? 0;
      choices.push({ picked, of: waiting.length });
      const name = waiting[picked] ?? '';
      order.push(name);
      await conductor.step(name);
    }
    await check(order);
    orders += 1;
    const last = choices.findLastIndex(({ picked, of }) => picked + 1 < of);
    if (last === -1) return orders;
    prefix = [...choices.slice(0, last).map(({ picked }) => picked), (choices[last]?.picked ?? 0) + 1];
  }
};
