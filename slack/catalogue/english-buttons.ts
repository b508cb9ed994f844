import type { ButtonObject } from '../../domain/report.ts';
import { outsideText } from '../outside-text.ts';
import type { ButtonCatalogue } from './buttons.ts';

const NAME_LIMIT = 16;

/** `web-3`, `web-3 and 2 more`. */
const subject = (object: ButtonObject): string => {
  if (object.kind !== 'targets') return 'it';
  const [first] = object.names;
  const name = first === undefined ? 'it' : outsideText(first, NAME_LIMIT);
  return object.count > 1 ? `${name} and ${object.count - 1} more` : name;
};

/** `2: `, of the change in a list. */
const numbered = (object: ButtonObject): string =>
  object.kind === 'targets' && object.number !== undefined ? `${object.number}: ` : '';

const isLeaving = (object: ButtonObject): boolean => object.kind === 'targets' && object.leaving === true;

const span = (object: ButtonObject): string => {
  const hours = object.kind === 'matter' ? Math.max(1, Math.round(object.seconds / 3_600)) : 1;
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`;
};

const clear = (object: ButtonObject): string => {
  if (object.kind !== 'cache' || object.when === 'run') return 'Clear the cache';
  return object.when === 'now' ? 'Clear it now' : 'When deployed';
};

export const ENGLISH_BUTTONS: ButtonCatalogue = {
  no: 'Cancel',
  open: (console) => `Open in ${console}`,
  words: (verb, object, { dayOfYear }) => {
    switch (verb) {
      case 'keep':
        return { label: 'Keep it' };
      case 'show':
        return { label: 'CLI' };
      case 'approve':
        if (object.kind === 'closing') {
          const ports = `${object.ports.length === 1 ? 'port' : 'ports'} ${object.ports.join(', ')}`;
          return {
            label: `Close ${ports}…`,
            confirm: {
              title: `Close ${ports}?`,
              text: 'The rules that this message names are removed, after another look. Health is watched; if anybody falls, they are put back.',
              yes: 'Close',
            },
          };
        }
        if (object.kind === 'sweep')
          return {
            label: 'Apply',
            confirm: {
              title: 'Let sweeps repair?',
              text: 'A sweep looks at everything afresh and repairs what it finds, within every policy, brake and hold. From then on sweeps do so by themselves.',
              yes: 'Apply',
            },
          };
        if (object.kind === 'alarms')
          return {
            label: object.count === 1 ? 'Create the alarm' : `Create ${object.count} alarms`,
            confirm: {
              title: object.count === 1 ? 'Create the alarm?' : 'Create the alarms?',
              text: 'One CloudWatch alarm on unhealthy targets for each target group of this message that still has none. AWS bills each by the month.',
              yes: 'Create',
            },
          };
        if (object.kind === 'companion')
          return {
            label: 'Make the group',
            confirm: {
              title: 'Make the security group?',
              text:
                object.side === 'balancer'
                  ? 'A security group without rules is made and put on the load balancer besides what it wears, and rules of the targets name it. It is looked at afresh first.'
                  : 'A security group is made and put on the network interfaces of these targets besides what they wear, with the missing rules in it. It is looked at afresh first.',
              yes: 'Make it',
            },
          };
        if (object.kind === 'missing-rule')
          return {
            label: object.count === 1 ? 'Add the rule' : `Add ${object.count} rules`,
            confirm: {
              title: object.count === 1 ? 'Add the rule?' : 'Add the rules?',
              text: 'What this message names is added, and nothing wider, so that the load balancer reaches its targets. It is looked at afresh first.',
              yes: 'Add',
            },
          };
        if (isLeaving(object))
          return {
            label: `Take ${subject(object)} out`,
            confirm: {
              title: `Take ${subject(object)} out?`,
              text: 'The target is deregistered. It is looked at afresh first, and the group keeps as many healthy targets as it must.',
              yes: 'Take out',
            },
          };
        return object.kind === 'cache'
          ? {
              label: clear(object),
              confirm: {
                title: 'Clear the cache?',
                text: 'The paths in this message are cleared. Visitors get them from the origin until the cache is filled again.',
                yes: clear(object),
              },
            }
          : {
              label: `Register ${subject(object)}`,
              confirm: {
                title: `Register ${subject(object)}?`,
                text: 'The target is registered, and a rule is added where the load balancer cannot reach it yet, also one of Usher’s that somebody removed. It is looked at afresh first.',
                yes: 'Register',
              },
            };
      case 'reject':
        if (object.kind === 'companion') return { label: 'Leave it as it is' };
        if (isLeaving(object)) return { label: 'Leave it in' };
        return { label: object.kind === 'cache' ? 'Don’t clear' : 'Leave out' };
      case 'put-it-back':
        if (object.kind === 'rule')
          return {
            label: object.count === 1 ? 'Put the rule back' : `Put ${object.count} rules back`,
            confirm: {
              title: object.count === 1 ? 'Put the rule back?' : 'Put the rules back?',
              text: 'Somebody removed what Usher had added. It is looked at afresh, and added again where the load balancer cannot reach the targets without it.',
              yes: 'Put back',
            },
          };
        return {
          label: `Put ${subject(object)} back`,
          confirm: {
            title: `Put ${subject(object)} back?`,
            text: 'Somebody took it out after Usher had registered it. It is registered again, and a rule of Usher’s by which it is reached is added again if somebody removed it.',
            yes: 'Put back',
          },
        };
      case 'undo':
        return {
          label: isLeaving(object)
            ? `Take ${numbered(object)}${subject(object)} out`
            : `Undo ${numbered(object)}${subject(object)}`,
          confirm: {
            title: `Take ${subject(object)} out again?`,
            text: 'The target is taken out of the group and stays out until somebody puts it back. Security group rules stay as they are.',
            yes: 'Take out',
          },
        };
      case 'retry':
        return {
          label: 'Try again',
          confirm: { title: 'Try again?', text: 'The same paths are sent to CloudFront once more.', yes: 'Try again' },
        };
      case 'snooze':
        return { label: `Snooze ${span(object)}` };
      case 'mute':
        return { label: `Mute ${span(object)}` };
      case 'check':
        return { label: 'Check now' };
      case 'confirm':
        return { label: object.kind === 'until' ? `Confirmed, quiet until ${dayOfYear(object.at)}` : 'Confirmed' };
    }
  },
};
