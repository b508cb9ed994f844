import type { Phrase } from '../phrase.ts';
import { outside, quote, say, words } from '../phrase.ts';
import type { Facts } from './catalogue.ts';
import { told } from './catalogue.ts';

export const flow = ({ protocol, port }: Facts): Phrase => {
  if (port === undefined) return [words('必要なポート')];
  return protocol === undefined ? say`ポート${port}` : say`${protocol}/${port}`;
};

const more = ({ targets, count }: Facts): number => {
  const named = targets?.split(', ').length ?? 0;
  return Math.max(0, (Number.parseInt(count ?? '', 10) || 0) - named);
};

/** `web-1, web-2 ほか3台` of a finding about several, else the one target's name. */
export const target = (facts: Facts): Phrase => {
  const { target: name, targets, count } = facts;
  if (targets === undefined || targets === '')
    return told(name, Number.parseInt(count ?? '', 10) > 1 ? `全${Number(count)}台` : 'ターゲット');
  const others = more(facts);
  return others > 0 ? say`${outside(targets)} ほか${others}台` : [outside(targets)];
};

export const group = ({ targetGroup: name }: Facts): Phrase => told(name, 'ターゲットグループ');

export const fromAws = ({ description, message }: Facts): Phrase => {
  const text = description ?? message;
  return text === undefined ? [] : say`（AWS：「${quote(text)}」）`;
};
