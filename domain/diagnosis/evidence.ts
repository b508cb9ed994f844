import type { Finding } from '../finding.ts';
import type { Instance } from '../instance.ts';
import type { LoadBalancer } from '../load-balancer.ts';
import type { Verdict } from '../network/model.ts';
import type { Reading } from '../reading.ts';
import type { TargetHealth } from '../target.ts';
import type { TargetGroup } from '../target-group.ts';
import type { DiagnosisSubject, Place, Symptom } from './subject.ts';

/** What EC2's own checks say of an instance. @see EC2 API reference, `InstanceStatus` */
export interface StatusChecks {
  readonly instance: 'ok' | 'impaired' | 'initializing' | 'insufficient-data' | 'not-applicable';
  /** Of the host below it. */
  readonly system: 'ok' | 'impaired' | 'initializing' | 'insufficient-data' | 'not-applicable';
}

/** Something that listens and where it sends to. */
export interface ListenerUse {
  readonly protocol: string;
  readonly port: number;
  /** Groups its default action and rules forward to. */
  readonly targetGroupArns: readonly string[];
}

/** Settings of a group and its balancer that decide who gets requests and how long they may take. */
export interface Attributes {
  readonly crossZone: boolean | undefined;
  readonly slowStartSeconds: number | undefined;
  readonly preservesClientAddresses: boolean | undefined;
  /** Of the balancer: how long a connection may be silent. */
  readonly idleTimeoutSeconds: number | undefined;
}

/** Something that puts targets in and out at this moment. */
export interface Deploy {
  readonly kind: 'instance-refresh' | 'codedeploy' | 'registration';
  readonly name: string;
  readonly since: Date;
}

/** The engine's word on one target's path. */
export interface PathWord {
  readonly verdict: Verdict;
  readonly findings: readonly Finding[];
}

/** Everything gathered about one subject. "Missing" is a value inside a reading; "could not look" is an unreadable one. */
export interface Evidence {
  readonly now: Date;
  readonly subject: DiagnosisSubject;
  readonly symptom: Symptom;
  /** Where the subject is, if that is not here: then nothing of it could be looked at, and nothing here is it. */
  readonly elsewhere?: Place;
  readonly targetGroup: Reading<TargetGroup | undefined>;
  readonly loadBalancer: Reading<LoadBalancer | undefined>;
  readonly listeners: Reading<readonly ListenerUse[]>;
  readonly members: Reading<readonly TargetHealth[]>;
  /** Target keys of the members that were looked at one by one; of a large group's others only their health is known. */
  readonly lookedAt: ReadonlySet<string>;
  /** Instances of those looked at by target key; a member whose instance is gone is absent. */
  readonly instances: Reading<ReadonlyMap<string, Instance>>;
  /** By instance id. */
  readonly statusChecks: Reading<ReadonlyMap<string, StatusChecks>>;
  /** Whether EC2 drops what is not from or to an instance's own addresses, by instance id. */
  readonly sourceDestinationChecks: Reading<ReadonlyMap<string, boolean>>;
  readonly attributes: Reading<Attributes>;
  /** Codes the health check takes for well, as AWS writes them: `200`, `200-399`. */
  readonly matcher: string | undefined;
  /** By target key. */
  readonly paths: ReadonlyMap<string, PathWord>;
  readonly deploys: Reading<readonly Deploy[]>;
  /** What was found of who may come to the balancer itself; absent where there is none to look at. */
  readonly clients?: Reading<readonly Finding[]>;
}
