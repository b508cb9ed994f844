import type { Answer, Call } from './protocol.ts';
import { Refusal, xmlAnswer } from './protocol.ts';
import type { Room } from './room.ts';
import { askAll } from './room.ts';
import type { XmlElement } from './xml.ts';
import { itemsOf, parseXml, textOf, withChild, xml } from './xml.ts';

const LAST_NUMBER = '32767';

const lastDeny = (egress: boolean): XmlElement =>
  xml(
    'item',
    xml('cidrBlock', '0.0.0.0/0'),
    xml('egress', String(egress)),
    xml('protocol', '-1'),
    xml('ruleAction', 'deny'),
    xml('ruleNumber', LAST_NUMBER),
  );

/** Every ACL ends in a deny for each direction (facts 3.4); the emulator gives them to default ACLs alone. */
const withLastDenies = (acl: XmlElement): XmlElement =>
  withChild(acl, 'entrySet', (set) => {
    const has = (egress: boolean): boolean =>
      set.children.some(
        (item) => textOf(item, 'ruleNumber') === LAST_NUMBER && textOf(item, 'egress') === String(egress),
      );
    const missing = [true, false].filter((egress) => !has(egress)).map(lastDeny);
    return { ...set, children: [...set.children, ...missing] };
  });

const changed =
  (room: Room, change: (answer: XmlElement) => XmlElement) =>
  async (call: Call): Promise<Answer> => {
    const answer = await room.upstream.forward(call);
    return answer.status >= 400 ? answer : xmlAnswer(change(parseXml(answer.body.toString('utf8'))));
  };

export const describeNetworkAcls = (room: Room) =>
  changed(room, (answer) =>
    withChild(answer, 'networkAclSet', (set) => ({ ...set, children: set.children.map(withLastDenies) })),
  );

export const createNetworkAcl = (room: Room) =>
  changed(room, (answer) => withChild(answer, 'networkAcl', withLastDenies));

/** DeleteNetworkAclEntry and ReplaceNetworkAclEntry of what isn't there: the emulator answers HTTP 500 with a page. */
export const changeNetworkAclEntry =
  (room: Room) =>
  async (call: Call): Promise<Answer> => {
    const { parameters } = call;
    const items = await askAll(room, call, 'ec2', 'DescribeNetworkAcls', ['networkAclSet']);
    const acl = items.find((item) => textOf(item, 'networkAclId') === parameters.get('NetworkAclId'));
    const [number = '', egress = 'false'] = [parameters.get('RuleNumber'), parameters.get('Egress')];
    const has =
      acl !== undefined &&
      itemsOf(acl, 'entrySet').some(
        (item) => textOf(item, 'ruleNumber') === number && textOf(item, 'egress') === egress,
      );
    if (acl !== undefined && !has) {
      const side = egress === 'true' ? 'egress' : 'ingress';
      throw new Refusal(
        'InvalidNetworkAclEntry.NotFound',
        `The ${side} network acl entry identified by ${number} does not exist`,
      );
    }
    return room.upstream.forward(call);
  };
