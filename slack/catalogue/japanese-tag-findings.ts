import type { TagReason } from '../../domain/finding.ts';
import { say } from '../phrase.ts';
import type { FindingCatalogue } from './catalogue.ts';
import { id, shortName, told } from './catalogue.ts';
import { group } from './japanese-facts.ts';

/** What tags say that Usher can’t follow, in Japanese. */
export const JAPANESE_TAG_FINDINGS: Pick<FindingCatalogue, TagReason> = {
  PortNotAllowed: {
    short: ({ port }) => say`ポート${shortName(port, '')}は許可されていません`,
    cause: (facts) =>
      facts['listenerPorts'] === undefined
        ? say`${id('usher:port', '')} の指定はポート${told(facts['port'], '（不明）')}ですが、${group(facts)} の ${id('usher:ports', '')} で使えるのは ${told(facts['admitted'], '別のポート')} です`
        : say`タグの指定はポート${told(facts['port'], '（不明）')}ですが、${group(facts)} のリスナーの転送先は ${told(facts['listenerPorts'], '（なし）')} です`,
    next: (facts) =>
      facts['listenerPorts'] === undefined
        ? say`インスタンスの ${id('usher:port', '')} を直すか、${group(facts)} の ${id('usher:ports', '')} に追加してください`
        : say`インスタンスのタグのポートを直すか、${group(facts)} にそのポートへ転送するリスナーを追加してください`,
  },
  ExplicitNotAccepted: {
    short: (facts) => say`${shortName(facts['targetGroup'], 'グループ')} は明示指定を受け付けません`,
    cause: (facts) =>
      say`インスタンスの ${id('usher:targets', '')} に ${group(facts)} がありますが、グループに ${id('usher:accept-explicit=true', '')} がありません`,
    next: (facts) =>
      say`${group(facts)} に ${id('usher:accept-explicit=true', '')} を付けるか、${id('usher:targets', '')} を直してください`,
  },
  ExplicitGroupUnknown: {
    short: (facts) => say`${shortName(facts['targetGroup'], '指定の名前')} というグループがありません`,
    cause: (facts) =>
      say`${id('usher:targets', '')} に ${group(facts)} がありますが、その名前のタグ付きグループはありません`,
    next: () => say`${id('usher:targets', '')} の名前を直してください`,
  },
  SelectorMalformed: {
    short: ({ tag }) => say`${shortName(tag, 'セレクター')} を解釈できません`,
    cause: ({ tag, value }) =>
      say`${id(tag ?? 'usher:selector', '')} の値 ${id(value, '（空）')} はセレクターとして解釈できず、どのインスタンスにも一致しません`,
    next: ({ tag }) => say`${id(tag ?? 'usher:selector', '')} を ${id('Role=web Env=prod', '')} のように書いてください`,
  },
  SelectorNearMiss: {
    short: () => say`タグとセレクターの表記がわずかに違います`,
    cause: (facts) =>
      say`タグが ${group(facts)} のセレクター ${id(facts['selector'], '（不明）')} と、大文字・小文字または空白だけ違います`,
    next: () => say`このグループのインスタンスなら、タグとセレクターを完全に同じ表記にしてください`,
  },
  SelectorMatchesNothing: {
    short: () => say`セレクターがグループ内のどのターゲットにも一致しません`,
    cause: (facts) =>
      say`${group(facts)} のセレクター ${id(facts['selector'], '（不明）')} が、登録中の${told(facts['of'], '')}台のどれにも一致しません。1台も外していません`,
    next: () =>
      say`グループの ${id('usher:selector', '')} かインスタンスのタグを直してください。外すべきものは手動で外してください`,
  },
  SelectorLosesMost: {
    short: () => say`グループの過半数がセレクターに一致しなくなりました`,
    cause: (facts) =>
      say`${group(facts)} の${told(facts['of'], '')}台中${told(facts['leaving'], '')}台が、セレクター ${id(facts['selector'], '（不明）')} に一致しなくなりました。1台も外していません`,
    next: () =>
      say`グループの ${id('usher:selector', '')} かインスタンスのタグを直してください。外すべきものは手動で外してください`,
  },
  TagMalformed: {
    short: ({ tag }) => say`${shortName(tag, 'タグ')} を解釈できません`,
    cause: ({ tag, value }) => say`${id(tag, 'Usher のタグ')} の値 ${id(value, '（空）')} は使えません`,
    next: ({ tag }) => say`${id(tag, 'タグ')} を直してください`,
  },
};
