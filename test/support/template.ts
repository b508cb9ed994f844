import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/** One resource of a CloudFormation template. */
export interface Resource {
  readonly Type: string;
  readonly Properties: JsonObject;
  readonly Condition?: string;
  readonly DependsOn?: readonly string[];
  readonly DeletionPolicy?: string;
}

/** A CloudFormation template. Resolved: without conditions and intrinsic functions, every reference an ARN, URL or name. */
export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs: Readonly<Record<string, { readonly Value: Json }>>;
  readonly Conditions?: Readonly<Record<string, Json>>;
}

const ROOT = join(import.meta.dirname, '..', '..');

/** What the template is made of; the code of the functions isn't in it. */
const sourceFiles = async (): Promise<readonly string[]> => {
  const infra = await readdir(join(ROOT, 'infra'), { recursive: true, withFileTypes: true });
  const files = infra.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return [join(ROOT, 'serverless.yml'), join(ROOT, 'package.json'), import.meta.filename, ...files.sort()];
};

const hashOf = async (options: readonly string[]): Promise<string> => {
  const hash = createHash('sha256').update(JSON.stringify(options));
  for (const file of await sourceFiles()) hash.update(file.slice(ROOT.length)).update(await readFile(file));
  return hash.digest('hex').slice(0, 16);
};

/** No credentials, no home with some, and nobody to ask: packaging needs none of them. */
const bareEnvironment = (home: string): Readonly<Record<string, string>> => {
  const { PATH = '' } = process.env;
  return {
    HOME: home,
    PATH: [dirname(process.execPath), PATH].join(delimiter),
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
  };
};

/** A copy to package in, because packaging works in folders of the checkout that `npm start` may be using. */
const prepareFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'usher-template-'));
  const service = await readFile(join(ROOT, 'serverless.yml'), 'utf8');
  await cp(join(ROOT, 'infra'), join(folder, 'infra'), { recursive: true });
  await cp(join(ROOT, 'package.json'), join(folder, 'package.json'));
  await writeFile(join(folder, 'serverless.yml'), service);
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'), 'dir');
  for (const [, handler = ''] of service.matchAll(/^\s+handler: (\S+)\.handler$/gm)) {
    await mkdir(dirname(join(folder, handler)), { recursive: true });
    await writeFile(join(folder, `${handler}.ts`), 'export const handler = async () => ({});\n');
  }
  return folder;
};

const compile = async (options: readonly string[]): Promise<string> => {
  const folder = await prepareFolder();
  try {
    const osls = join(ROOT, 'node_modules', 'osls', 'bin', 'serverless.js');
    await promisify(execFile)(process.execPath, [osls, 'package', ...options], {
      cwd: folder,
      env: bareEnvironment(folder),
    });
    return await readFile(join(folder, '.serverless', 'cloudformation-template-update-stack.json'), 'utf8');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

const compiled = async (options: readonly string[]): Promise<string> => {
  const folder = join(ROOT, '.local', 'templates');
  const file = join(folder, `${await hashOf(options)}.json`);
  const kept = await readFile(file, 'utf8').catch(() => undefined);
  if (kept !== undefined) return kept;
  const text = await compile(options);
  await mkdir(folder, { recursive: true });
  const partial = join(folder, `${process.pid}-${Date.now()}.partial`);
  await writeFile(partial, text);
  await rename(partial, file);
  return text;
};

/**
 * The template as `osls package` compiles it, with these options (`--stage=local`, `--param=…`). Takes seconds the first
 * time, and is kept under `.local` until its sources change.
 */
export const compiledTemplate = async (...options: readonly string[]): Promise<Template> =>
  JSON.parse(await compiled(options)) as Template;

/** A VPC that `NARROWED` names. */
export const NAMED_VPC = 'vpc-0a1b2c3d4e5f67890';

/** The local stage with every optional parameter given: the other variant that tests look at, besides the defaults. */
export const NARROWED = [
  '--stage=local',
  '--param=alarmEmail=oncall@example.com',
  '--param=entrance=http-api',
  '--param=entranceConcurrency=none',
  `--param=vpcIds=${NAMED_VPC}`,
  '--param=expiryRegions=ap-northeast-1',
  '--param=trustedAccounts=210987654321, 345678901234',
];

/** Where a resolved template is deployed. */
export const ACCOUNT = '123456789012';
export const REGION = 'ap-northeast-1';

const PSEUDO: Readonly<Record<string, string>> = {
  'AWS::AccountId': ACCOUNT,
  'AWS::Partition': 'aws',
  'AWS::Region': REGION,
  'AWS::URLSuffix': 'amazonaws.com',
  'AWS::StackName': 'usher',
};

/** `arn:aws:SERVICE:REGION:ACCOUNT:RESOURCE` */
export const arn = (service: string, resource: string): string => `arn:aws:${service}:${REGION}:${ACCOUNT}:${resource}`;

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const nameOf = (id: string, { Type, Properties }: Resource, nameProperty: string): string => {
  const name = Properties[nameProperty];
  return typeof name === 'string' ? name : `${Type.split('::').at(-1)?.toLowerCase()}-${id}`;
};

/** What `Ref` and `Fn::GetAtt` answer, for the types of resource that we refer to. */
const references: Readonly<Record<string, (id: string, resource: Resource) => Readonly<Record<string, string>>>> = {
  'AWS::SQS::Queue': (id, resource) => {
    const name = nameOf(id, resource, 'QueueName');
    return { Ref: `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/${name}`, Arn: arn('sqs', name), QueueName: name };
  },
  'AWS::DynamoDB::Table': (id, resource) => {
    const name = nameOf(id, resource, 'TableName');
    return { Ref: name, Arn: arn('dynamodb', `table/${name}`) };
  },
  'AWS::Events::EventBus': (id, resource) => {
    const name = nameOf(id, resource, 'Name');
    return { Ref: name, Arn: arn('events', `event-bus/${name}`) };
  },
  'AWS::Events::Rule': (id, resource) => {
    const bus = at(resource.Properties, 'EventBusName');
    const name = typeof bus === 'string' && bus !== 'default' ? `${bus}/${id}` : id;
    return { Ref: name, Arn: arn('events', `rule/${name}`) };
  },
  'AWS::IAM::Role': (id) => ({ Ref: id, Arn: `arn:aws:iam::${ACCOUNT}:role/${id}` }),
  'AWS::IAM::ManagedPolicy': (id) => ({ Ref: `arn:aws:iam::${ACCOUNT}:policy/${id}` }),
  'AWS::Lambda::Function': (id, resource) => {
    const name = nameOf(id, resource, 'FunctionName');
    return { Ref: name, Arn: arn('lambda', `function:${name}`) };
  },
  'AWS::SNS::Topic': (id, resource) => {
    const topic = arn('sns', nameOf(id, resource, 'TopicName'));
    return { Ref: topic, TopicArn: topic };
  },
  'AWS::Lambda::Url': (id) => ({ Ref: id, FunctionUrl: `https://${id.toLowerCase()}.lambda-url.${REGION}.on.aws/` }),
  'AWS::ApiGatewayV2::Api': (id) => ({ Ref: id.toLowerCase() }),
  'AWS::ApiGatewayV2::Integration': (id) => ({ Ref: id.toLowerCase() }),
  'AWS::S3::Bucket': (id) => ({ Ref: `bucket-${id.toLowerCase()}` }),
};

/** A rule's ARN holds the name of its bus, which the template may give by reference. */
const withItsBus = (template: Template, resource: Resource): Resource => {
  const bus = resource.Type === 'AWS::Events::Rule' ? at(resource.Properties, 'EventBusName') : undefined;
  if (bus === undefined) return resource;
  return { ...resource, Properties: { ...resource.Properties, EventBusName: resolveValue(template, bus) } };
};

const attribute = (template: Template, id: string, name: string): string => {
  const resource = template.Resources[id];
  const value = resource && references[resource.Type]?.(id, withItsBus(template, resource))[name];
  if (value === undefined) throw new Error(`The template refers to ${id}.${name}, which it doesn't have`);
  return value;
};

const reference = (template: Template, id: string): string => PSEUDO[id] ?? attribute(template, id, 'Ref');

const texts = (value: Json | undefined): readonly Json[] => {
  if (!Array.isArray(value)) throw new Error(`Expected a list, not ${JSON.stringify(value)}`);
  return value;
};

const intrinsics: Readonly<Record<string, (template: Template, value: Json) => Json>> = {
  Ref: (template, id) => reference(template, String(id)),
  'Fn::GetAtt': (template, value) => {
    const [id, name] = Array.isArray(value) ? value : String(value).split('.');
    return attribute(template, String(id), String(name));
  },
  'Fn::Sub': (template, value) => String(value).replace(/\$\{([^}]+)\}/g, (_, id: string) => reference(template, id)),
  'Fn::Join': (template, value) => {
    const [separator, parts] = texts(value);
    return texts(parts)
      .map((part) => resolveValue(template, part))
      .join(String(separator));
  },
  'Fn::Equals': (template, value) => {
    const [one, other] = texts(value).map((side) => JSON.stringify(resolveValue(template, side)));
    return one === other;
  },
  'Fn::Not': (template, value) => texts(value).every((condition) => resolveValue(template, condition) === false),
};

const resolveValue = (template: Template, value: Json): Json => {
  if (Array.isArray(value)) return value.map((item) => resolveValue(template, item));
  if (!isObject(value)) return value;
  const [[key, argument] = ['', null], ...more] = Object.entries(value);
  const intrinsic = more.length === 0 ? intrinsics[key] : undefined;
  if (intrinsic !== undefined) return intrinsic(template, argument);
  if (key.startsWith('Fn::')) throw new Error(`${key} is an intrinsic function that these tests don't know`);
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, resolveValue(template, item)]));
};

const holds = (template: Template, condition: string | undefined): boolean =>
  condition === undefined || resolveValue(template, template.Conditions?.[condition] ?? null) === true;

/** The template as it would stand in `ACCOUNT` and `REGION`. @throws {Error} on a reference to nothing */
export const resolved = (template: Template): Template => {
  const there = Object.entries(template.Resources).filter(([, { Condition }]) => holds(template, Condition));
  return {
    Resources: Object.fromEntries(
      there.map(([id, resource]) => [
        id,
        { ...resource, Properties: resolveValue(template, resource.Properties ?? {}) as JsonObject },
      ]),
    ),
    Outputs: Object.fromEntries(
      Object.entries(template.Outputs).map(([id, { Value }]) => [id, { Value: resolveValue(template, Value) }]),
    ),
  };
};

/** Resources of one type, with their logical ids. */
export const ofType = (template: Template, type: string): readonly (readonly [string, Resource])[] =>
  Object.entries(template.Resources).filter(([, resource]) => resource.Type === type);

/** A value deep inside; `undefined` as soon as something on the way is absent. */
export const at = (value: Json | undefined, ...path: readonly (string | number)[]): Json | undefined =>
  path.reduce<Json | undefined>((inner, key) => {
    if (Array.isArray(inner)) return inner[Number(key)];
    return isObject(inner) ? inner[key] : undefined;
  }, value);

/** A value that may be one or many, as in policies, as a list. */
export const listOf = (value: Json | undefined): readonly Json[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];

/** A copy with other properties for one resource. */
export const withProperties = (
  template: Template,
  id: string,
  change: (properties: Record<string, Json>) => void,
): Template => {
  const resource = template.Resources[id];
  if (resource === undefined) throw new Error(`The template has no resource ${id}`);
  const properties = structuredClone(resource.Properties) as Record<string, Json>;
  change(properties);
  return { ...template, Resources: { ...template.Resources, [id]: { ...resource, Properties: properties } } };
};
