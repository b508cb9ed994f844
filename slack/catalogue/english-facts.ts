import type { Phrase } from '../phrase.ts';
import { outside, quote, say, words } from '../phrase.ts';
import type { Facts } from './catalogue.ts';
import { told } from './catalogue.ts';

export const flow = ({ protocol, port }: Facts): Phrase => {
  if (port === undefined) return [words('the port it needs')];
  return protocol === undefined ? say`port ${port}` : say`${protocol}/${port}`;
};

/** The port a health check asks; where it isn't known the words still make a sentence. */
export const itsPort = ({ port }: Facts): Phrase => (port === undefined ? [words('its port')] : say`port ${port}`);

/** How many a finding is about, where it is about more than the names it gives. */
const more = ({ targets, count }: Facts): number => {
  const named = targets?.split(', ').length ?? 0;
  return Math.max(0, (Number.parseInt(count ?? '', 10) || 0) - named);
};

const isSeveral = ({ count }: Facts): boolean => Number.parseInt(count ?? '', 10) > 1;

/** `web-1, web-2 and 3 more` of a finding about several, else the one target's name. */
export const target = (facts: Facts): Phrase => {
  const { target: name, targets } = facts;
  if (targets === undefined || targets === '')
    return told(name, isSeveral(facts) ? `all ${Number(facts['count'])} targets` : 'the target');
  const others = more(facts);
  return others > 0 ? say`${outside(targets)} and ${others} more` : [outside(targets)];
};

/** A verb as it goes with `target`. */
export const verb = (facts: Facts, one: string, several: string): Phrase => [words(isSeveral(facts) ? several : one)];

export const group = ({ targetGroup: name }: Facts): Phrase => told(name, 'the target group');

export const fromAws = ({ description, message }: Facts): Phrase => {
  const text = description ?? message;
  return text === undefined ? [] : say` (AWS: “${quote(text)}”)`;
};
