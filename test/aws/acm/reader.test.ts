import type { CertificateDetail, ListCertificatesCommandInput } from '@aws-sdk/client-acm';
import {
  ACMClient,
  DescribeCertificateCommand,
  ListCertificatesCommand,
  ListTagsForCertificateCommand,
} from '@aws-sdk/client-acm';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { certificateReader } from '../../../aws/acm/reader.ts';
import { certificateReaders } from '../../../aws/acm/readers.ts';
import type { Pace } from '../../../aws/paced.ts';
import { awsRefusal } from '../aws-refusal.ts';

const acm = mockClient(ACMClient);
let paced: string[] = [];
beforeEach(() => {
  acm.reset();
  paced = [];
});

const counting =
  (name: string): Pace =>
  (send) => {
    paced.push(name);
    return send();
  };

const REGION = 'ap-northeast-1';
const reader = certificateReader(new ACMClient({ region: REGION }), {
  list: counting('list'),
  describe: counting('describe'),
  tags: counting('tags'),
});

const arnOf = (id: string): string => `arn:aws:acm:${REGION}:123456789012:certificate/${id}`;
const ARN = arnOf('11111111-1111-1111-1111-111111111111');
const END = new Date('2026-12-06T23:59:59Z');

const ASKED: ListCertificatesCommandInput = {
  Includes: {
    keyTypes: ['RSA_1024', 'RSA_2048', 'RSA_3072', 'RSA_4096', 'EC_prime256v1', 'EC_secp384r1', 'EC_secp521r1'],
  },
  CertificateKeyPairOrigins: ['AWS_MANAGED', 'CUSTOMER_PROVIDED', 'ACME'],
  MaxItems: 1000,
};

describe('the list', () => {
  test('Given several pages, when it is read, then every key type and origin is asked for on each, and all are there', async () => {
    acm
      .on(ListCertificatesCommand, ASKED, true)
      .resolves({
        CertificateSummaryList: [
          {
            CertificateArn: ARN,
            DomainName: 'www.example.co.jp',
            Status: 'ISSUED',
            Type: 'AMAZON_ISSUED',
            NotAfter: END,
            InUse: true,
            SubjectAlternativeNameSummaries: ['www.example.co.jp', 'example.net'],
            RenewalEligibility: 'ELIGIBLE',
            Exported: false,
            CertificateKeyPairOrigin: 'AWS_MANAGED',
          },
        ],
        NextToken: 'next',
      })
      .on(ListCertificatesCommand, { ...ASKED, NextToken: 'next' }, true)
      .resolves({ CertificateSummaryList: [{ CertificateArn: arnOf('2') }] });
    expect(await reader.readCertificates()).toEqual([
      {
        arn: ARN,
        region: REGION,
        commonName: 'www.example.co.jp',
        names: ['www.example.co.jp', 'example.net'],
        status: 'ISSUED',
        type: 'AMAZON_ISSUED',
        notAfter: END,
        isInUse: true,
        isEligibleForRenewal: true,
        isExported: false,
        managedBy: undefined,
        keyPairOrigin: 'AWS_MANAGED',
      },
      {
        arn: arnOf('2'),
        region: REGION,
        commonName: undefined,
        names: [],
        status: 'unknown',
        type: 'unknown',
        notAfter: undefined,
        isInUse: undefined,
        isEligibleForRenewal: undefined,
        isExported: false,
        managedBy: undefined,
        keyPairOrigin: 'AWS_MANAGED',
      },
    ]);
    expect(paced).toEqual(['list', 'list']);
  });

  test('Given values that the API has grown since, then they are unknown and not taken for others', async () => {
    const grown = {
      CertificateArn: ARN,
      Status: 'SUSPENDED',
      Type: 'QUANTUM',
      RenewalEligibility: 'PERHAPS',
      CertificateKeyPairOrigin: 'HSM',
    };
    acm.on(ListCertificatesCommand).resolves({ CertificateSummaryList: [grown as never] });
    expect(await reader.readCertificates()).toMatchObject([
      { status: 'unknown', type: 'unknown', isEligibleForRenewal: undefined, keyPairOrigin: 'unknown' },
    ]);
  });

  test('Given an imported certificate of before origins were told, then its key came from the customer', async () => {
    acm.on(ListCertificatesCommand).resolves({ CertificateSummaryList: [{ CertificateArn: ARN, Type: 'IMPORTED' }] });
    expect(await reader.readCertificates()).toMatchObject([{ type: 'IMPORTED', keyPairOrigin: 'CUSTOMER_PROVIDED' }]);
  });

  test('Given a page that fails, or an answer without its list, then the read fails: it is never a shorter list', async () => {
    acm
      .on(ListCertificatesCommand)
      .resolves({ CertificateSummaryList: [], NextToken: 'next' })
      .on(ListCertificatesCommand, { NextToken: 'next' })
      .rejects(awsRefusal('ThrottlingException', 'Rate exceeded'));
    await expect(reader.readCertificates()).rejects.toMatchObject({ service: 'ACM', meaning: 'throttled' });
    acm.on(ListCertificatesCommand).resolves({});
    await expect(reader.readCertificates()).rejects.toMatchObject({ code: 'UnexpectedAnswer' });
    acm.on(ListCertificatesCommand).resolves({ CertificateSummaryList: [] });
    expect(await reader.readCertificates()).toEqual([]);
  });
});

describe('one certificate', () => {
  const found = (detail: CertificateDetail, tags: Readonly<Record<string, string>> = {}) => {
    acm
      .on(DescribeCertificateCommand, { CertificateArn: ARN })
      .resolves({ Certificate: { CertificateArn: ARN, ...detail } })
      .on(ListTagsForCertificateCommand, { CertificateArn: ARN })
      .resolves({ Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) });
    return reader.readCertificate(ARN);
  };

  test('Given a renewal that waits for a record, when it is read, then the record, the names and the tags are told', async () => {
    const updated = new Date('2026-11-20T00:00:00Z');
    const certificate = await found(
      {
        DomainName: 'www.example.co.jp',
        SubjectAlternativeNames: ['www.example.co.jp', 'example.co.jp'],
        Status: 'ISSUED',
        Type: 'AMAZON_ISSUED',
        NotAfter: END,
        InUseBy: ['arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:loadbalancer/app/web-alb/0123456789abcdef'],
        RenewalEligibility: 'ELIGIBLE',
        DomainValidationOptions: [
          { DomainName: 'www.example.co.jp', ValidationMethod: 'DNS', ValidationStatus: 'SUCCESS' },
        ],
        RenewalSummary: {
          RenewalStatus: 'PENDING_VALIDATION',
          RenewalStatusReason: 'OTHER',
          UpdatedAt: updated,
          DomainValidationOptions: [
            {
              DomainName: 'www.example.co.jp',
              ValidationMethod: 'DNS',
              ValidationStatus: 'PENDING_VALIDATION',
              ResourceRecord: {
                Name: '_3f1c9a7e.www.example.co.jp.',
                Type: 'CNAME',
                Value: '_8d2e4b61.acm-validations.aws.',
              },
            },
          ],
        },
      },
      { 'usher:channel': 'web' },
    );
    expect(certificate).toMatchObject({
      arn: ARN,
      region: REGION,
      names: ['www.example.co.jp', 'example.co.jp'],
      isInUse: true,
      isExported: false,
      inUseBy: ['arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:loadbalancer/app/web-alb/0123456789abcdef'],
      validations: [{ name: 'www.example.co.jp', method: 'DNS', status: 'SUCCESS', record: undefined, emails: [] }],
      renewal: {
        status: 'PENDING_VALIDATION',
        reason: 'OTHER',
        updatedAt: updated,
        validations: [
          {
            name: 'www.example.co.jp',
            method: 'DNS',
            status: 'PENDING_VALIDATION',
            record: {
              name: '_3f1c9a7e.www.example.co.jp',
              type: 'CNAME',
              value: '_8d2e4b61.acm-validations.aws.',
            },
            emails: [],
          },
        ],
      },
      tags: { 'usher:channel': 'web' },
    });
    expect(paced.sort()).toEqual(['describe', 'tags']);
  });

  test('Given a fresh request, with no dates and no record yet, then that is what is known', async () => {
    const created = new Date('2026-11-22T05:00:00Z');
    const certificate = await found({
      DomainName: 'new.example.com',
      Status: 'PENDING_VALIDATION',
      Type: 'AMAZON_ISSUED',
      CreatedAt: created,
      DomainValidationOptions: [{ DomainName: 'new.example.com', ValidationStatus: 'PENDING_VALIDATION' }],
    });
    expect(certificate).toEqual({
      arn: ARN,
      region: REGION,
      commonName: 'new.example.com',
      status: 'PENDING_VALIDATION',
      type: 'AMAZON_ISSUED',
      notAfter: undefined,
      isInUse: false,
      isEligibleForRenewal: undefined,
      isExported: false,
      managedBy: undefined,
      keyPairOrigin: 'AWS_MANAGED',
      names: ['new.example.com'],
      createdAt: created,
      issuedAt: undefined,
      importedAt: undefined,
      revokedAt: undefined,
      issuer: undefined,
      serial: undefined,
      inUseBy: [],
      validations: [
        {
          name: 'new.example.com',
          method: 'unknown',
          status: 'PENDING_VALIDATION',
          record: undefined,
          emails: [],
        },
      ],
      renewal: undefined,
      failureReason: undefined,
      tags: {},
    });
  });

  test('Given a hundred names and a common name that is no domain, then all are there, each once', async () => {
    const names = Array.from({ length: 100 }, (_, index) => `n${index}.example.com`);
    const certificate = await found({ DomainName: 'Example Corp Device CA', SubjectAlternativeNames: names });
    expect(certificate?.names).toEqual(['Example Corp Device CA', ...names]);
    const nameless = await found({ Type: 'PRIVATE' });
    expect(nameless).toMatchObject({ commonName: undefined, names: [] });
  });

  test('Given mail validation, then the mailboxes that were written to are told', async () => {
    const certificate = await found({
      DomainValidationOptions: [
        {
          DomainName: 'example.com',
          ValidationMethod: 'EMAIL',
          ValidationStatus: 'PENDING_VALIDATION',
          ValidationEmails: ['admin@example.com', 'webmaster@example.com'],
        },
      ],
    });
    expect(certificate?.validations).toMatchObject([
      { method: 'EMAIL', emails: ['admin@example.com', 'webmaster@example.com'] },
    ]);
  });

  test('Given one that is eligible and used by nothing, then it was exported: AWS calls nothing else eligible', async () => {
    expect(await found({ RenewalEligibility: 'ELIGIBLE' })).toMatchObject({ isInUse: false, isExported: true });
    expect(await found({ RenewalEligibility: 'INELIGIBLE' })).toMatchObject({ isInUse: false, isExported: false });
  });

  test('Given one that is gone, then it is undefined; given a refusal of either read, then that is an error', async () => {
    acm
      .on(DescribeCertificateCommand)
      .rejects(awsRefusal('ResourceNotFoundException', 'no such certificate'))
      .on(ListTagsForCertificateCommand)
      .rejects(awsRefusal('ResourceNotFoundException', 'no such certificate'));
    expect(await reader.readCertificate(ARN)).toBeUndefined();
    acm.on(DescribeCertificateCommand).resolves({ Certificate: { CertificateArn: ARN } });
    acm.on(ListTagsForCertificateCommand).rejects(awsRefusal('AccessDeniedException', 'not authorized'));
    await expect(reader.readCertificate(ARN)).rejects.toMatchObject({
      action: 'ListTagsForCertificate',
      meaning: 'denied',
    });
  });
});

test('Given several Regions, when their readers are asked for, then each has one, with the client of its Region', async () => {
  const asked: string[] = [];
  const readers = certificateReaders((region) => {
    asked.push(region);
    return new ACMClient({ region });
  });
  expect(readers('us-east-1')).toBe(readers('us-east-1'));
  expect(readers(REGION)).not.toBe(readers('us-east-1'));
  expect(asked).toEqual(['us-east-1', REGION]);
});
