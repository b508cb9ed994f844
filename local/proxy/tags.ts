import type { Publisher } from './lifecycle.ts';
import type { Answer, Call } from './protocol.ts';
import { values } from './protocol.ts';
import type { Room } from './room.ts';
import { ACCOUNT, askAll, filterParameters } from './room.ts';
import type { XmlElement } from './xml.ts';
import { itemsOf, textOf } from './xml.ts';

type Tags = Readonly<Record<string, string>>;

/** A tagged thing as the tag event names it. */
interface Tagged {
  readonly arn: string;
  readonly service: string;
  readonly type: string;
  readonly id: string;
}

const EC2_TYPES: Readonly<Record<string, string>> = {
  i: 'instance',
  sg: 'security-group',
  sgr: 'security-group-rule',
  subnet: 'subnet',
  vpc: 'vpc',
  eni: 'network-interface',
  acl: 'network-acl',
  rtb: 'route-table',
};

const ec2Tagged = (id: string, region: string): Tagged | undefined => {
  const type = EC2_TYPES[id.split('-')[0] ?? ''];
  if (type === undefined) return undefined;
  return { arn: `arn:aws:ec2:${region}:${ACCOUNT}:${type}/${id}`, service: 'ec2', type, id };
};

const byArn = (arn: string, region: string): Tagged | undefined => {
  const [, , service = '', , , resource = ''] = arn.split(':');
  const [type = '', id = ''] = resource.split('/');
  if (service === 'ec2') return ec2Tagged(id, region);
  return service === 'elasticloadbalancing' ? { arn, service, type, id: arn } : undefined;
};

/** Classic balancers have no ARN in their own API, and one in events and in the Tagging API. */
const classicTagged = (name: string, region: string): Tagged => ({
  arn: `arn:aws:elasticloadbalancing:${region}:${ACCOUNT}:loadbalancer/${name}`,
  service: 'elasticloadbalancing',
  type: 'loadbalancer',
  id: name,
});

const jsonList = (text: string | undefined): readonly string[] => {
  const parsed: unknown = text === undefined ? [] : JSON.parse(text);
  return Array.isArray(parsed) ? parsed.filter((entry) => typeof entry === 'string') : [];
};

const namedBy = ({ service, parameters, region }: Call): readonly (Tagged | undefined)[] => {
  switch (service) {
    case 'ec2':
      return values(parameters, 'ResourceId').map((id) => ec2Tagged(id, region));
    case 'elb':
      return values(parameters, 'LoadBalancerNames.member').map((name) => classicTagged(name, region));
    case 'elbv2':
      return values(parameters, 'ResourceArns.member').map((arn) => byArn(arn, region));
    default:
      return jsonList(parameters.get('ResourceARNList')).map((arn) => byArn(arn, region));
  }
};

const taggedBy = (call: Call): readonly Tagged[] => namedBy(call).filter((tagged) => tagged !== undefined);

const pairs = (items: readonly XmlElement[], key: string, value: string): Tags =>
  Object.fromEntries(items.map((item) => [textOf(item, key), textOf(item, value)]));

const readTags = async (room: Room, call: Call, { service, id }: Tagged): Promise<Tags> => {
  if (service === 'ec2') {
    return pairs(
      await askAll(room, call, 'ec2', 'DescribeTags', ['tagSet'], filterParameters(['resource-id', id])),
      'key',
      'value',
    );
  }
  const answer = await (id.startsWith('arn:')
    ? room.upstream.ask(call, 'elbv2', 'DescribeTags', [['ResourceArns.member.1', id]])
    : room.upstream.ask(call, 'elb', 'DescribeTags', [['LoadBalancerNames.member.1', id]]));
  const [description] = itemsOf(answer, 'DescribeTagsResult', 'TagDescriptions');
  return pairs(description === undefined ? [] : itemsOf(description, 'Tags'), 'Key', 'Value');
};

const changedKeys = (before: Tags, after: Tags): readonly string[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((key) => before[key] !== after[key]).sort();

const LOAD_BALANCER_TYPE = 'elasticloadbalancing:loadbalancer';

/** GetResources, with Classic balancers among the load balancers: the emulator has them under a type of its own. */
export const getResources =
  (room: Room) =>
  (call: Call): Promise<Answer> => {
    const types = jsonList(call.parameters.get('ResourceTypeFilters'));
    if (!types.includes(LOAD_BALANCER_TYPE)) return room.upstream.forward(call);
    const asked: unknown = JSON.parse(call.body.toString('utf8'));
    const body = JSON.stringify({ ...Object(asked), ResourceTypeFilters: [...types, 'elb:loadbalancer'] });
    return room.upstream.forward({ ...call, body: Buffer.from(body) });
  };

/** Calls that change tags of what exists; each real change is an event with a growing version (facts 1.4). */
export const makeTagChanges = (room: Room, publisher: Publisher) => {
  const versions = new Map<string, number>();
  const readAll = (call: Call, tagged: readonly Tagged[]): Promise<readonly Tags[]> =>
    Promise.all(tagged.map((one) => readTags(room, call, one).catch((): Tags => ({})))); // of what doesn't exist the call itself will tell
  return async (call: Call): Promise<Answer> => {
    const tagged = taggedBy(call);
    const before = await readAll(call, tagged);
    const answer = await room.upstream.forward(call);
    if (answer.status >= 400) return answer;
    const after = await readAll(call, tagged);
    for (const [index, { arn, service, type }] of tagged.entries()) {
      const tags = after[index] ?? {};
      const changed = changedKeys(before[index] ?? {}, tags);
      if (changed.length === 0) continue;
      const version = (versions.get(arn) ?? 0) + 1;
      versions.set(arn, version);
      publisher.publish({
        source: 'aws.tag',
        detailType: 'Tag Change on Resource',
        region: call.region,
        resources: [arn],
        detail: { 'changed-tag-keys': changed, service, 'resource-type': type, version, tags },
      });
    }
    return answer;
  };
};
