import type { TagReason } from '../../domain/finding.ts';
import { say } from '../phrase.ts';
import type { FindingCatalogue } from './catalogue.ts';
import { id, shortName, told } from './catalogue.ts';
import { group } from './english-facts.ts';

/** What tags say that Usher can’t follow, in English. */
export const ENGLISH_TAG_FINDINGS: Pick<FindingCatalogue, TagReason> = {
  PortNotAllowed: {
    short: ({ port }) => say`the group doesn’t allow port ${shortName(port, 'asked for')}`,
    cause: (facts) =>
      facts['listenerPorts'] === undefined
        ? say`${id('usher:port', '')} asks for port ${told(facts['port'], 'another')}, and ${id('usher:ports', '')} of ${group(facts)} admits ${told(facts['admitted'], 'others only')}`
        : say`the tags ask for port ${told(facts['port'], 'another')}, and the listeners of ${group(facts)} send to ${told(facts['listenerPorts'], 'none')}`,
    next: (facts) =>
      facts['listenerPorts'] === undefined
        ? say`correct ${id('usher:port', '')} on the instance, or add the port to ${id('usher:ports', '')} of ${group(facts)}`
        : say`correct the port in the instance’s tags, or give ${group(facts)} a listener that sends there`,
  },
  ExplicitNotAccepted: {
    short: (facts) => say`${shortName(facts['targetGroup'], 'the group')} doesn’t accept explicit tags`,
    cause: (facts) =>
      say`the instance’s ${id('usher:targets', '')} names ${group(facts)}, which isn’t tagged ${id('usher:accept-explicit=true', '')}`,
    next: (facts) =>
      say`tag ${group(facts)} with ${id('usher:accept-explicit=true', '')}, or correct ${id('usher:targets', '')}`,
  },
  ExplicitGroupUnknown: {
    short: (facts) => say`there is no group called ${shortName(facts['targetGroup'], 'that')}`,
    cause: (facts) => say`${id('usher:targets', '')} names ${group(facts)}, and no tagged group has that name`,
    next: () => say`correct the name in ${id('usher:targets', '')}`,
  },
  SelectorMalformed: {
    short: ({ tag }) => say`${shortName(tag, 'its selector')} can’t be read`,
    cause: ({ tag, value }) =>
      say`${id(tag ?? 'usher:selector', '')} holds ${id(value, 'nothing')}, which is no selector; no instance matches it`,
    next: ({ tag }) => say`write ${id(tag ?? 'usher:selector', '')} like ${id('Role=web Env=prod', '')}`,
  },
  SelectorNearMiss: {
    short: () => say`a tag misses the selector by case or spaces`,
    cause: (facts) =>
      say`its tags match the selector ${id(facts['selector'], 'of the group')} of ${group(facts)} but for upper and lower case or spaces`,
    next: () => say`make tag and selector exactly equal, if the instance belongs there`,
  },
  SelectorMatchesNothing: {
    short: () => say`the selector matches nobody in the group`,
    cause: (facts) =>
      say`the selector ${id(facts['selector'], 'of the group')} of ${group(facts)} matches none of its ${told(facts['of'], 'targets')}; nobody was taken out`,
    next: () =>
      say`correct ${id('usher:selector', '')} of the group or the instances’ tags; take out by hand whoever is to go`,
  },
  SelectorLosesMost: {
    short: () => say`more than half of the group match no more`,
    cause: (facts) =>
      say`${told(facts['leaving'], 'most')} of ${told(facts['of'], 'all')} targets of ${group(facts)} match its selector ${id(facts['selector'], '')} no more; nobody was taken out`,
    next: () =>
      say`correct ${id('usher:selector', '')} of the group or the instances’ tags; take out by hand whoever is to go`,
  },
  TagMalformed: {
    short: ({ tag }) => say`${shortName(tag, 'a tag')} can’t be read`,
    cause: ({ tag, value }) => say`${id(tag, 'a tag of Usher’s')} holds ${id(value, 'nothing')}, which it can’t`,
    next: ({ tag }) => say`correct ${id(tag, 'the tag')}`,
  },
};
