import type { Verb } from '../../domain/command.ts';
import type { Phrase } from '../phrase.ts';
import { code, command, say, strong } from '../phrase.ts';
import type { AnswerWords } from './answers.ts';

const about = (headline: Phrase, lines: readonly Phrase[]): AnswerWords => ({
  emoji: 'information_source',
  headline: { strong: headline, rest: [] },
  lines,
});

const CLEARING: Phrase = say`${command('/invalidate https://www.example.com/blog/*')} clears what that URL says from CloudFront’s cache`;

const everything = about(say`What you can order here`, [
  say`${CLEARING}; ${command('/usher certificates')} shows what ends in the next 90 days`,
  say`${command('/usher doctor www.example.com')} says what is wrong on the way from a page, or a name, to its targets; ${command('/usher status')} says how things stand, ${command('/usher sweep')} looks at everything now, ${command('/usher undo')} lists the last day’s changes, each with its button`,
  say`${command('/usher drain web-3')} takes an instance out and holds it, ${command('/usher keep sgr-…')} protects a rule, ${command('/usher pause moving a database')} stops every write until ${command('/usher resume')}`,
  say`${command('/usher help drain')} says more about one. ${strong(say`Next:`)} try one. Who may is set by whoever deploys Usher; what may not be done is said, and nothing is changed.`,
]);

/** What can be said about one verb; of the others, everything is said together. */
const ABOUT: Partial<Readonly<Record<Verb, AnswerWords>>> = {
  invalidate: about(say`Clearing CloudFront’s cache`, [
    CLEARING,
    say`${command('/invalidate www.example.com / /news/*')} clears several paths of one distribution`,
    say`Where: a URL, an alias, ${command('E1ABC…')}, a CloudFront domain, or a group that the stage names. What: paths from ${command('/')}, with ${command('*')} only at the end; tags as ${command('"#product:42"')}. Quote what holds spaces.`,
    say`Everything (${command('/*')}), and paths gathered into wildcards, are asked about first. I tell you here when CloudFront is done.`,
  ]),
  pause: about(say`Stopping every write`, [
    say`${command('/usher pause')}, with a reason behind it if you like: from then on nothing is registered, taken out, added, removed or cleared, whoever asks. I look, follow and tell as before, and every message says that Usher is paused.`,
    say`${command('/usher resume')} lets it go on; a sweep then makes up for what was missed.`,
  ]),
  resume: about(say`Letting Usher go on`, [
    say`${command('/usher resume')} ends the pause, whoever began it; a sweep then looks at everything and makes up for what was missed.`,
    say`${command('/usher resume web-prod')} lets Usher write again in a group that dropped to report-only because a rule had to be put back.`,
  ]),
  doctor: about(say`What is the matter`, [
    say`${command('/usher doctor https://www.example.com/blog/')} asks for the page as a visitor would, and goes its way: DNS, CloudFront, origin, load balancer, targets. It says what is wrong, what to do, and whether the page is cached; a button clears it.`,
    say`${command('/usher doctor web-prod')} looks into a target group, a load balancer or an instance, by its name or id, as when an alarm goes off.`,
    say`Nothing is changed. Only addresses of the internet are asked, with no cookies or passwords.`,
  ]),
  drain: about(say`Taking an instance out`, [
    say`${command('/usher drain web-3')}, by its ${code('Name')} or its id: it leaves every group that Usher registered it in, within each group’s floor and the hour’s budget, and I say what came of each.`,
    say`It stays out until somebody puts it back, its tags are changed, or it is stopped and started. Where somebody else registered it, it stays.`,
  ]),
  keep: about(say`Keeping a security group rule`, [
    say`${command('/usher keep sgr-0a1b…')} tags the rule ${code('usher:keep')} = ${code('true')}: it is never proposed for removal again, nor removed. Take the tag away to end it.`,
    say`${command('/usher keep')} lists the rules that are kept.`,
  ]),
  undo: about(say`Undoing`, [
    say`${command('/usher undo')} lists what was changed within the last day, each with its button where it can be undone; ${command('/usher undo 2')} is the second button of the list you were shown last.`,
    say`A registration is undone by taking the target out; it stays out until somebody puts it back. Rules stay: other targets may rely on them.`,
  ]),
  sweep: about(say`Looking at everything now`, [
    say`${command('/usher sweep')} does what the schedule does: it repairs what it finds, within every policy, brake and hold, and tells what it came to. Where sweeps only look until somebody says yes, so does this one.`,
  ]),
  status: about(say`How things stand`, [
    say`${command('/usher status')} says whether Usher is paused, what the policy lets it do, when a sweep last looked at everything, and what it left alone and why. Nothing is changed.`,
  ]),
  certificates: about(say`What ends when`, [
    say`${command('/usher certificates')} shows certificates and domains that end in the next 90 days, soonest first. Nothing is changed.`,
  ]),
};

/** What can be ordered today; verbs that come later are not listed. */
export const englishHelp = (verb: Verb | undefined): AnswerWords =>
  (verb === undefined ? undefined : ABOUT[verb]) ?? everything;
