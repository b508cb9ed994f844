import type { CompanionProposed } from '../../domain/report.ts';
import type { Phrase } from '../phrase.ts';
import { code, outside, say, strong, words } from '../phrase.ts';
import type { CompanionCatalogue } from './companions.ts';

const NAME_LIMIT = 32;
const NEXT = strong(say`Next:`);

const others = (count: number): string => (count === 1 ? '1 other interface wears' : `${count} other interfaces wear`);

/** `web-1, web-2 and 3 more`. */
const targetsOf = ({ targets }: CompanionProposed): Phrase => {
  const shown = targets.slice(0, 2).map(({ name }) => name);
  const more = targets.length - shown.length;
  return say`${outside(shown.join(', '), NAME_LIMIT)}${words(more > 0 ? ` and ${more} more` : '')}`;
};

const proposed = (body: CompanionProposed): readonly Phrase[] => {
  const { side, because, securityGroup, interfaces, loadBalancer, groupName } = body;
  if (side === 'balancer')
    return [
      say`Now: rules let in ${code(securityGroup.name)}, and ${words(others(interfaces))} it too. So whoever wears it reaches the targets of ${outside(body.targetGroup.name, NAME_LIMIT)}, not only the load balancer.`,
      say`Would change: a security group ${code(groupName)} without rules, put on ${outside(loadBalancer.name, NAME_LIMIT)} besides what it wears; beside each rule of Usher’s one that names it. Usher’s older rules go once two sweeps have proven them unneeded.`,
      say`${NEXT} make the group, or leave it. Nothing changed yet; visitors notice nothing.`,
    ];
  const where =
    because === 'DefaultGroup'
      ? say`the VPC’s own default group, which opens everything that was given none`
      : say`a group that ${words(others(interfaces))} too`;
  return [
    say`Now: ${outside(loadBalancer.name, NAME_LIMIT)} can’t reach ${targetsOf(body)}. The rule would go into ${code(securityGroup.name)}, ${where}.`,
    say`Would change: a security group ${code(groupName)} for these targets alone, put on their network interfaces besides what they wear, and the missing rules in it.`,
    say`${NEXT} make the group, or add the rule by hand. Targets launched later are offered by themselves; put the group into their launch template to have it from the start. Nothing changed yet.`,
  ];
};

export const ENGLISH_COMPANIONS: CompanionCatalogue = {
  headline: (body, limit) => {
    switch (body.kind) {
      case 'companion-proposed':
        return {
          strong: say`Proposal: a security group of its own for ${outside(body.side === 'balancer' ? body.loadBalancer.name : body.targetGroup.name, limit)}`,
          rest: body.side === 'balancer' ? say` – others wear its group` : say` – its targets can’t be reached`,
        };
      case 'companion-detached':
        return {
          strong: say`${outside(body.securityGroup.name, limit)} was taken off ${outside(body.loadBalancer.name, limit)}`,
          rest: say` by somebody, and stays so`,
        };
      case 'companion-not-removed':
        return {
          strong: say`${outside(body.securityGroup.name, limit)} was not deleted`,
          rest: say` – AWS still knows somebody who uses it`,
        };
    }
  },
  lines: (body, remedy) => {
    switch (body.kind) {
      case 'companion-proposed':
        return proposed(body);
      case 'companion-detached':
        return [
          say`Rules that name it let nobody in any more. Where a target can’t be reached without them, Usher adds a rule for a group that the load balancer wears. Usher changed nothing.`,
          say`${NEXT} if it was a mistake, put it back${remedy.length === 0 ? [] : say`: ${remedy}`}. Else nothing: I leave it as it is.`,
        ];
      case 'companion-not-removed':
        return [
          say`Usher made it and nothing of Usher’s needs it any more, but AWS doesn’t let it go (${code(body.code)}): an interface or a rule in another account or VPC may. It harms nobody. Nothing changed.`,
          say`${NEXT} find who uses it, or delete it by hand${remedy.length === 0 ? [] : say`: ${remedy}`}.`,
        ];
    }
  },
};
