import type { CacheWord } from '../../domain/front-door/cache.ts';
import type { Phrase } from '../phrase.ts';
import { code, command, outside, say, strong, words } from '../phrase.ts';
import type { Facts } from './catalogue.ts';
import { id, told } from './catalogue.ts';
import type { DoctorCatalogue, FrontDoorCatalogue } from './doctor.ts';
import { ENGLISH_FINDINGS } from './english-findings.ts';

const ADDRESS_LIMIT = 120;

const host = ({ host: name }: Facts): Phrase => told(name, 'the host');
const origin = ({ origin: name }: Facts): Phrase => told(name, 'the origin');
const balancer = ({ loadBalancer }: Facts): Phrase => told(loadBalancer, 'the load balancer');
const port = ({ port: number }: Facts): Phrase => (number === undefined ? [words('its port')] : say`port ${number}`);
const status = ({ code: number }: Facts): Phrase => id(number, 'an error');
const address = (text: string | undefined): Phrase =>
  text === undefined ? [words('another address')] : [outside(text, ADDRESS_LIMIT)];
const names = ({ names: some }: Facts): Phrase =>
  some === undefined || some === '' ? [words('no name at all')] : [outside(some, ADDRESS_LIMIT)];

const SILENCE: Readonly<Record<string, string>> = {
  Refused: 'the connection is refused',
  TimedOut: 'nothing answers in time',
  Unreachable: 'it can’t be reached',
  TlsRefused: 'it speaks no TLS there',
  NameNotFound: 'its name is not in DNS',
};
const silence = ({ because }: Facts): Phrase => [words(SILENCE[because ?? ''] ?? 'nothing answers')];

const TRUST: Readonly<Record<string, string>> = {
  'incomplete-chain': 'comes without its intermediate certificate',
  'self-signed': 'is signed by itself',
  untrusted: 'is signed by an authority that browsers don’t know',
  expired: 'has expired',
};
const trust = ({ trust: how }: Facts): Phrase => [words(TRUST[how ?? ''] ?? 'is not to be trusted')];

const LOOKED_AT: Readonly<Record<string, string>> = {
  distributions: 'CloudFront’s distributions',
  balancer: 'the load balancer',
};

const STEP_WORDS: Readonly<Record<string, string>> = {
  page: 'the page',
  aliases: 'where DNS leads',
  distributions: 'CloudFront’s distributions',
  again: 'whether it is cached',
  origin: 'the origin’s name and certificate',
  balancer: 'the load balancer and what is behind it',
};
const stepsOf = ({ steps = '' }: Facts): string =>
  steps
    .split(',')
    .map((step) => STEP_WORDS[step] ?? 'a part of the way')
    .join(', ');

/** Where the application is told that visitors came by HTTPS. */
const TELL_APPLICATION: Phrase = say`let the application believe ${code('X-Forwarded-Proto')}; nginx in front of PHP: ${command('fastcgi_param HTTPS $https_from_proxy;')} with ${command('map $http_x_forwarded_proto $https_from_proxy { default off; https on; }')} (other frameworks: runbook)`;
const TELL_ORIGIN: Phrase = say`set the origin’s protocol to ${code('https-only')}, or let the application believe ${code('CloudFront-Forwarded-Proto')}: a load balancer asked by HTTP says ${code('http')} in ${code('X-Forwarded-Proto')}`;

const protocolStep = ({ remedy }: Facts): Phrase => (remedy === 'origin' ? TELL_ORIGIN : TELL_APPLICATION);

const FRONT_DOOR: FrontDoorCatalogue = {
  NameNotFound: (facts) => ({
    cause: say`DNS knows no ${host(facts)}`,
    next: say`add the record where the domain’s DNS is kept, or mend the spelling`,
  }),
  NameNotPublic: (facts) => ({
    cause: say`${host(facts)} leads to ${address(facts['address'])}, which is no address of the internet; it was not asked`,
    next: say`look from inside that network, or let the name lead to a public address`,
  }),
  NameLeadsElsewhere: (facts) => ({
    cause: say`${id(facts['distribution'], 'A distribution')} has the name ${host(facts)}, and ${address(facts['address'])} answers without CloudFront`,
    next: say`let DNS lead the name to ${address(facts['domain'])}, or take it off the distribution`,
  }),
  NothingListens: (facts) => ({
    cause: say`${host(facts)} on ${port(facts)}: ${silence(facts)}`,
    next: say`check that something listens there, and that its security group admits visitors`,
  }),
  NoTls: (facts) => ({
    cause: say`${host(facts)} speaks no TLS on ${port(facts)}`,
    next: say`give it an HTTPS listener with a certificate`,
  }),
  NotHttp: (facts) => ({
    cause: say`What answers at ${host(facts)} on ${port(facts)} is no HTTP, or breaks off`,
    next: say`look at what listens there`,
  }),
  PortNotAsked: (facts) => ({
    cause: say`${port(facts)} is another service’s than the web’s; it was not asked`,
    next: say`give the URL of a page`,
  }),
  CertificateOtherName: (facts) => ({
    cause: say`Visitors of ${host(facts)} are shown a certificate of ${names(facts)}`,
    next: say`attach one that has the name, to the distribution (us-east-1) or the listener`,
  }),
  CertificateExpired: (facts) => ({
    cause: say`The certificate of ${host(facts)} has expired`,
    next: say`attach a renewed one; ${command('/usher certificates')} says what ends next`,
  }),
  CertificateUntrusted: (facts) => ({
    cause: say`The certificate of ${host(facts)} ${trust(facts)}`,
    next: say`serve the whole chain of a public certificate`,
  }),
  NoDistributionHasName: (facts) => ({
    cause: say`${host(facts)} leads to CloudFront, and no distribution of this account has the name`,
    next: say`add it to the distribution’s alternate domain names, with a certificate that has it`,
  }),
  DistributionDisabled: (facts) => ({
    cause: say`${id(facts['distribution'], 'The distribution')} is disabled`,
    next: say`enable it`,
  }),
  DistributionDeploying: (facts) => ({
    cause: say`${id(facts['distribution'], 'The distribution')} is being deployed: some places still answer as before`,
    next: say`look again in some minutes`,
  }),
  ProtocolLoop: (facts) => ({
    cause: say`http and https send visitors to each other: what answers believes that they came by plain HTTP`,
    next: protocolStep(facts),
  }),
  RedirectLoop: (facts) => ({
    cause: say`Redirections lead in a circle, back to ${address(facts['to'])}`,
    next: say`take one of the rules that send on away`,
  }),
  TooManyRedirects: (facts) => ({
    cause: say`After ${told(facts['count'], 'many')} redirections there was still no page`,
    next: say`let the first redirection lead straight to the page`,
  }),
  RedirectToPlain: (facts) => ({
    cause: say`From https visitors are sent to plain ${address(facts['to'])}`,
    next: protocolStep(facts),
  }),
  S3Redirect: (facts) => ({
    cause: say`S3 sends visitors on to ${address(facts['to'])} (307), where the bucket denies them: the origin is the bucket’s global name`,
    next: say`make the bucket’s Regional name the origin: ${code('BUCKET.s3.REGION.amazonaws.com')}`,
  }),
  OriginCertificateOtherName: (facts) => ({
    cause: say`The origin ${origin(facts)} shows a certificate of ${names(facts)}: neither its own name nor what CloudFront sends as ${code('Host')}`,
    next: say`put ${host(facts)} on it and forward ${code('Host')}, or name the origin as the certificate does`,
  }),
  OriginCertificateInvalid: (facts) => ({
    cause: say`The certificate of the origin ${origin(facts)} ${trust(facts)}`,
    next: say`give the origin a certificate of a public authority, with its chain`,
  }),
  OriginSilent: (facts) => ({
    cause: say`The origin ${origin(facts)} on ${port(facts)}: ${silence(facts)}`,
    next: say`check the origin’s name and port, and that something listens there`,
  }),
  ListenerMissing: (facts) => ({
    cause: say`${balancer(facts)} has no listener on ${port(facts)}, where it is asked`,
    next: say`add the listener, or ask on a port that it has`,
  }),
  S3Denied: (facts) => ({
    cause: say`S3 denies ${address(facts['path'])}: it is not there, or the bucket’s policy doesn’t admit the distribution`,
    next: say`check that the object is there, and that the policy lets ${code('cloudfront.amazonaws.com')} read for this distribution`,
  }),
  BalancerAnswered: (facts) => ({
    cause: say`${balancer(facts)} answered ${status(facts)} itself, without a target`,
    next: say`see what its targets lack: ${command('/usher doctor')} with the target group’s name`,
  }),
  FrontAnswered: (facts) => ({
    cause: say`CloudFront answered ${status(facts)} itself, and nothing was found that explains it`,
    next: say`ask the origin from inside its network, and look at how long it takes`,
  }),
  ApplicationFails: (facts) => ({
    cause: say`The application answered ${status(facts)}`,
    next: say`look at the application’s own log`,
  }),
  PageMissing: (facts) => ({
    cause: say`There is no such page (${status(facts)})`,
    next: say`check the path; everything on the way works`,
  }),
  RequestRefused: (facts) => ({
    cause: say`A visitor without a login or cookies is refused with ${status(facts)}`,
    next: say`if that is not meant, look at the application’s log, and at the web ACL (WAF) of distribution and load balancer`,
  }),
  CookieCached: () => ({
    cause: say`CloudFront hands one visitor’s cookie (${code('Set-Cookie')}) to all out of its cache`,
    next: say`don’t cache pages that set cookies (${code('Cache-Control: private')}), then clear the cache: sessions may be shared`,
  }),
  ErrorCached: (facts) => ({
    cause: say`CloudFront keeps the error ${status(facts)}, for ${told(facts['seconds'], 'some')} s by now`,
    next: say`once the page works, clear it: ${command('/invalidate')} with its URL`,
  }),
  PlainSubresources: (facts) => ({
    cause: say`The page came by https and fetches ${told(facts['count'], 'some')} things by plain http, which browsers block: ${address(facts['first'])}`,
    next: TELL_APPLICATION,
  }),
  TimeRanOut: (facts) => ({
    cause: say`Time ran out; not looked at, or not to the end: ${words(stepsOf(facts))}`,
    next: say`ask again: what was slow may answer then`,
  }),
  CouldNotLook: (facts) => ({
    cause: say`${words(LOOKED_AT[facts['what'] ?? ''] ?? 'Part of the way')} could not be read: ${told(facts['why'], 'AWS did not say why')}`,
    next: say`give Usher’s role that read, then ask again`,
  }),
};

const NOT_CACHED: Readonly<Record<string, Phrase>> = {
  Policy: say`the behaviour’s policy caches nothing`,
  Told: say`${code('Cache-Control')} says so`,
  Cookie: say`it sets a cookie`,
};

const cache = (word: CacheWord): Phrase => {
  switch (word.kind) {
    case 'cached':
      return say`Cached: yes${words(word.ageSeconds === undefined ? '' : `, for ${word.ageSeconds} s`)}.`;
    case 'cached-now':
      return say`Cached: yes, since this very request; it was not before.`;
    case 'not-cached':
      return say`Cached: no${word.because === undefined ? [] : say` – ${NOT_CACHED[word.because] ?? []}`}.`;
    case 'no-cloudfront':
      return say`Cached: not by CloudFront, which didn’t answer.`;
    case 'unknown':
      return say`Cached: not known.`;
  }
};

const found = (problems: number): string =>
  problems === 0 ? 'nothing wrong found' : problems === 1 ? '1 thing is wrong' : `${problems} things are wrong`;

/** What `doctor` says in English. */
export const ENGLISH_DOCTOR: DoctorCatalogue = {
  frontDoor: FRONT_DOOR,
  findings: ENGLISH_FINDINGS,
  pageHeadline: ({ page, problems, status: answered }) => ({
    strong: say`${page}: ${words(found(problems))}`,
    rest: say` – ${words(answered === undefined ? 'no answer' : `answered ${answered}`)}`,
  }),
  targetsHeadline: ({ subject, what, problems, groups, late }) => ({
    strong: say`${subject}: ${words(late && problems === 0 ? 'time ran out' : found(problems))}`,
    rest: [
      words(
        late && groups === 0
          ? ' – nothing was found until then'
          : what === 'target-group'
            ? ''
            : groups === 1
              ? ' – in 1 target group'
              : ` – in ${groups} target groups`,
      ),
    ],
  }),
  way: (stations) => say`Way: ${stations}`,
  groupHealth: ({ healthy, total }, name) => say`${name} ${words(`${healthy} of ${total} healthy`)}`,
  cause: (owner, sentence) => (owner === undefined ? say`• ${sentence}.` : say`• ${owner}: ${sentence}.`),
  more: (count) => say`… and ${count} more`,
  next: (step) => say`${strong(say`Next:`)} ${step}.`,
  nothingToDo: say`Nothing to do.`,
  cache,
  asked: (requests) =>
    say`${words(requests === 1 ? 'Asked once' : `Asked ${requests} times`)}, as a visitor without cookies.`,
  nothingChanged: say`Nothing was changed.`,
  inNoGroup: say`It is in no target group.`,
  notToTheEnd: say`Time ran out before all of it was looked at. ${strong(say`Next:`)} ask again.`,
  tooLate: (said) => ({
    emoji: 'warning',
    headline: {
      strong: say`No time was left to look at ${said}`,
      rest: say` – AWS answers slowly; nothing was changed`,
    },
    lines: [say`${strong(say`Next:`)} ask again in a minute.`],
  }),
  nothingToExamine: (said) => ({
    emoji: 'warning',
    headline: { strong: say`Nothing answers to ${said}`, rest: say` – nothing was changed` },
    lines: [
      say`${strong(say`Next:`)} name a URL, a target group, a load balancer, or an instance by its ${code('Name')} or id.`,
    ],
  }),
  ambiguous: (said, ids) => ({
    emoji: 'warning',
    headline: { strong: say`Several instances answer to ${said}`, rest: say` – nothing was changed` },
    lines: [say`${strong(say`Next:`)} give the id: ${ids}.`],
  }),
};
