import { subjectOf } from '../../domain/expiry/reports.ts';
import type { ExpiryMessage } from '../../events/expiry-message.ts';
import type { ExpiryEvent } from '../../events/parse-expiry-event.ts';
import type { ExpiryPorts } from './ports.ts';

/** What an event asks for: looks, in this order; none of an account that nobody named. */
export const messagesOf = (
  { stage, settings }: Pick<ExpiryPorts, 'stage' | 'settings'>,
  event: ExpiryEvent,
): readonly ExpiryMessage[] => {
  const { account = stage.account } = event;
  const arns = event.kind === 'certificates-in-health-event' ? event.certificateArns : [event.certificateArn];
  if (account !== stage.account) {
    // A request elsewhere can't be followed from here, and whoever made it knows.
    if (!settings.trustedAccounts.includes(account) || event.kind === 'certificate-requested') return [];
    const occasion = event.kind === 'certificate-sighted' ? event.occasion : 'renewal-action-required';
    return arns.map((arn) => ({ kind: 'expiry-elsewhere', arn, occasion }));
  }
  // A Health event that names no certificate may mean any of its Region.
  return arns.length === 0
    ? [{ kind: 'expiry-certificates', regions: [event.region ?? stage.region] }]
    : [{ kind: 'expiry-look', subjects: arns.map(subjectOf.certificate) }];
};
