import type { IncomingHttpHeaders } from 'node:http';
import type { XmlElement } from './xml.ts';
import { renderXml, xml } from './xml.ts';

/** The services whose calls the proxy understands; `elb` is Classic. All others pass through. */
export type KnownService = 'ec2' | 'elbv2' | 'elb' | 'autoscaling' | 'tagging';

export type Parameters = ReadonlyMap<string, string>;

/** What was asked, of which service, by whom. */
export interface Call {
  /** A known service, or the signing name of another one (`dynamodb`). */
  readonly service: string;
  /** The API action; of REST services the method and path. */
  readonly action: string;
  readonly region: string;
  /** From the signature's credential; empty when the request isn't signed. */
  readonly accessKeyId: string;
  /** The flat parameters of the query protocol; for JSON, its top-level members as text. */
  readonly parameters: Parameters;
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** A call refused as AWS would refuse it. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: string;
  readonly status: number;
  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

const SIGNING_NAMES: Readonly<Record<string, KnownService>> = {
  ec2: 'ec2',
  autoscaling: 'autoscaling',
  tagging: 'tagging',
};

const serviceOf = (signingName: string, version: string | undefined): string => {
  if (signingName === 'elasticloadbalancing') return version === '2012-06-01' ? 'elb' : 'elbv2';
  return SIGNING_NAMES[signingName] ?? signingName;
};

const jsonParameters = (body: Buffer): Parameters => {
  try {
    const parsed: unknown = JSON.parse(body.toString('utf8'));
    if (typeof parsed !== 'object' || parsed === null) return new Map();
    return new Map(
      Object.entries(parsed).map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)]),
    );
  } catch {
    return new Map(); // whatever it is, the service behind will say
  }
};

const SCOPE = /Credential=([^/,\s]+)\/\d+\/([^/,\s]+)\/([^/,\s]+)\/aws4_request/;

/** Reads what an SDK sent; never throws, as an unreadable call is for the service behind to refuse. */
export const readCall = (method: string, path: string, headers: IncomingHttpHeaders, body: Buffer): Call => {
  const [, accessKeyId = '', region = 'us-east-1', signingName = ''] = SCOPE.exec(headers.authorization ?? '') ?? [];
  const query = new URLSearchParams(path.split('?')[1] ?? '');
  const isForm = (headers['content-type'] ?? '').includes('application/x-www-form-urlencoded');
  const form = new Map([...query, ...(isForm ? new URLSearchParams(body.toString('utf8')) : [])]);
  const target = headers['x-amz-target'];
  const isJson = typeof target === 'string';
  const service = serviceOf(signingName, form.get('Version'));
  const action = isJson
    ? (target.split('.').at(-1) ?? target)
    : (form.get('Action') ?? `${method} ${path.split('?')[0]}`);
  const parameters = isJson ? jsonParameters(body) : form;
  return { service, action, region, accessKeyId, parameters, method, path, headers, body };
};

/** Everything the call says, as text. */
export const parametersText = ({ headers, body, parameters }: Call): string =>
  headers['x-amz-target'] === undefined ? [...parameters.values()].join('\n') : body.toString('utf8');

/** The same call with other form parameters. */
export const withParameters = (call: Call, parameters: Iterable<readonly [string, string]>): Call => {
  const changed = new Map(parameters);
  const body = Buffer.from(new URLSearchParams([...changed]).toString());
  return { ...call, method: 'POST', path: '/', parameters: changed, body };
};

const naturally = (a: string, b: string): number => Number(a) - Number(b);

/** The entries of a list of structures, in order: `list(p, 'Targets.member')` → `[{ Id, Port }, …]` with flat keys. */
export const list = (parameters: Parameters, prefix: string): readonly Parameters[] => {
  const entries = new Map<string, Map<string, string>>();
  for (const [key, value] of parameters) {
    if (!key.startsWith(`${prefix}.`)) continue;
    const [index = '', ...rest] = key.slice(prefix.length + 1).split('.');
    if (!/^\d+$/.test(index)) continue;
    const entry = entries.get(index) ?? new Map<string, string>();
    entries.set(index, entry.set(rest.join('.'), value));
  }
  return [...entries].sort(([a], [b]) => naturally(a, b)).map(([, entry]) => entry);
};

/** The entries of a list of plain values, in order: `values(p, 'InstanceId')`. */
export const values = (parameters: Parameters, prefix: string): readonly string[] =>
  list(parameters, prefix).flatMap((entry) => entry.get('') ?? []);

/** Name → values of `Filter.n` in EC2's protocol. */
export const filtersOf = (parameters: Parameters): ReadonlyMap<string, readonly string[]> =>
  new Map(list(parameters, 'Filter').map((filter) => [filter.get('Name') ?? '', values(filter, 'Value')]));

const XML_TYPE = { 'content-type': 'text/xml;charset=UTF-8' } as const;

export const xmlAnswer = (element: XmlElement, status = 200): Answer => ({
  status,
  headers: XML_TYPE,
  body: Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n${renderXml(element)}`),
});

export const jsonAnswer = (value: unknown, status = 200): Answer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: Buffer.from(JSON.stringify(value)),
});

let requests = 0;
const nextRequestId = (): string => {
  requests += 1;
  return `00000000-0000-4000-8000-${requests.toString(16).padStart(12, '0')}`;
};

const EC2_NAMESPACE = 'http://ec2.amazonaws.com/doc/2016-11-15/';

const NAMESPACES: Readonly<Record<string, string>> = {
  ec2: EC2_NAMESPACE,
  elbv2: 'http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/',
  elb: 'http://elasticloadbalancing.amazonaws.com/doc/2012-06-01/',
  autoscaling: 'http://autoscaling.amazonaws.com/doc/2011-01-01/',
  cloudfront: 'http://cloudfront.amazonaws.com/doc/2020-05-31/',
};

const inNamespace = (service: string, element: XmlElement): XmlElement => ({
  ...element,
  attributes: ` xmlns="${NAMESPACES[service] ?? EC2_NAMESPACE}"`,
});

/** A successful answer made by the proxy itself, in the service's own envelope. */
export const answerTo = ({ service, action }: Call, ...content: readonly XmlElement[]): Answer => {
  if (service === 'ec2') {
    return xmlAnswer(inNamespace(service, xml(`${action}Response`, ...content, xml('requestId', nextRequestId()))));
  }
  const result = xml(`${action}Result`, ...content);
  const metadata = xml('ResponseMetadata', xml('RequestId', nextRequestId()));
  return xmlAnswer(inNamespace(service, xml(`${action}Response`, result, metadata)));
};

/** An error as the service that was called writes it. */
export const refuse = ({ service, headers }: Pick<Call, 'service' | 'headers'>, refusal: Refusal): Answer => {
  const { code, message, status } = refusal;
  if (service === 'ec2') {
    const errors = xml('Errors', xml('Error', xml('Code', code), xml('Message', message)));
    return xmlAnswer(xml('Response', errors, xml('RequestID', nextRequestId())), status);
  }
  if (headers['x-amz-target'] !== undefined || NAMESPACES[service] === undefined) {
    const answer = jsonAnswer({ __type: code, message }, status);
    return { ...answer, headers: { ...answer.headers, 'x-amzn-errortype': code } };
  }
  const error = xml(
    'Error',
    xml('Type', status < 500 ? 'Sender' : 'Receiver'),
    xml('Code', code),
    xml('Message', message),
  );
  return xmlAnswer(inNamespace(service, xml('ErrorResponse', error, xml('RequestId', nextRequestId()))), status);
};

/** The error code in an answer of any of the protocols, `undefined` in a good one. */
export const errorCodeIn = ({ status, headers, body }: Answer): string | undefined => {
  if (status < 400) return undefined;
  const text = body.toString('utf8');
  const found = /<Code>([^<]+)<\/Code>/.exec(text)?.[1] ?? /"__type"\s*:\s*"(?:[^"#]*#)?([^"]+)"/.exec(text)?.[1];
  return found ?? headers['x-amzn-errortype'] ?? `HTTP ${status}`;
};

/** What an XML error answer says in words. */
export const errorMessageIn = ({ body }: Answer): string | undefined =>
  /<Message>([^<]+)<\/Message>/.exec(body.toString('utf8'))?.[1];
