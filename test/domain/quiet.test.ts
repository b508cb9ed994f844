import { describe, expect, test } from '@jest/globals';
import type { Finding } from '../../domain/finding.ts';
import { quietMatterOf } from '../../domain/quiet.ts';
import type { Report } from '../../domain/report.ts';
import { changeTold, explained, recovered } from '../slack/diagnosis-reports.ts';
import { configuration, IN_SERVICE, NOT_IN_SERVICE, notInService, notRegistered, reportOf } from '../slack/reports.ts';

const finding = (reason: Finding['reason'], evidence: Finding['evidence'] = {}): Finding => ({
  reason,
  severity: 'warning',
  evidence,
});

const withApprove = (report: Report): Report => ({
  ...report,
  buttons: [{ verb: 'approve', planId: 'plan-1', object: { kind: 'targets', names: ['web-3'], count: 1 } }],
});

/** The same cause, of another instance. */
const ofAnother = (report: Report): Report =>
  report.body.kind === 'targets-not-registered'
    ? {
        ...report,
        body: { ...report.body, targets: report.body.targets.map((one) => ({ ...one, instanceId: 'i-2' })) },
      }
    : report;

const WRONG_VPC = notRegistered([finding('WrongVpc')]);
const HELD = notRegistered([finding('Withheld', { because: 'Held' })]);
const MALFORMED = configuration([finding('SelectorMalformed', { tag: 'usher:selector', value: 'Role==web' })]);

describe('what may be left unsaid', () => {
  test.each([
    ['an ending', IN_SERVICE],
    ['the last word', reportOf(notInService({ looksAgainEverySeconds: undefined }))],
    ['what is critical', { ...NOT_IN_SERVICE, severity: 'critical' as const }],
    ['a critical cause', notRegistered([finding('WrongVpc')], 'critical')],
    ['a question', withApprove(notRegistered([finding('Withheld', { because: 'Ask' })]))],
    ['the answer to an order', reportOf({ kind: 'order-answered', answer: { kind: 'help', about: undefined } })],
  ])('Given %s, then it is said whatever anybody wants', (_, report) => {
    expect(quietMatterOf(report)).toBeUndefined();
  });

  test('Given word that it still is not well, then it may be, by its group', () => {
    expect(quietMatterOf(NOT_IN_SERVICE)).toBe(NOT_IN_SERVICE.matter);
  });

  test('Given the same cause of another instance in the same group, then it is the same matter', () => {
    expect(quietMatterOf(WRONG_VPC)).toBeDefined();
    expect(quietMatterOf(ofAnother(WRONG_VPC))).toBe(quietMatterOf(WRONG_VPC));
  });

  test.each([
    ['another cause', WRONG_VPC, notRegistered([finding('GroupFull')])],
    ['a further cause', WRONG_VPC, notRegistered([finding('WrongVpc'), finding('GroupFull')])],
    ['another group', WRONG_VPC, { ...WRONG_VPC, matter: 'web-blue' }],
    ['the hold of another target', HELD, ofAnother(HELD)],
    [
      'another mistake in the same tag',
      MALFORMED,
      configuration([finding('SelectorMalformed', { tag: 'usher:selector', value: 'Role=' })]),
    ],
    ['that a target is not well', WRONG_VPC, NOT_IN_SERVICE],
  ])('Given %s, then it is another matter', (_, one, other) => {
    expect(quietMatterOf(other)).toBeDefined();
    expect(quietMatterOf(other)).not.toBe(quietMatterOf(one));
  });
});

describe('an alarm that is muted', () => {
  const FIX = { verb: 'approve', planId: 'plan-1', object: { kind: 'missing-rule', count: 1 } } as const;
  const matterOf = (report: Report) => quietMatterOf(report);

  test('Given that its story comes again as bad as it was, then it is left unsaid, with or without a rule to press', () => {
    const first = matterOf({ ...reportOf(explained(), 'critical'), buttons: [FIX] });
    expect(first).toBeDefined();
    expect(matterOf(reportOf(explained({ timesRaised: 3, fix: [] }), 'critical'))).toBe(first);
  });

  test('Given that it gets worse, then it is said', () => {
    expect(matterOf(reportOf(explained(), 'critical'))).not.toBe(matterOf(reportOf(explained(), 'warning')));
  });

  test('Given another story, then it is said', () => {
    expect(matterOf({ ...reportOf(explained()), matter: 'alarm|other' })).not.toBe(matterOf(reportOf(explained())));
  });

  test('Given its end, or who changed what, then that is said whatever anybody wants', () => {
    expect([recovered(), changeTold()].map((body) => matterOf(reportOf(body, 'information')))).toEqual([
      undefined,
      undefined,
    ]);
  });
});
