import type { DiagnosisReason } from '../../domain/diagnosis/reasons.ts';
import type { Phrase } from '../phrase.ts';
import { code, outside, say, words } from '../phrase.ts';
import type { Facts, FindingCatalogue } from './catalogue.ts';
import { id, nameInArn, shortName, told } from './catalogue.ts';
import { englishDuration } from './duration.ts';
import { group, itsPort, target, verb } from './english-facts.ts';

/** Characters of a number as it was told. */
const COUNT = 12;

const CHECKS: Readonly<Record<string, string>> = {
  instance: 'instance',
  system: 'system',
  both: 'instance and system',
};

const checkName = ({ check }: Facts): Phrase => [words(CHECKS[check ?? ''] ?? 'status')];

/** ` (GET /health, 200 expected)`: what the health check asks for and takes for well, as far as it is known. */
const asked = ({ path, matcher }: Facts): Phrase => {
  if (path === undefined) return matcher === undefined ? [] : say` (expected: ${code(matcher)})`;
  return matcher === undefined ? say` (${code(path)})` : say` (${code(path)}, expected: ${code(matcher)})`;
};

/** ` on port 8080 (…)`, where a sentence has not said the port yet. */
const askedThere = (facts: Facts): Phrase =>
  facts['port'] === undefined ? asked(facts) : say` on ${itsPort(facts)}${asked(facts)}`;

const answers = ({ code: status }: Facts, otherwise: string): Phrase =>
  status === undefined ? [words(otherwise)] : [code(status)];

const seconds = (text: string | undefined, otherwise: string): Phrase =>
  text === undefined ? [words(otherwise)] : say`${text} s`;

/** A time from evidence as people say it. */
const lasting = (text: string | undefined, otherwise: string): Phrase => {
  const length = Number.parseInt(text ?? '', 10);
  return [words(Number.isNaN(length) ? otherwise : englishDuration(length))];
};

/** What could not be read, as a person calls it. */
const READS: Readonly<Record<string, string>> = {
  'target-group': 'the target group',
  'load-balancer': 'the load balancer',
  listeners: 'the listeners and their rules',
  members: 'the targets and their health',
  instances: 'the instances',
  'status-checks': 'the status checks of EC2',
  'source-destination-checks': 'the source/destination checks',
  attributes: 'the attributes of group and balancer',
  clients: 'who may come to the balancer',
  deploys: 'the deployments under way',
};

const readOf = ({ what }: Facts): Phrase =>
  what === undefined ? [words('part of it')] : READS[what] === undefined ? [outside(what)] : [words(READS[what])];

const SUBJECTS: Readonly<Record<string, string>> = {
  'target-group': 'the target group',
  'load-balancer': 'the load balancer',
};

/** AWS's reason code behind a sentence of ours, for looking it up. */
const reasonCode = ({ code: reason }: Facts): Phrase => (reason === undefined ? [] : say` (${code(reason)})`);

const DEPLOYS: Readonly<Record<string, string>> = {
  'instance-refresh': 'an instance refresh of',
  codedeploy: 'a CodeDeploy deployment of',
  registration: 'a registration in',
};

const deploy = ({ deploy: kind, name }: Facts): Phrase =>
  say`${words(DEPLOYS[kind ?? ''] ?? 'a deployment of')} ${told(name, 'this group')}`;

/** What checks say in English beside the network engine and the balancer's own reason codes. */
export const ENGLISH_DIAGNOSIS_FINDINGS: Pick<FindingCatalogue, DiagnosisReason> = {
  SubjectGone: {
    short: () => say`what the alarm watches is gone`,
    cause: ({ subject, id: arn }) =>
      say`${words(SUBJECTS[subject ?? ''] ?? 'what the alarm watches')} ${told(nameInArn(arn), '')} does not exist any more`,
    next: () => say`delete the alarm, or point it to what took its place`,
  },
  WatchesElsewhere: {
    short: () => say`what the alarm watches is not here`,
    cause: ({ account, region }) =>
      say`what the alarm watches is in account ${id(account, '?')}, ${told(region, '')}, where Usher can’t look; nothing here is meant by it`,
    next: () => say`look at that account’s target groups, or install Usher there`,
  },
  CouldNotLook: {
    short: () => say`not everything could be looked at`,
    cause: (facts) => say`${readOf(facts)} could not be read (${id(facts['why'], 'no reason was given')})`,
    next: () => say`if it was denied, give Usher’s role that read; look at it yourself until then`,
  },
  NoTargets: {
    short: () => say`no target is registered`,
    cause: (facts) => say`${group(facts)} has no registered target`,
    next: (facts) => say`register an instance in ${group(facts)}, or start one that belongs there`,
  },
  TooFewHealthy: {
    short: ({ healthy = '?', needed = '?' }) =>
      say`${outside(healthy, COUNT)} healthy, ${outside(needed, COUNT)} needed`,
    cause: (facts) =>
      say`${group(facts)} has ${outside(facts['healthy'] ?? '?', COUNT)} healthy of ${outside(facts['of'] ?? '?', COUNT)} registered, and the alarm wants ${outside(facts['needed'] ?? '?', COUNT)}`,
    next: (facts) =>
      facts['of'] === facts['healthy']
        ? say`register another target in ${group(facts)}, or lower the alarm’s threshold if that many are not meant`
        : say`mend those that are not healthy`,
  },
  StatusCheckFailed: {
    short: () => say`EC2’s own status check fails`,
    cause: (facts) => say`EC2’s ${checkName(facts)} status check fails on ${target(facts)}`,
    next: (facts) =>
      facts['check'] === 'instance'
        ? say`reboot ${target(facts)}, and look at its system log if that doesn’t help`
        : say`stop and start ${target(facts)} to move to another host (data on instance store volumes is lost)`,
  },
  WarmingUp: {
    short: () => say`it has only just started`,
    cause: ({ seconds: since, slowStartSeconds, ...facts }) =>
      slowStartSeconds === undefined
        ? say`${target(facts)} ${verb(facts, 'was', 'were')} launched ${lasting(since, 'a short time')} ago and may not be ready yet`
        : say`${target(facts)} ${verb(facts, 'was', 'were')} launched ${lasting(since, 'a short time')} ago and ${verb(facts, 'gets its', 'get their')} share slowly for ${lasting(slowStartSeconds, 'some time')} (slow start)`,
    next: () => say`wait a few minutes; if it goes on, look at how long the application takes to start`,
  },
  ImagesDiffer: {
    short: () => say`they run another AMI than the healthy ones`,
    cause: ({ image, otherImage, ...facts }) =>
      say`${target(facts)} ${verb(facts, 'runs', 'run')} AMI ${id(image, 'other than the rest')}, the healthy ones ${id(otherImage, 'another')}`,
    next: () => say`compare the two AMIs, or go back to the one that is healthy`,
  },
  AllHealthyInOneZone: {
    short: ({ zone }) => say`all healthy ones are in zone ${shortName(zone, 'one')}`,
    cause: ({ zone, healthy }) =>
      say`all healthy targets (${told(healthy, 'all')}) are in zone ${told(zone, '(not named)')}: if that zone fails, the site is down`,
    next: () => say`bring a target in another zone back to health, or launch one there`,
  },
  ZoneWithoutTargets: {
    short: ({ zones }) => say`no healthy target in ${shortName(zones, 'a zone')}`,
    cause: ({ zones, loadBalancer }) =>
      say`cross-zone load balancing of ${told(loadBalancer, 'the balancer')} is off, and there is no healthy target in zone ${told(zones, '(not named)')}, so requests that enter there fail`,
    next: ({ zones }) => say`turn cross-zone load balancing on, or launch a target in ${told(zones, 'that zone')}`,
  },
  FailOpen: {
    short: () => say`nobody is healthy, so all get requests`,
    cause: (facts) =>
      say`none of ${target(facts)} is healthy, so the balancer sends requests to all of them (fail-open)`,
    next: () => say`mend the health check first: whoever answers it well gets all the traffic again`,
  },
  DeployInProgress: {
    short: () => say`a deployment is under way`,
    cause: (facts) =>
      say`${deploy(facts)} began ${lasting(facts['seconds'], 'some time')} ago and puts targets in and out`,
    next: () => say`let it finish; if health doesn’t come back, roll it back`,
  },
  PortDiffers: {
    short: ({ port }) => say`registered on port ${shortName(port, 'other than the rest')}`,
    cause: ({ port, otherPort, ...facts }) =>
      say`${target(facts)} ${verb(facts, 'is', 'are')} registered on port ${told(port, 'other than the rest')}, the healthy ones on ${told(otherPort, 'another')}`,
    next: ({ otherPort, ...facts }) =>
      say`register ${target(facts)} on port ${told(otherPort, 'that the application uses')}`,
  },
  HealthCheckPortDiffers: {
    short: ({ port }) => say`the health check asks port ${shortName(port, 'of its own')}`,
    cause: ({ port, targetPort, ...facts }) =>
      say`the health check of ${group(facts)} asks ${target(facts)} on port ${told(port, 'of its own')}, where nothing answers; requests go to port ${told(targetPort, 'another')}`,
    next: (facts) =>
      say`set the health check of ${group(facts)} to the traffic port, or let the application answer there`,
  },
  HealthCheckRedirected: {
    short: (facts) => say`the health check is redirected (${answers(facts, '3xx')})`,
    cause: (facts) =>
      say`${target(facts)} ${verb(facts, 'answers', 'answer')} the health check with a redirect, ${answers(facts, '3xx')}${askedThere(facts)}`,
    next: () =>
      say`let the health check’s path answer 200 without a redirect (most often to https://), or accept that code in the group’s matcher`,
  },
  HealthCheckNeedsLogin: {
    short: (facts) => say`the health check is refused (${answers(facts, '401/403')})`,
    cause: (facts) =>
      say`${target(facts)} ${verb(facts, 'wants', 'want')} a login for the health check: ${answers(facts, '401 or 403')}${askedThere(facts)}`,
    next: () => say`let the health check’s path answer without a login`,
  },
  HealthCheckPathMissing: {
    short: () => say`the health check’s path doesn’t exist (404)`,
    cause: (facts) =>
      say`${target(facts)} ${verb(facts, 'has', 'have')} no page at the health check’s path: ${answers(facts, '404')}${askedThere(facts)}`,
    next: (facts) =>
      say`correct the health check’s path of ${group(facts)}, or let the application answer at ${id(facts['path'], 'it')}`,
  },
  HealthCheckServerError: {
    short: (facts) => say`the application fails (${answers(facts, '5xx')})`,
    cause: (facts) =>
      say`the application on ${target(facts)} answers the health check with an error of its own, ${answers(facts, '5xx')}${askedThere(facts)}`,
    next: (facts) =>
      say`on ${target(facts)}: look at the application’s error log and at what it depends on (database, disk)`,
  },
  HealthCheckPlainOnTls: {
    short: (facts) => say`asked by HTTP where TLS is spoken (${itsPort(facts)})`,
    cause: (facts) =>
      say`the health check asks ${target(facts)} by HTTP on ${itsPort(facts)}, where TLS is spoken, and gets ${answers(facts, '400')}${asked(facts)}`,
    next: (facts) => say`set the health check protocol of ${group(facts)} to HTTPS`,
  },
  HealthCheckTlsOnPlain: {
    short: (facts) => say`asked by HTTPS where no TLS is spoken (${itsPort(facts)})`,
    cause: (facts) =>
      say`the health check asks ${target(facts)} by HTTPS on ${itsPort(facts)}, where plain HTTP is spoken${asked(facts)}`,
    next: (facts) => say`set the health check protocol of ${group(facts)} to HTTP`,
  },
  HealthCheckTimeoutShort: {
    short: ({ timeoutSeconds }) => say`the health check waits for ${seconds(timeoutSeconds, 'too short')} only`,
    cause: ({ timeoutSeconds, ...facts }) =>
      say`the health check of ${group(facts)} waits only ${seconds(timeoutSeconds, 'a short time')} for ${target(facts)} to answer on ${itsPort(facts)} (default: 5 s)`,
    next: (facts) => say`raise the health check timeout of ${group(facts)}, or find what makes the answer slow`,
  },
  TlsTooNew: {
    short: () => say`it may take no TLS 1.2`,
    cause: (facts) =>
      say`this kind of balancer checks health with TLS 1.2 at most, which ${target(facts)} may refuse on ${itsPort(facts)}${asked(facts)}`,
    next: (facts) => say`allow TLS 1.2 on ${target(facts)}, or check health by TCP or HTTP`,
  },
  ApplicationRefuses: {
    short: (facts) => say`nothing answers on ${itsPort(facts)}`,
    cause: (facts) =>
      say`the application isn’t running on ${target(facts)}, or doesn’t listen on ${itsPort(facts)}${reasonCode(facts)}`,
    next: (facts) => say`on ${target(facts)}: start the application, and see whether it listens on ${itsPort(facts)}`,
  },
  ApplicationSilent: {
    short: (facts) => say`no answer in time on ${itsPort(facts)}`,
    cause: (facts) =>
      say`${target(facts)} ${verb(facts, 'doesn’t', 'don’t')} answer on ${itsPort(facts)} within ${seconds(facts['timeoutSeconds'], 'its time')}: overloaded, hanging, or dropped by a firewall on the host${reasonCode(facts)}`,
    next: (facts) => say`on ${target(facts)}: check the load, the application’s log and the host’s own firewall`,
  },
  SourceDestinationCheckOff: {
    short: () => say`its source/destination check is off`,
    cause: (facts) => say`the source/destination check is off on ${target(facts)}, as for a router or NAT instance`,
    next: (facts) => say`turn the source/destination check on for ${target(facts)} unless it forwards others’ packets`,
  },
  SourceDestinationCheckOn: {
    short: () => say`its source/destination check drops packets`,
    cause: (facts) =>
      say`the source/destination check is on for ${target(facts)}, so EC2 drops packets that are not its own, as an appliance gets them`,
    next: (facts) => say`turn the source/destination check off for the appliance ${target(facts)}`,
  },
  ApplianceMtuTooSmall: {
    short: () => say`its instance type takes no large packets`,
    cause: ({ instanceType, ...facts }) =>
      say`${target(facts)} ${verb(facts, 'runs', 'run')} on ${id(instanceType, 'an instance type')} with packets of 1,500 bytes at most; a Gateway Load Balancer sends up to 8,568, splits none, and tells nobody that one was too large`,
    next: (facts) => say`move ${target(facts)} to an instance type with jumbo frames (9,001 bytes)`,
  },
  ApplianceMtuUnseen: {
    short: () => say`its MTU can’t be seen from outside`,
    cause: (facts) =>
      say`the MTU set on ${target(facts)} can’t be seen from outside; a Gateway Load Balancer sends up to 8,568 bytes (8,500 and GENEVE’s 68), splits none, and tells nobody that one was too large`,
    next: (facts) => say`on ${target(facts)}: see that the interface’s MTU is 8,568 or more`,
  },
  HairpinWithPreservedAddresses: {
    short: () => say`a target that calls itself gets no answer`,
    cause: (facts) =>
      say`${told(facts['loadBalancer'], 'the balancer')} preserves client addresses, so a target that calls itself through it gets no answer`,
    next: (facts) =>
      say`turn client address preservation of ${group(facts)} off, or call the application without the balancer`,
  },
  NoHealthyTarget: {
    short: () => say`nobody is there to answer (503)`,
    cause: (facts) =>
      say`the balancer answered ${told(facts['code'], '503')} because none of ${target(facts)} could take a request`,
    next: (facts) => say`bring a target of ${group(facts)} back to health, or register one`,
  },
  TargetUnreachable: {
    short: ({ code: status }) => say`targets can’t be reached${status === undefined ? [] : say` (${status})`}`,
    cause: ({ code: status, ...facts }) =>
      say`the balancer could not connect to ${target(facts)}${status === undefined ? [] : say`, so it answered ${status}`}`,
    next: () =>
      say`check that the application listens on its port, and the security groups between balancer and targets`,
  },
  TargetClosedConnection: {
    short: () => say`targets close connections too early (502)`,
    cause: ({ code: status, idleTimeoutSeconds }) =>
      say`the balancer answered ${told(status, '502')} though targets are healthy: one closed a connection that the balancer still held open (idle timeout ${seconds(idleTimeoutSeconds, 'not known')})`,
    next: ({ idleTimeoutSeconds }) =>
      say`set the application’s keep-alive above ${seconds(idleTimeoutSeconds, 'the balancer’s idle timeout')}`,
  },
  ApplicationSlow: {
    short: ({ code: status }) => say`answers come too late${status === undefined ? [] : say` (${status})`}`,
    cause: ({ code: status, idleTimeoutSeconds }) =>
      status === undefined
        ? say`the application answers more slowly than the alarm allows (the balancer waits ${seconds(idleTimeoutSeconds, 'for its idle timeout')})`
        : say`the application took longer than the balancer’s idle timeout (${seconds(idleTimeoutSeconds, 'not known')}), so the balancer answered ${status}`,
    next: () =>
      say`find the slow requests in the application’s log; raise the idle timeout only if they must take so long`,
  },
  ApplicationErrors: {
    short: () => say`the application answers with errors (5xx)`,
    cause: () => say`the targets are reached, and the application answers with errors of its own (5xx)`,
    next: () => say`look at the application’s error log since then, and at what was deployed`,
  },
};
