/** What an instance does with a health check or a visitor. */
export type Behaviour = 'answers' | 'refuses' | 'silent' | 'wrong-code';

/** One behaviour for all ports, or one each, `answers` where none is given. */
export type InstanceSwitch = Behaviour | Readonly<Record<number, Behaviour>>;

export interface Switches {
  readonly set: (instanceId: string, to: InstanceSwitch) => void;
  readonly behaviourOf: (instanceId: string, port: number) => Behaviour;
  readonly list: () => Readonly<Record<string, InstanceSwitch>>;
  readonly clear: () => void;
}

export const makeSwitches = (touch: () => void): Switches => {
  const switches = new Map<string, InstanceSwitch>();
  return {
    set: (instanceId, to) => {
      switches.set(instanceId, to);
      touch();
    },
    behaviourOf: (instanceId, port) => {
      const at = switches.get(instanceId) ?? 'answers';
      return typeof at === 'string' ? at : (at[port] ?? 'answers');
    },
    list: () => Object.fromEntries(switches),
    clear: () => {
      switches.clear();
      touch();
    },
  };
};
