import type { AwsCallError } from '../../aws/aws-call-error.ts';
import type { Certificate } from '../../domain/expiry/certificate.ts';
import { refusal, sideBySide } from './patience.ts';
import type { Run } from './run.ts';
import { regionOfArn } from './subjects.ts';

/** Details that are asked for at once; ACM's reader keeps the pace. */
const CERTIFICATES_AT_ONCE = 8;

/** A certificate that could not be read in detail. */
export interface DetailFailure {
  readonly arn: string;
  readonly error: AwsCallError;
}

/** Certificates in detail; those that are gone and those that could not be read stand apart. */
export const readDetails = async (
  { ports }: Run,
  arns: readonly string[],
): Promise<{
  readonly certificates: readonly Certificate[];
  readonly gone: readonly string[];
  readonly unread: readonly DetailFailure[];
}> => {
  const regionOf = regionOfArn(ports.stage);
  const looks = await sideBySide(arns, CERTIFICATES_AT_ONCE, async (arn) => {
    try {
      return { kind: 'read', arn, certificate: await ports.certificates(regionOf(arn)).readCertificate(arn) } as const;
    } catch (error) {
      return { kind: 'unread', arn, error: refusal(error) } as const;
    }
  });
  return {
    certificates: looks.flatMap((look) => (look.kind === 'read' ? (look.certificate ?? []) : [])),
    gone: looks.flatMap((look) => (look.kind === 'read' && look.certificate === undefined ? [look.arn] : [])),
    unread: looks.flatMap((look) => (look.kind === 'unread' ? [{ arn: look.arn, error: look.error }] : [])),
  };
};
