import { describe, expect, test } from '@jest/globals';
import { checkClients } from '../../../../domain/diagnosis/checks/clients.ts';
import type { Finding } from '../../../../domain/finding.ts';
import { read, unreadable } from '../../../../domain/reading.ts';
import { albWorld, gathered } from '../world.ts';

const NOBODY: Finding = { reason: 'ClientsNotAdmitted', severity: 'warning', evidence: { port: '443' } };
const UNSERVED: Finding = { reason: 'PortUnserved', severity: 'information', evidence: { port: '8080' } };
const clients = read([NOBODY, UNSERVED]);

describe('Given what was found of who may come to the balancer', () => {
  test('when nobody complains of anything in particular, then all of it is told', () => {
    const symptom = { kind: 'other', metric: undefined } as const;
    expect(checkClients(gathered(albWorld(), { clients, symptom }))).toEqual([NOBODY, UNSERVED]);
  });

  test('when an alarm was raised, then advice is not what is asked for', () => {
    const symptom = { kind: 'unhealthy-hosts' } as const;
    expect(checkClients(gathered(albWorld(), { clients, symptom }))).toEqual([NOBODY]);
  });

  test('when it could not be looked at, then that is said; where there is nothing to look at, nothing', () => {
    expect(checkClients(gathered(albWorld(), { clients: unreadable('denied') }))).toEqual([
      { reason: 'CouldNotLook', severity: 'information', evidence: { what: 'clients', why: 'denied' } },
    ]);
    expect(checkClients(gathered(albWorld()))).toEqual([]);
  });
});
