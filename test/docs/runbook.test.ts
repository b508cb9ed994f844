import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type {
  CertificateSettled,
  DomainNeedsAction,
  ReportedRecord,
  ServedCertificateWrong,
} from '../../domain/expiry/report.ts';
import type { StuckBecause, WontRenewBecause } from '../../domain/expiry/standing.ts';
import type { FailureCode } from '../../domain/invalidation/request.ts';
import type { ReportBody } from '../../domain/report.ts';
import { DIAGNOSIS_FINDING_WORDS } from '../slack/diagnosis-words.ts';
import { FRONT_DOOR_WORDS } from '../slack/doctor-words.ts';
import { EXPIRY_WORDS } from '../slack/expiry-words.ts';

const ROOT = join(import.meta.dirname, '..', '..');

const RUNBOOK = readFileSync(join(ROOT, 'docs/runbook.md'), 'utf8');

/** By which words people find a report in the runbook. A new kind does not compile without its own. */
const FOUND_BY: Readonly<Record<ReportBody['kind'], readonly [english: string, japanese: string]>> = {
  'targets-in-service': ['is in service', '稼働に加わりました'],
  'targets-not-in-service': ['is not in service', 'まだ稼働していません'],
  'targets-not-registered': ['is not registered', '登録されていません'],
  'targets-taken-out': ['was taken out of', 'を外しました'],
  'targets-not-taken-out': ['was not taken out', 'を外していません'],
  'held-by-others': ['taken out by somebody', 'Usher 以外により登録解除されました'],
  'companion-proposed': ['Proposal: a security group of its own', '専用のセキュリティグループを作成'],
  'companion-detached': ['was taken off', 'から外されました'],
  'companion-not-removed': ['was not deleted', 'を削除できませんでした'],
  'configuration-findings': ['Check the settings of', '設定を確認してください'],
  'invalidation-completed': ['Cache cleared', 'キャッシュを削除しました'],
  'invalidation-failed': ['Cache not cleared', 'キャッシュを削除できませんでした'],
  'invalidation-still-running': ['Still clearing', 'キャッシュ削除が続いています'],
  'invalidation-queued': ['Waiting', '順番待ちです'],
  'confirmation-wanted': ['Clear … of …?', 'のキャッシュを削除しますか'],
  'certificates-need-action': ['HTTPS stops in', 'HTTPS が使えません'],
  'certificate-settled': ['renewed in ACM', 'ACM で更新されました'],
  'validation-records-missing': ['the next renewal needs it', '次の証明書更新に必要です'],
  'served-certificate-wrong': ['serves another certificate', '設定と異なる証明書'],
  'served-certificate-right': ['served as it should be again', '正しい証明書が配信されています'],
  'domain-needs-action': ['the domain ends in', 'ドメインの期限が切れます'],
  'domain-settled': ['the domain is renewed', 'ドメインが更新されました'],
  'sweep-ended': ['Sweep incomplete', '巡回を完了できませんでした'],
  'weekly-status': ['Weekly status', '週次の状況'],
  'alarm-explained': ['targets healthy since', '停止中'],
  'change-told': ['Who: suzuki (console) removed', '変更者：suzuki（コンソール）'],
  'alarm-recovered': ['Alarm over', 'アラーム解除'],
  'alarms-offered': ['have no alarm', 'アラームがありません'],
  'alarms-changed': ['alarms created', 'アラームを2件作成しました'],
  'closing-proposed': ['Proposal: close port', '提案：'],
  'rules-closed': ['to everybody but the load balancer', 'ロードバランサー以外から閉じました'],
  'closing-ended': ['Put back: a rule of', 'のルールを元に戻しました'],
  'order-answered': ['Orders in Slack', 'Slack での指示'],
};

const FAILURE_CODES: Readonly<Record<FailureCode, true>> = {
  WaitedTooLong: true,
  NoEnding: true,
  PathsRefused: true,
  DistributionNotListed: true,
  DistributionUnknown: true,
  TooManyPaths: true,
};

test.each(Object.entries(FOUND_BY))('the runbook says in both languages what to do about %s', (_, words) => {
  expect(words.filter((each) => !RUNBOOK.includes(each))).toEqual([]);
});

/** By which words people find what a report about certificates and domains says; a new cause or finding does not compile without. */
const CAUSES: Readonly<
  Record<
    | StuckBecause
    | WontRenewBecause
    | ServedCertificateWrong['finding']
    | `domain-${DomainNeedsAction['finding']}`
    | `settled-${CertificateSettled['how']}`
    | Exclude<ReportedRecord['verdict'], 'missing'>,
    readonly [english: string, japanese: string]
  >
> = {
  DnsRecord: ['a DNS record is missing', 'DNSレコードがありません'],
  'wrong-value': ['a DNS record has a wrong value', 'DNSレコードの値が違います'],
  'zone-not-asked': ['its DNS zone isn’t asked', 'DNS の委任先が違います'],
  'could-not-ask': ['DNS could not be asked', 'DNS を確認できません'],
  right: ['AWS hasn’t looked yet', 'AWS の確認待ちです'],
  Email: ['AWS’s mail waits for an answer', '検証メールに未回答です'],
  Caa: ['a CAA record forbids it', 'CAA レコードが原因です'],
  NoContacts: ['AWS finds no mailbox to write to', '検証メールの宛先なし'],
  DomainNotAllowed: ['AWS doesn’t allow the name', '許可されない名前です'],
  InvalidDomain: ['a name in it is no public one', '非公開の名前が原因です'],
  Denied: ['the validation was denied', '検証が拒否されました'],
  MoreVerification: ['AWS wants to know more', 'AWS の追加確認待ちです'],
  PrivateAuthority: ['the private CA doesn’t issue it', 'プライベート CA が原因'],
  AwsReason: ['AWS can’t go on', 'AWS 側で停止中です'],
  Imported: ['imported, so AWS doesn’t renew it', '手動の更新が必要です'],
  Unused: ['unused, so not renewed', '未使用のため更新なし'],
  NotEligible: ['AWS can’t renew it', '自動更新の対象外です'],
  Acme: ['its ACME client hasn’t renewed it', 'ACME が未更新です'],
  expired: ['the certificate served has ended', '配信中の証明書が期限切れです'],
  expiring: ['the certificate served ends', '配信中の証明書の期限です'],
  'not-the-attached': ['serves another certificate than the one attached', '設定と異なる証明書が配信されています'],
  'name-mismatch': ['it is for other names', '別のドメイン名の証明書です'],
  'incomplete-chain': ['an intermediate certificate is missing', '中間証明書がありません'],
  untrusted: ['no authority they trust issued it', '信頼されていない認証局です'],
  'could-not-connect': ['HTTPS could not be looked at', 'HTTPS を確認できません'],
  'domain-expiring': ['does it renew itself?', '自動更新は不明です'],
  'domain-auto-renew-off': ['auto-renew is off', '自動更新がオフです'],
  'domain-confirm-renewal': ['please confirm that it renews', '自動更新の確認を'],
  'domain-expired': ['the domain has ended', 'ドメインの期限が切れました'],
  'domain-on-hold': ['the domain is on hold', 'ドメインが停止されています'],
  'domain-not-registered': ['the registry says nobody has this domain', 'このドメインは登録されていません'],
  'domain-cannot-know': ['nobody tells when this domain ends', 'ドメインの期限を確認する方法がありません'],
  'domain-could-not-check': ['the domain could not be checked', 'ドメインを確認できません'],
  'settled-issued': ['certificate issued', '証明書が発行されました'],
  'settled-renewed': ['renewed in ACM', 'ACM で更新されました'],
  'settled-re-imported': ['a new certificate was imported', '証明書が再インポートされました'],
  'settled-replaced': ['another certificate took its place', '別の証明書に差し替えられました'],
  'settled-deleted': ['the certificate was deleted', '証明書が削除されました'],
  'settled-no-longer-used': ['nothing uses the certificate any more', '証明書は使用されなくなりました'],
};

/** Everything that is said, in both languages. */
const SAID = Object.values(EXPIRY_WORDS)
  .flatMap(({ en, ja }) => [en.join('\n'), ja.join('\n')])
  .join('\n')
  .replaceAll('*', '');

test.each(Object.entries(CAUSES))(
  'the runbook says in both languages what to do about %s, in the words of the message',
  (_, words) => {
    expect(words.filter((each) => !RUNBOOK.includes(each))).toEqual([]);
    expect(words.filter((each) => !SAID.includes(each))).toEqual([]);
  },
);

test.each(Object.keys(FAILURE_CODES))('the runbook has %s in both languages', (code) => {
  expect(RUNBOOK.split(`\`${code}\``).length - 1).toBeGreaterThanOrEqual(2);
});

/** The rows about alarms, in one language: from their heading to the next one of the same rank. */
const rowsUnder = (heading: string): readonly string[] =>
  (RUNBOOK.split(`\n${heading}\n`)[1]?.split(/\n#{2,3} /)[0] ?? '').split('\n').filter((line) => line.startsWith('| '));

test.each(Object.keys(DIAGNOSIS_FINDING_WORDS))(
  'the runbook says once in each language what to do about the finding %s of an alarm',
  (reason) => {
    const rows = ['## An alarm about targets', '### ターゲットのアラーム'].map((heading) =>
      rowsUnder(heading).filter((row) => row.includes(`\`${reason}\``)),
    );
    expect(rows.map(({ length }) => length)).toEqual([1, 1]);
    for (const [row] of rows) expect(row?.split('|')[3]?.trim().length).toBeGreaterThan(5);
  },
);

/** The doctor's own pages: words that other pages have too don't count. */
const DOCTOR = RUNBOOK.slice(RUNBOOK.indexOf('## A page, from its URL'), RUNBOOK.indexOf('## Nothing comes at all'));

test.each(Object.entries(FRONT_DOOR_WORDS))('the runbook says in both languages what to do about %s', (_, words) => {
  expect(words.filter((each) => !DOCTOR.includes(each))).toEqual([]);
});
