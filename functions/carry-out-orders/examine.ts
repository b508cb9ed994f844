import { isPublicAddress } from '../../internet/addresses.ts';
import { aliasesOf } from '../../internet/dns/aliases.ts';
import { httpProbe } from '../../internet/http/probe.ts';
import { tlsProbe } from '../../internet/tls/probe.ts';
import type { DoctorPorts } from '../../stories/doctor/ports.ts';
import type { Examination } from '../../stories/doctor/story.ts';
import { examineSaid } from '../../stories/doctor/story.ts';
import { untilLate } from './until-late.ts';

const LOOPBACK = '127.0.0.1';

/** For each request, and for each handshake: with all that may follow each other an order stays within its time. */
const TIMEOUT_MILLISECONDS = 5_000;

/** For all of it together: the rest of the function's minute is for the answer. */
const EXAMINATION_MILLISECONDS = 40_000;

/**
 * Looks into what a person named. In a file of its own, which is loaded when somebody asks; what it reads of AWS is given, for
 * a client that a file loaded later imports is bundled whole.
 * @param isLocal stand-ins on this machine take the place of what is asked
 */
export const examine = (
  looking: Omit<DoctorPorts, 'http' | 'tls' | 'aliasesOf' | 'inTime'>,
  isLocal: boolean,
  said: string,
): Promise<Examination> => {
  const mayConnectTo = (address: string): boolean => isPublicAddress(address) || (isLocal && address === LOOPBACK);
  return examineSaid(
    {
      ...looking,
      http: httpProbe({ mayConnectTo, timeoutMilliseconds: TIMEOUT_MILLISECONDS }),
      tls: tlsProbe({ mayConnectTo, timeoutMilliseconds: TIMEOUT_MILLISECONDS }),
      aliasesOf: aliasesOf(),
      inTime: untilLate(EXAMINATION_MILLISECONDS),
    },
    said,
  );
};
