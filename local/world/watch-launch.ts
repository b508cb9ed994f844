import { setTimeout as sleep } from 'node:timers/promises';
import type { RecordedCall } from '../proxy/calls.ts';
import type { Inbox } from '../slack/inbox.ts';
import type { LocalStage } from '../stage.ts';
import type { Timeline } from '../timeline.ts';
import type { SmallWorld } from './small-world.ts';

export interface WatchLaunch {
  readonly stage: LocalStage;
  readonly world: SmallWorld;
  readonly timeline: Timeline;
  readonly inbox: Inbox;
  /** What the instance is called. */
  readonly name: string;
  readonly zone: 0 | 1;
  /** Aborted: the story is not told to its end. */
  readonly signal: AbortSignal;
}

const PATIENCE_MILLISECONDS = 90_000;
const BETWEEN_LOOKS_MILLISECONDS = 200;

const describeCall = ({
  action,
  parameters,
}: RecordedCall): { readonly what: 'rule' | 'target'; readonly text: string } | undefined => {
  const find = (pattern: RegExp): string => Object.entries(parameters).find(([name]) => pattern.test(name))?.[1] ?? '?';
  if (action === 'AuthorizeSecurityGroupIngress' || action === 'AuthorizeSecurityGroupEgress')
    return {
      what: 'rule',
      text: `${find(/^GroupId$/)} admits ${find(/Groups\.1\.GroupId$/)} on ${find(/IpProtocol$/)}/${find(/FromPort$/)}`,
    };
  if (action === 'RegisterTargets')
    return { what: 'target', text: `${find(/Targets.*\.Id$/)} on port ${find(/Targets.*\.Port$/)}` };
  return undefined;
};

/**
 * Launches an instance and tells what becomes of it, as it happens. Resolves with whether it ended well: the message that
 * speaks of the instance has arrived in Slack.
 */
export const watchLaunch = async (launch: WatchLaunch): Promise<boolean> => {
  launch.timeline.begin(`Launching ${launch.name}:`);
  const release = launch.inbox.hold();
  try {
    return await tellStory(launch);
  } finally {
    release();
  }
};

const tellStory = async ({ stage, world, timeline, inbox, name, zone, signal }: WatchLaunch): Promise<boolean> => {
  const calls = stage.proxy.calls.length;
  const instanceId = await world.launch(name, zone);
  timeline.add('event', `RunInstances → ${instanceId}`);
  let toldCalls = calls;
  let health: string | undefined;
  const deadline = performance.now() + PATIENCE_MILLISECONDS;
  while (performance.now() < deadline) {
    // Looked at before the calls are listed, so that nobody is told to be healthy before it is told to be registered.
    const state = await world.healthOf(instanceId);
    const under = stage.proxy.calls.slice(toldCalls);
    const answered = under.findIndex(({ statusCode }) => statusCode === undefined);
    const done = answered === -1 ? under : under.slice(0, answered);
    for (const call of done) {
      const line = call.statusCode === 200 ? describeCall(call) : undefined;
      if (line !== undefined) timeline.add(line.what, line.text);
    }
    toldCalls += done.length;
    if (state !== health && state !== undefined) timeline.add('health', `${name} is ${state}`);
    health = state;
    if (inbox.tellNew().some(({ text }) => text?.includes(name))) return health === 'healthy';
    await sleep(BETWEEN_LOOKS_MILLISECONDS, undefined, { signal });
  }
  timeline.add('message', `nothing arrived within ${PATIENCE_MILLISECONDS / 1000} s; see the logs below .local/`);
  return false;
};
