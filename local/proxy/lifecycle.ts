import { randomUUID } from 'node:crypto';
import type { Answer, Call } from './protocol.ts';
import { Refusal, values, withParameters, xmlAnswer } from './protocol.ts';
import type { Room } from './room.ts';
import { ACCOUNT } from './room.ts';
import type { XmlElement } from './xml.ts';
import { childOf, itemsOf, parseXml, putChild, textOf, withChild, xml } from './xml.ts';

/** Publishes what happened, shaped as EventBridge delivers it; order is kept per resource, and nobody waits. */
export interface Publisher {
  readonly publish: (event: NewEvent) => void;
  /** Resolves when everything published so far has been handed over. */
  readonly settled: () => Promise<void>;
}

export interface NewEvent {
  readonly source: string;
  readonly detailType: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: object;
}

/** Whole seconds, as in every event of the default bus (facts 1.1). */
const eventTime = (at: Date): string => `${at.toISOString().slice(0, 19)}Z`;

export const makePublisher = (
  now: () => Date,
  onEvent: (event: object) => Promise<void>,
  onProblem: (problem: unknown) => void,
): Publisher => {
  let last: Promise<void> = Promise.resolve();
  return {
    settled: () => last,
    publish: ({ source, detailType, region, resources, detail }) => {
      const envelope = { version: '0', id: randomUUID(), 'detail-type': detailType, source, account: ACCOUNT };
      const event = { ...envelope, time: eventTime(now()), region, resources, detail };
      last = last.then(() => onEvent(event)).catch(onProblem);
    },
  };
};

const CODES: Readonly<Record<string, string>> = {
  pending: '0',
  running: '16',
  'shutting-down': '32',
  terminated: '48',
  stopping: '64',
  stopped: '80',
};

/** The state in which each of the passing ones ends (facts 1.2). */
const ENDS: Readonly<Record<string, string>> = {
  pending: 'running',
  stopping: 'stopped',
  'shutting-down': 'terminated',
};

/** The states of instances as AWS lets them be seen: the passing ones last a while, and every one is an event. */
export interface Lifecycle {
  readonly shown: (instanceId: string, emulated: string) => string;
  /** The instance enters a passing state now, and its end after the transition time. */
  readonly enter: (instanceId: string, state: string, region: string, afterwards?: () => void) => void;
  readonly stop: () => void;
}

interface Transition {
  readonly state: string;
  readonly timer: NodeJS.Timeout;
}

export const makeLifecycle = (room: Room, publisher: Publisher): Lifecycle => {
  const transitions = new Map<string, Transition>();
  const tell = (instanceId: string, state: string, region: string): void =>
    publisher.publish({
      source: 'aws.ec2',
      detailType: 'EC2 Instance State-change Notification',
      region,
      resources: [`arn:aws:ec2:${region}:${ACCOUNT}:instance/${instanceId}`],
      detail: { 'instance-id': instanceId, state },
    });
  return {
    shown: (instanceId, emulated) => transitions.get(instanceId)?.state ?? emulated,
    enter: (instanceId, state, region, afterwards) => {
      clearTimeout(transitions.get(instanceId)?.timer);
      const timer = setTimeout(() => {
        transitions.delete(instanceId);
        room.touch();
        tell(instanceId, ENDS[state] ?? state, region);
        afterwards?.();
      }, room.settings().transitionMilliseconds);
      transitions.set(instanceId, { state, timer });
      room.touch();
      tell(instanceId, state, region);
    },
    stop: () => {
      for (const { timer } of transitions.values()) clearTimeout(timer);
      transitions.clear();
    },
  };
};

const stateElement = (name: 'instanceState' | 'currentState', state: string): XmlElement =>
  xml(name, xml('code', CODES[state] ?? '0'), xml('name', state));

/** What an instance was asked to become; `already` when it was that before, which moves nothing. */
const moveOf = (item: XmlElement): { readonly state: string; readonly already: boolean } => {
  const state = textOf(item, 'instanceState', 'name') || textOf(item, 'currentState', 'name');
  return { state, already: ENDS[state] === textOf(item, 'previousState', 'name') };
};

/** The emulator says `pending` of an instance that was running all along, and the like. */
const truthfully = (item: XmlElement): XmlElement =>
  moveOf(item).already ? putChild(item, stateElement('currentState', textOf(item, 'previousState', 'name'))) : item;

/** RunInstances, StartInstances, StopInstances, TerminateInstances: what they set in motion is followed. */
export const moveInstances =
  (room: Room, lifecycle: Lifecycle) =>
  async (call: Call): Promise<Answer> => {
    const answer = await room.upstream.forward(call);
    if (answer.status >= 400) return answer;
    const element = parseXml(answer.body.toString('utf8'));
    for (const item of itemsOf(element, 'instancesSet')) {
      const { state, already } = moveOf(item);
      if (!already && state in ENDS) lifecycle.enter(textOf(item, 'instanceId'), state, call.region);
    }
    return xmlAnswer(withChild(element, 'instancesSet', (set) => ({ ...set, children: set.children.map(truthfully) })));
  };

/** StartInstances waits for nobody: an instance that is still stopping can't be started. */
export const startInstances =
  (lifecycle: Lifecycle, move: (call: Call) => Promise<Answer>) =>
  async (call: Call): Promise<Answer> => {
    for (const id of values(call.parameters, 'InstanceId')) {
      if (!['stopping', 'shutting-down'].includes(lifecycle.shown(id, ''))) continue;
      throw new Refusal(
        'IncorrectInstanceState',
        `The instance '${id}' is not in a state from which it can be started.`,
      );
    }
    return move(call);
  };

const withInstances = (reservation: XmlElement, change: (instances: readonly XmlElement[]) => readonly XmlElement[]) =>
  withChild(reservation, 'instancesSet', (set) => ({ ...set, children: change(set.children) }));

const STATE_FILTERS = new Set(['instance-state-name', 'instance-state-code']);

/** The call without its filters on state, and what they asked for: the emulator would judge them by its own states. */
const setStatesAside = (call: Call): { readonly call: Call; readonly accepts: (state: string) => boolean } => {
  const names = new Map(
    [...call.parameters].flatMap(([key, value]) => {
      const [, index] = /^Filter\.(\d+)\.Name$/.exec(key) ?? [];
      return index !== undefined && STATE_FILTERS.has(value) ? [[index, value] as const] : [];
    }),
  );
  if (names.size === 0) return { call, accepts: () => true };
  const indexOf = (key: string): string => /^Filter\.(\d+)\./.exec(key)?.[1] ?? '';
  const kept = [...call.parameters].filter(([key]) => !names.has(indexOf(key)));
  const wanted = [...call.parameters].filter(([key]) => names.has(indexOf(key)) && !key.endsWith('.Name'));
  const accepts = (state: string): boolean =>
    [...names].every(([index, name]) =>
      wanted.some(
        ([key, value]) => indexOf(key) === index && value === (name === 'instance-state-name' ? state : CODES[state]),
      ),
    );
  return { call: withParameters(call, kept), accepts };
};

/** DescribeInstances with the states that clients see, and its filters on state judged by those. */
export const describeInstances =
  (room: Room, lifecycle: Lifecycle) =>
  async (original: Call): Promise<Answer> => {
    const malformed = values(original.parameters, 'InstanceId').find((id) => !/^i-[0-9a-f]{8,17}$/.test(id));
    if (malformed !== undefined) throw new Refusal('InvalidInstanceID.Malformed', `Invalid id: "${malformed}"`);
    const { call, accepts } = setStatesAside(original);
    const answer = await room.upstream.forward(call);
    if (answer.status >= 400) return answer;
    const stateIn = (instance: XmlElement): string =>
      lifecycle.shown(textOf(instance, 'instanceId'), textOf(instance, 'instanceState', 'name'));
    const element = parseXml(answer.body.toString('utf8'));
    const reservations = itemsOf(element, 'reservationSet')
      .map((reservation) =>
        withInstances(reservation, (instances) =>
          instances
            .filter((instance) => accepts(stateIn(instance)))
            .map((instance) => putChild(instance, stateElement('instanceState', stateIn(instance)))),
        ),
      )
      .filter((reservation) => (childOf(reservation, 'instancesSet')?.children.length ?? 0) > 0);
    return xmlAnswer(withChild(element, 'reservationSet', (set) => ({ ...set, children: reservations })));
  };
