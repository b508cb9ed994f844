import type { RecordedCall } from './calls.ts';
import type { CertificateDesk } from './certificates.ts';
import { readTurn } from './certificates.ts';
import type { CallMatch, Fault, FaultEffect } from './faults.ts';
import type { Answer } from './protocol.ts';
import { jsonAnswer, Refusal } from './protocol.ts';
import type { Settings } from './room.ts';
import type { Behaviour, InstanceSwitch } from './switches.ts';
import type { TargetVerdicts } from './targets.ts';

/** What the control endpoint may do: the same powers that a test in this process has. */
export interface Powers {
  readonly calls: () => readonly RecordedCall[];
  readonly counts: () => Readonly<Record<string, number>>;
  readonly resetCalls: () => void;
  readonly faults: () => readonly Fault[];
  readonly failCall: (k: number, effect: FaultEffect, match: CallMatch) => number;
  readonly failAll: (match: CallMatch, effect: FaultEffect, times?: number) => number;
  readonly clearFaults: () => void;
  readonly instances: () => Readonly<Record<string, InstanceSwitch>>;
  readonly setInstance: (id: string, to: InstanceSwitch) => void;
  readonly settings: () => Settings;
  readonly changeSettings: (changes: Partial<Settings>) => Settings;
  readonly verdicts: (
    targetGroupArn: string,
    target?: { id: string; port?: number },
  ) => Promise<readonly TargetVerdicts[]>;
  readonly turnCertificate: CertificateDesk['turn'];
}

/** Under this path the proxy answers for itself. */
export const CONTROL_PATH = '/_usher/';

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const bad = (message: string): Refusal => new Refusal('BadRequest', message);

const readBody = (body: Buffer): Json => {
  let parsed: unknown;
  try {
    parsed = body.length === 0 ? {} : JSON.parse(body.toString('utf8'));
  } catch (cause) {
    throw bad(`the body is not JSON: ${String(cause)}`);
  }
  if (!isObject(parsed)) throw bad('the body is to be a JSON object');
  return parsed;
};

const BEHAVIOURS = new Set<unknown>(['answers', 'refuses', 'silent', 'wrong-code']);
const isBehaviour = (value: unknown): value is Behaviour => BEHAVIOURS.has(value);

const readSwitch = ({ behaviour, ports }: Json): InstanceSwitch => {
  if (isBehaviour(behaviour)) return behaviour;
  if (!isObject(ports)) throw bad(`give {"behaviour": …} or {"ports": {"80": …}} of ${[...BEHAVIOURS].join(', ')}`);
  return Object.fromEntries(
    Object.entries(ports).map(([port, value]) => {
      if (!isBehaviour(value)) throw bad(`port ${port}: ${String(value)} is none of ${[...BEHAVIOURS].join(', ')}`);
      return [Number(port), value];
    }),
  );
};

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const number = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

const readEffect = (effect: unknown): FaultEffect => {
  if (!isObject(effect)) throw bad('give an "effect" with a "kind"');
  const { kind, code, message, status, milliseconds } = effect;
  if (kind === 'drop-before' || kind === 'drop-after') return { kind };
  if (kind === 'delay' && typeof milliseconds === 'number') return { kind, milliseconds };
  if (kind !== 'error' || typeof code !== 'string')
    throw bad('an effect is error (with code), drop-before, drop-after or delay (with milliseconds)');
  const [words, answerStatus] = [text(message), number(status)];
  return {
    kind,
    code,
    ...(words === undefined ? {} : { message: words }),
    ...(answerStatus === undefined ? {} : { status: answerStatus }),
  };
};

const readMatch = (match: unknown): CallMatch => {
  if (!isObject(match)) return {};
  const entries = ['service', 'action', 'accessKeyId'].flatMap((name) => {
    const value = text(match[name]);
    return value === undefined ? [] : [[name, value]];
  });
  return Object.fromEntries(entries);
};

const addFault = (powers: Powers, { effect, match, call, times }: Json): number => {
  const k = number(call);
  if (k !== undefined) return powers.failCall(k, readEffect(effect), readMatch(match));
  return powers.failAll(readMatch(match), readEffect(effect), number(times));
};

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((entry) => typeof entry === 'string');

const readSettings = (body: Json, present: Settings): Partial<Settings> => {
  for (const [name, value] of Object.entries(body)) {
    if (!(name in present)) throw bad(`there is no setting ${name}`);
    if (name === 'clients') {
      if (!isTexts(value)) throw bad('clients is to be a list of CIDR blocks');
      continue;
    }
    const fits = (typeof value === 'number' && value >= 0) || (name === 'drainMilliseconds' && value === null);
    if (!fits) throw bad(`${name} is to be a number that isn't negative`);
  }
  return body;
};

const verdicts = (powers: Powers, query: URLSearchParams): Promise<readonly TargetVerdicts[]> => {
  const [arn, id, port] = [query.get('targetGroupArn'), query.get('id'), query.get('port')];
  if (arn === null) throw bad('give targetGroupArn');
  if (id === null) return powers.verdicts(arn);
  return powers.verdicts(arn, port === null ? { id } : { id, port: Number(port) });
};

const carryOut = async (powers: Powers, method: string, url: URL, body: Buffer): Promise<unknown> => {
  const [room = '', id] = url.pathname.slice(CONTROL_PATH.length).split('/');
  switch (`${method} ${room}`) {
    case 'GET calls':
      return powers.calls();
    case 'DELETE calls':
      return powers.resetCalls();
    case 'GET counts':
      return powers.counts();
    case 'GET faults':
      return powers.faults();
    case 'POST faults':
      return { id: addFault(powers, readBody(body)) };
    case 'DELETE faults':
      return powers.clearFaults();
    case 'GET instances':
      return powers.instances();
    case 'PUT instances':
      if (id === undefined) throw bad('give the instance id in the path');
      return powers.setInstance(id, readSwitch(readBody(body)));
    case 'GET settings':
      return powers.settings();
    case 'PATCH settings':
      return powers.changeSettings(readSettings(readBody(body), powers.settings()));
    case 'PUT certificates':
      return powers.turnCertificate(...readTurn(readBody(body)));
    case 'GET reachability':
      return verdicts(powers, url.searchParams);
    default:
      throw new Refusal('NotFound', `there is no ${method} ${url.pathname}`, 404);
  }
};

/** One request under `/_usher/`, answered in JSON; what can't be understood is a 4xx that says why. */
export const answerControl = async (powers: Powers, method: string, path: string, body: Buffer): Promise<Answer> => {
  try {
    return jsonAnswer((await carryOut(powers, method, new URL(path, 'http://proxy'), body)) ?? {});
  } catch (error) {
    if (error instanceof Refusal) return jsonAnswer({ error: error.message }, error.status);
    return jsonAnswer({ error: String(error) }, 500);
  }
};
