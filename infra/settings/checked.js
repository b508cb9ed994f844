// Parameters of serverless.yml that are checked when the service is packaged, before anything is deployed with them.
// The functions check theirs once more when they start (domain/stage.ts).

const VPC_ID = /^vpc-(?:[0-9a-f]{8}|[0-9a-f]{17})$/;
/** The visibility of the launch queue leaves room for a window of so many seconds (infra/launches.yml). */
const LONGEST_WINDOW_SECONDS = 60;

const POLICIES = ['report-only', 'ask', 'add-only', 'apply-all'];

const itemsIn = (text) =>
  String(text)
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');

const oneOf =
  (name, allowed) =>
  async ({ resolveVariable }) => {
    const value = await resolveVariable(`param:${name}`);
    if (!allowed.includes(value)) throw new Error(`${name} is "${value}"; it may be ${allowed.join(', ')}`);
    return value;
  };

export const defaultPolicy = oneOf('defaultPolicy', POLICIES);
export const maximumPolicy = oneOf('maximumPolicy', POLICIES);
export const iacAdditions = oneOf('iacAdditions', ['write', 'propose']);
export const wideClientCidrs = oneOf('wideClientCidrs', ['no', 'yes']);
export const language = oneOf('language', ['en', 'ja']);

export const entrance = oneOf('entrance', ['function-url', 'http-api']);

/** null leaves the property out. */
export const entranceConcurrency = async ({ resolveVariable }) => {
  const value = await resolveVariable('param:entranceConcurrency');
  if (value === 'none') return null;
  const count = Number(value);
  if (Number.isInteger(count) && count >= 1) return count;
  throw new Error(`entranceConcurrency is "${value}"; it must be a whole number from 1, or none`);
};

export const batchWindowSeconds = async ({ resolveVariable }) => {
  const seconds = Number(await resolveVariable('param:batchWindowSeconds'));
  if (Number.isInteger(seconds) && seconds >= 0 && seconds <= LONGEST_WINDOW_SECONDS) return seconds;
  throw new Error(`batchWindowSeconds is "${seconds}"; it must be a whole number from 0 to ${LONGEST_WINDOW_SECONDS}`);
};

/** As domain/invalidation/distribution-id.ts has it. */
const DISTRIBUTION_ID = /^E[0-9A-Z]{6,20}$/;

/** As invalidate-distributions reads it: ids with commas between. */
export const invalidationDistributions = async ({ resolveVariable }) => {
  const ids = itemsIn(await resolveVariable('param:invalidationDistributions'));
  const strange = ids.find((id) => !DISTRIBUTION_ID.test(id));
  if (strange !== undefined)
    throw new Error(`invalidationDistributions holds "${strange}", which is no distribution id`);
  return ids.join(',');
};

/** Who may, as domain/authorisation.ts reads it: a person, everybody in a channel, or a person in a channel. */
const GRANTEE = /^(?:[UW][A-Z0-9]{2,31}(?:@[CGD][A-Z0-9]{2,31})?|[CGD][A-Z0-9]{2,31})$/;
const CHANNEL = /^[CGD][A-Z0-9]{2,31}$/;
const TEAM = /^T[A-Z0-9]{2,31}$/;
const RIGHTS = [
  'invalidate',
  'approve',
  'reject',
  'undo',
  'put-it-back',
  'snooze',
  'mute',
  'confirm',
  'pause',
  'resume',
  'drain',
  'keep',
  '*',
];

const wordsIn = (text) =>
  String(text)
    .split(/\s+/)
    .filter((word) => word !== '');

/** Ids with commas or spaces between. */
const idsIn = (text) => wordsIn(text).flatMap((word) => word.split(',').filter((id) => id !== ''));

/** `KEY=ID,ID KEY=ID` */
const grants =
  (name, isKey, keys) =>
  async ({ resolveVariable }) => {
    const words = wordsIn(await resolveVariable(`param:${name}`));
    for (const word of words) {
      const [key, ids = '', ...more] = word.split('=');
      const grantees = ids.split(',').filter((id) => id !== '');
      if (!isKey(key)) throw new Error(`${name} names "${key}"; it may name ${keys}`);
      if (more.length > 0 || grantees.length === 0 || !grantees.every((id) => GRANTEE.test(id)))
        throw new Error(`${name} holds "${word}"; it is written as in ${keys.split(',')[0]}=U012AB3CD,C045EF6GH`);
    }
    return words.join(' ');
  };

export const writers = grants('writers', (key) => RIGHTS.includes(key), RIGHTS.join(', '));
export const distributionWriters = grants(
  'distributionWriters',
  (key) => DISTRIBUTION_ID.test(key),
  'E1ABCDEF234567, or the id of another distribution',
);

export const slackTeamId = async ({ resolveVariable }) => {
  const teams = idsIn(await resolveVariable('param:slackTeamId'));
  const strange = teams.find((id) => !TEAM.test(id));
  if (strange === undefined) return teams.join(' ');
  throw new Error(`slackTeamId holds "${strange}"; it may hold ids of workspaces (T…), or nothing`);
};

export const readChannels = async ({ resolveVariable }) => {
  const channels = idsIn(await resolveVariable('param:readChannels'));
  const strange = channels.find((id) => !CHANNEL.test(id));
  if (strange === undefined || (strange === '*' && channels.length === 1)) return channels.join(' ');
  throw new Error(`readChannels holds "${strange}"; it may hold ids of channels (C…, G… or D…), or * alone`);
};

const vpcsOf = async ({ resolveVariable }) => {
  const vpcs = itemsIn(await resolveVariable('param:vpcIds'));
  const strange = vpcs.find((vpcId) => !VPC_ID.test(vpcId));
  if (strange !== undefined) throw new Error(`vpcIds holds "${strange}", which is no VPC id`);
  return vpcs;
};

const arnOf = (vpc) => ({ 'Fn::Sub': `arn:\${AWS::Partition}:ec2:\${AWS::Region}:\${AWS::AccountId}:vpc/${vpc}` });

/** As the functions read it: ids with commas between. */
export const vpcIds = async (osls) => (await vpcsOf(osls)).join(',');

/**
 * ARNs of the stage's VPCs, or a pattern for every VPC of this account and Region when it names none. For the condition
 * key `ec2:Vpc`, whose value is an ARN: a wrong id would quietly forbid every rule.
 */
export const vpcArns = async (osls) => {
  const vpcs = await vpcsOf(osls);
  return (vpcs.length === 0 ? ['*'] : vpcs).map(arnOf);
};

const ACCOUNT = /^\d{12}$/;
/** `us-east-1`, `us-gov-west-1`, `eusc-de-east-1`. */
const REGION = /^[a-z]+(?:-[a-z]+)+-\d+$/;
/** CloudFront's certificates are there, wherever the stage is. */
const CLOUDFRONT_REGION = 'us-east-1';

const checkedItems = async ({ resolveVariable }, name, form, what) => {
  const items = wordsIn(await resolveVariable(`param:${name}`)).flatMap(itemsIn);
  const strange = items.find((item) => !form.test(item));
  if (strange !== undefined) throw new Error(`${name} holds "${strange}"; it may hold ${what}`);
  return [...new Set(items)];
};

const stageRegion = ({ resolveVariable }) => resolveVariable('self:provider.region');

/** Without any named: the stage's, and that of CloudFront's certificates. */
const surveyedRegions = async (osls) => {
  const named = await checkedItems(osls, 'expiryRegions', REGION, 'Regions such as us-east-1');
  return named.length > 0 ? named : [...new Set([await stageRegion(osls), CLOUDFRONT_REGION])];
};

/** As alert-expiring-certificates reads it: names with commas between. */
export const expiryRegions = async (osls) => (await surveyedRegions(osls)).join(',');

/** Those that need a forwarder (infra/forwarder.yml): all that are surveyed but the stage's own, whose events come by themselves. */
export const forwardedRegions = async (osls) => {
  const own = await stageRegion(osls);
  return (await surveyedRegions(osls)).filter((region) => region !== own);
};

/** The same as one text: an output of the stack is never empty. */
export const forwardedRegionNames = async (osls) => (await forwardedRegions(osls)).join(',') || 'none';

const trusted = (osls) => checkedItems(osls, 'trustedAccounts', ACCOUNT, 'numbers of accounts, of twelve digits');

export const trustedAccounts = async (osls) => (await trusted(osls)).join(',');

/** Whose events are taken from the bus: our own account's, from other Regions, and the trusted ones'. */
export const forwardingAccounts = async (osls) => [{ Ref: 'AWS::AccountId' }, ...(await trusted(osls))];

const perTrustedAccount = async (osls, arnFor) => {
  const accounts = await trusted(osls);
  return accounts.map((account) => ({ 'Fn::Sub': arnFor(account) }));
};

export const trustedPrincipals = (osls) =>
  perTrustedAccount(osls, (account) => `arn:\${AWS::Partition}:iam::${account}:root`);

/** The rules of infra/forwarder.yml by their names, in whatever Region of those accounts. */
export const trustedForwarders = async (osls) => {
  const stage = await osls.resolveVariable('sls:stage');
  return perTrustedAccount(
    osls,
    (account) => `arn:\${AWS::Partition}:events:*:${account}:rule/usher-${stage}-forward-*`,
  );
};

export const expiryThresholdsDays = async (osls) => {
  const days = await checkedItems(osls, 'expiryThresholdsDays', /^\d{1,3}$/, 'whole numbers of days');
  return days.join(',');
};

const schedule =
  (name, examples) =>
  async ({ resolveVariable }) => {
    const expression = String(await resolveVariable(`param:${name}`)).trim();
    if (/^(?:cron|rate)\([^()]+\)$/.test(expression)) return expression;
    throw new Error(`${name} is "${expression}"; it is written as in ${examples}, in UTC`);
  };

export const expirySchedule = schedule('expirySchedule', 'cron(0 0 * * ? *) or rate(12 hours)');
export const sweepSchedule = schedule('sweepSchedule', 'rate(15 minutes) or cron(0/15 * * * ? *)');
