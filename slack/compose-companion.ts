import { classicNameOf } from '../domain/classic-load-balancer.ts';
import type { Severity } from '../domain/finding.ts';
import type { CompanionCatalogue, CompanionReport } from './catalogue/companions.ts';
import { isShowableCommand } from './outside-text.ts';
import type { Phrase } from './phrase.ts';
import { command } from './phrase.ts';
import { SEVERITY_EMOJI } from './speak.ts';

/** The line by which a person does it; of a list that overwrites, the whole. */
const lineFor = (body: CompanionReport, region: string): string | undefined => {
  const { securityGroup, loadBalancer } = body;
  switch (body.kind) {
    case 'companion-proposed':
      return undefined;
    case 'companion-detached': {
      const groups = [...body.worn, securityGroup.id].join(' ');
      const classic = classicNameOf(loadBalancer.id);
      return classic === undefined
        ? `aws elbv2 set-security-groups --load-balancer-arn ${loadBalancer.id} --security-groups ${groups} --region ${region}`
        : `aws elb apply-security-groups-to-load-balancer --load-balancer-name ${classic} --security-groups ${groups} --region ${region}`;
    }
    case 'companion-not-removed':
      return `aws ec2 delete-security-group --group-id ${securityGroup.id} --region ${region}`;
  }
};

const EMOJI: Readonly<Record<CompanionReport['kind'], string>> = {
  'companion-proposed': 'lock',
  'companion-detached': 'raised_hand',
  'companion-not-removed': SEVERITY_EMOJI.information,
};

/** A security group of Usher's own, in the words of one language. */
export const composeCompanion = (
  body: CompanionReport,
  { severity, region }: { readonly severity: Severity; readonly region: string },
  catalogue: CompanionCatalogue,
) => {
  const line = lineFor(body, region);
  const remedy: Phrase = line !== undefined && isShowableCommand(line) ? [command(line)] : [];
  return {
    emoji: severity === 'critical' ? SEVERITY_EMOJI.critical : EMOJI[body.kind],
    headline: (nameLimit: number) => catalogue.headline(body, nameLimit),
    lines: catalogue.lines(body, remedy),
    ids: [body.securityGroup.id],
    hurtsVisitors: false,
  };
};
