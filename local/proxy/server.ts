import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { changeNetworkAclEntry, createNetworkAcl, describeNetworkAcls } from './acls.ts';
import {
  createListener,
  createLoadBalancer,
  createTargetGroup,
  describeLoadBalancers,
  makeBalancerNames,
  setSecurityGroups,
  setSubnets,
} from './balancers.ts';
import type { RecordedCall } from './calls.ts';
import { recordCalls } from './calls.ts';
import type { CertificateDesk } from './certificates.ts';
import { certificateHandler, makeCertificateDesk } from './certificates.ts';
import {
  createClassicBalancer,
  deregisterInstances,
  describeInstanceHealth,
  makeClassicMemories,
  registerInstances,
} from './classic.ts';
import type { Powers } from './control.ts';
import { answerControl, CONTROL_PATH } from './control.ts';
import type { FaultEffect, Faults } from './faults.ts';
import { makeFaults, statusOf } from './faults.ts';
import { deleteSecurityGroup, modifyNetworkInterface } from './groups.ts';
import { describeNetworkInterfaces, makeAddressBook } from './interfaces.ts';
import { cloudFrontHandler, makeCloudFrontDesk, readCloudFrontCall } from './invalidations.ts';
import { describeInstances, makeLifecycle, makePublisher, moveInstances, startInstances } from './lifecycle.ts';
import type { Answer, Call } from './protocol.ts';
import { Refusal, readCall, refuse } from './protocol.ts';
import { makeRegistrations } from './registrations.ts';
import type { Room, Settings } from './room.ts';
import { DEFAULT_SETTINGS } from './room.ts';
import { authorize, revoke } from './rules.ts';
import { changeScaling } from './scaling.ts';
import type { Switches } from './switches.ts';
import { makeSwitches } from './switches.ts';
import { getResources, makeTagChanges } from './tags.ts';
import type { TargetDesk, TargetVerdicts } from './targets.ts';
import { deregisterTargets, describeTargetHealth, registerTargets, verdictsOf } from './targets.ts';
import { connectUpstream, UpstreamError } from './upstream.ts';
import { describeTargetGroups } from './usage.ts';
import { describeTargetGroupAttributes } from './world.ts';

export interface ProxyOptions extends Partial<Settings> {
  /** Where the emulator (moto server) listens. */
  readonly upstream: string;
  readonly now?: () => Date;
  /** Receives what AWS would put on the default event bus, one at a time. */
  readonly onEvent?: (event: object) => Promise<void>;
}

export interface Proxy {
  readonly url: string;
  /** Closes the port and every connection. Nothing is left behind. */
  readonly stop: () => Promise<void>;
  /** The clients' calls, oldest first. The proxy's own reads are not among them. */
  readonly calls: readonly RecordedCall[];
  readonly resetCalls: () => void;
  /** Calls by `service:Action`. */
  readonly counts: () => Readonly<Record<string, number>>;
  readonly faults: Faults;
  /** What each instance does when somebody knocks. */
  readonly instances: Pick<Switches, 'set' | 'list' | 'clear'>;
  readonly settings: Settings;
  readonly changeSettings: (changes: Partial<Settings>) => Settings;
  /** The proxy's own judgement of a group's registered targets, or of the one given. */
  readonly reachability: (
    targetGroupArn: string,
    target?: { id: string; port?: number },
  ) => Promise<readonly TargetVerdicts[]>;
  /** What happens to a certificate over months: its end, its renewal. */
  readonly turnCertificate: CertificateDesk['turn'];
  /** Resolves when every event so far has been handed to `onEvent`. */
  readonly eventsSettled: () => Promise<void>;
  /** What went wrong in `onEvent`. */
  readonly problems: readonly unknown[];
}

type Handler = (call: Call) => Promise<Answer>;

/** Writes wait for each other, so that nothing moves between a check and what it allowed. */
const makeTurns = () => {
  let last: Promise<unknown> = Promise.resolve();
  return <T>(task: () => Promise<T>): Promise<T> => {
    const turn = last.then(task, task);
    last = turn.catch(() => undefined);
    return turn;
  };
};

/** After these the emulator's target groups go on naming the balancers they had. */
const MOVES_LISTENERS = /^(Modify|Delete)(Listener|Rule)$|^DeleteLoadBalancer$/;

const UNTOUCHED = /^(Describe|Get|List)/;

const readAll = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks);
};

const respond = (response: ServerResponse, { status, headers, body }: Answer): void => {
  response.writeHead(status, { ...headers, 'content-length': String(body.length) });
  response.end(body);
};

const listen = async (server: Server): Promise<string> => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
  return `http://127.0.0.1:${address.port}`;
};

const ofKind = <K extends FaultEffect['kind']>(effects: readonly FaultEffect[], kind: K) =>
  effects.find((effect): effect is Extract<FaultEffect, { kind: K }> => effect.kind === kind);

/** Starts the checking proxy on a free port of 127.0.0.1. */
export const startProxy = async (options: ProxyOptions): Promise<Proxy> => {
  const { upstream: upstreamUrl, now = () => new Date(), onEvent = async () => undefined, ...stated } = options;
  let settings: Settings = { ...DEFAULT_SETTINGS, ...stated };
  let changedAt = now();
  const touch = (): void => {
    changedAt = now();
  };
  const upstream = connectUpstream(upstreamUrl);
  let listenersMoved = false;
  const room: Room = {
    upstream,
    now,
    settings: () => settings,
    changedAt: () => changedAt,
    touch,
    listenersMoved: () => listenersMoved,
  };
  const problems: unknown[] = [];
  const publisher = makePublisher(now, onEvent, (problem) => problems.push(problem));
  const lifecycle = makeLifecycle(room, publisher);
  const [switches, registrations, book, names] = [
    makeSwitches(touch),
    makeRegistrations(),
    makeAddressBook(),
    makeBalancerNames(),
  ];
  const desk: TargetDesk = { room, registrations, book, switches, shown: lifecycle.shown };
  const classicMemories = makeClassicMemories();
  const cloudFront = makeCloudFrontDesk(room);
  const certificates = makeCertificateDesk(room);
  const calls = recordCalls();
  const faults = makeFaults();

  const move = moveInstances(room, lifecycle);
  const changeTags = makeTagChanges(room, publisher);
  const handlers: Readonly<Record<string, Handler>> = {
    'ec2:AuthorizeSecurityGroupIngress': authorize(room, 'ingress'),
    'ec2:AuthorizeSecurityGroupEgress': authorize(room, 'egress'),
    'ec2:RevokeSecurityGroupIngress': revoke(room, 'ingress'),
    'ec2:RevokeSecurityGroupEgress': revoke(room, 'egress'),
    'ec2:DeleteSecurityGroup': deleteSecurityGroup(room),
    'ec2:ModifyNetworkInterfaceAttribute': modifyNetworkInterface(room),
    'ec2:DescribeNetworkInterfaces': describeNetworkInterfaces(room, book),
    'ec2:DescribeNetworkAcls': describeNetworkAcls(room),
    'ec2:CreateNetworkAcl': createNetworkAcl(room),
    'ec2:DeleteNetworkAclEntry': changeNetworkAclEntry(room),
    'ec2:ReplaceNetworkAclEntry': changeNetworkAclEntry(room),
    'ec2:DescribeInstances': describeInstances(room, lifecycle),
    'ec2:RunInstances': move,
    'ec2:StartInstances': startInstances(lifecycle, move),
    'ec2:StopInstances': move,
    'ec2:TerminateInstances': move,
    'ec2:CreateTags': changeTags,
    'ec2:DeleteTags': changeTags,
    'elbv2:AddTags': changeTags,
    'elbv2:RemoveTags': changeTags,
    'tagging:TagResources': changeTags,
    'tagging:UntagResources': changeTags,
    'elbv2:CreateLoadBalancer': createLoadBalancer(room, names),
    'elbv2:DescribeLoadBalancers': describeLoadBalancers(room, names),
    'elbv2:SetSecurityGroups': setSecurityGroups(room),
    'elbv2:SetSubnets': setSubnets(room),
    'elbv2:CreateListener': createListener(room),
    'elbv2:CreateTargetGroup': createTargetGroup(room),
    'elbv2:DescribeTargetGroups': describeTargetGroups(room),
    'elbv2:DescribeTargetGroupAttributes': describeTargetGroupAttributes(room),
    'elbv2:RegisterTargets': registerTargets(desk),
    'elbv2:DeregisterTargets': deregisterTargets(desk),
    'elbv2:DescribeTargetHealth': describeTargetHealth(desk),
    'elb:AddTags': changeTags,
    'elb:RemoveTags': changeTags,
    'elb:CreateLoadBalancer': createClassicBalancer(room),
    'elb:RegisterInstancesWithLoadBalancer': registerInstances(desk),
    'elb:DeregisterInstancesFromLoadBalancer': deregisterInstances(desk, classicMemories),
    'elb:DescribeInstanceHealth': describeInstanceHealth(desk, classicMemories),
    'tagging:GetResources': getResources(room),
  };
  const scale = changeScaling(room, lifecycle, publisher);
  const isDryRun = ({ parameters }: Call): boolean => parameters.get('DryRun') === 'true';
  const handlerOf = (call: Call): Handler => {
    if (isDryRun(call)) return upstream.forward; // says what it would do before it looks at what was asked
    const handler = handlers[`${call.service}:${call.action}`];
    if (handler !== undefined) return handler;
    return call.service === 'autoscaling' && !UNTOUCHED.test(call.action) ? scale : upstream.forward;
  };

  const CHECKED = new Set(['ec2', 'elbv2', 'elb', 'autoscaling', 'tagging']);
  const turns = makeTurns();
  const handleCloudFront = (call: Call): Promise<Answer> => {
    const handler = cloudFrontHandler(cloudFront, call) ?? upstream.forward;
    return UNTOUCHED.test(call.action) ? handler(call) : turns(() => handler(call));
  };
  const handle = async (call: Call): Promise<Answer> => {
    if (call.service === 'cloudfront') return handleCloudFront(call);
    if (call.service === 'acm') return (certificateHandler(certificates, call) ?? upstream.forward)(call);
    if (!CHECKED.has(call.service)) return upstream.forward(call);
    const inward = names.inward(call);
    if (UNTOUCHED.test(call.action)) return names.outward(await handlerOf(inward)(inward));
    return turns(async () => {
      const answer = await handlerOf(inward)(inward);
      touch();
      listenersMoved ||= call.service === 'elbv2' && MOVES_LISTENERS.test(call.action);
      return names.outward(answer);
    });
  };
  const handleSafely = async (call: Call): Promise<Answer> => {
    try {
      return await handle(call);
    } catch (error) {
      if (error instanceof Refusal) return refuse(call, error);
      if (error instanceof UpstreamError) return refuse(call, new Refusal(error.code, error.message, error.status));
      return refuse(call, new Refusal('InternalFailure', `the checking proxy failed: ${String(error)}`, 500));
    }
  };

  const forget = (): void => {
    listenersMoved = false;
    lifecycle.stop();
    for (const part of [registrations, switches, book, names, classicMemories, cloudFront, certificates]) part.clear();
  };
  const onCall = async (call: Call, response: ServerResponse): Promise<void> => {
    const open = calls.begin(call, now());
    const effects = faults.take(call);
    const delay = ofKind(effects, 'delay');
    if (delay !== undefined) await sleep(delay.milliseconds);
    if (ofKind(effects, 'drop-before') !== undefined) return void response.destroy();
    const error = ofKind(effects, 'error');
    if (error !== undefined) {
      const { code, message = 'A fault made on request.', status = statusOf(code) } = error;
      const refused = refuse(call, new Refusal(code, message, status));
      open.answered(refused);
      return respond(response, refused);
    }
    const answer = await handleSafely(call);
    open.forwarded();
    await faults.afterForward(call);
    if (ofKind(effects, 'drop-after') !== undefined) return void response.destroy();
    open.answered(answer);
    respond(response, answer);
  };

  const powers: Powers = {
    calls: calls.list,
    counts: calls.counts,
    resetCalls: calls.reset,
    faults: faults.list,
    failCall: faults.failCall,
    failAll: faults.failAll,
    clearFaults: faults.clear,
    instances: switches.list,
    setInstance: switches.set,
    settings: () => settings,
    changeSettings: (changes) => {
      settings = { ...settings, ...changes };
      return settings;
    },
    verdicts: (arn, target) => verdictsOf(desk, arn, target),
    turnCertificate: certificates.turn,
  };

  const server = createServer((request, response) => {
    const serve = async (): Promise<void> => {
      const [method, path] = [request.method ?? 'GET', request.url ?? '/'];
      const body = await readAll(request);
      if (path.startsWith(CONTROL_PATH)) return respond(response, await answerControl(powers, method, path, body));
      const read = readCall(method, path, request.headers, body);
      const call = read.service === 'cloudfront' ? readCloudFrontCall(read) : read;
      if (!path.startsWith('/moto-api')) return onCall(call, response);
      if (path.startsWith('/moto-api/reset')) forget();
      return respond(response, await upstream.forward(call));
    };
    serve().catch(() => response.destroy()); // the client has gone, or the emulator
  });
  const url = await listen(server);

  return {
    url,
    stop: async () => {
      lifecycle.stop();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
    get calls() {
      return calls.list();
    },
    resetCalls: calls.reset,
    counts: calls.counts,
    faults,
    instances: switches,
    get settings() {
      return settings;
    },
    changeSettings: powers.changeSettings,
    reachability: powers.verdicts,
    turnCertificate: certificates.turn,
    eventsSettled: publisher.settled,
    problems,
  };
};
