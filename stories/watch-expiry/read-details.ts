import type { AwsCallError } from '../../aws/aws-call-error.ts';
import type { Certificate } from '../../domain/expiry/certificate.ts';
import { refusal } from './patience.ts';
import type { Run } from './run.ts';
import { regionOfArn } from './subjects.ts';

/** Details that are asked for at once; ACM's reader keeps the pace. */
const CERTIFICATES_AT_ONCE = 8;

/** A certificate that could not be read in detail. */
export interface DetailFailure {
  readonly arn: string;
  readonly error: AwsCallError;
}

type Look =
  | { readonly kind: 'read'; readonly arn: string; readonly certificate: Certificate | undefined }
  | { readonly kind: 'unread'; readonly arn: string; readonly error: AwsCallError };

/**
 * Certificates in detail; those that are gone, those that could not be read, and those that were left because time was over
 * stand apart. Some are read at the least: an ACM that answers nothing takes 21 s of each.
 */
export const readDetails = async (
  { ports, patience }: Pick<Run, 'ports' | 'patience'>,
  arns: readonly string[],
): Promise<{
  readonly certificates: readonly Certificate[];
  readonly gone: readonly string[];
  readonly unread: readonly DetailFailure[];
  readonly unbegun: readonly string[];
}> => {
  const regionOf = regionOfArn(ports.stage);
  const lookAt = async (arn: string): Promise<Look> => {
    try {
      return { kind: 'read', arn, certificate: await ports.certificates(regionOf(arn)).readCertificate(arn) };
    } catch (error) {
      return { kind: 'unread', arn, error: refusal(error) };
    }
  };
  const looks: Look[] = [];
  while (looks.length < arns.length && (looks.length === 0 || !patience.isOver()))
    looks.push(...(await Promise.all(arns.slice(looks.length, looks.length + CERTIFICATES_AT_ONCE).map(lookAt))));
  return {
    certificates: looks.flatMap((look) => (look.kind === 'read' ? (look.certificate ?? []) : [])),
    gone: looks.flatMap((look) => (look.kind === 'read' && look.certificate === undefined ? [look.arn] : [])),
    unread: looks.flatMap((look) => (look.kind === 'unread' ? [{ arn: look.arn, error: look.error }] : [])),
    unbegun: arns.slice(looks.length),
  };
};
