import type { Caller, StageFinder } from '../aws/deployed-stage/port.ts';
import type { Settings } from '../domain/settings.ts';
import { optionalText } from '../domain/settings.ts';
import type { Stage } from '../domain/stage.ts';
import { stageFrom } from '../domain/stage.ts';
import { UsageError } from './usage-error.ts';

/** Where a command works: who calls, and what stands deployed there. */
export interface Standing {
  readonly caller: Caller;
  readonly stage: Stage;
  /** The environment of a function of the stage's, with what a person said instead. */
  readonly settings: Settings;
  readonly isDeployed: boolean;
}

/** Parameters of `serverless.yml` that a plan depends on, and what they are in a function's environment. */
export const PARAMETERS: Readonly<Record<string, string>> = {
  vpcIds: 'USHER_VPC_IDS',
  defaultPolicy: 'USHER_DEFAULT_POLICY',
  maximumPolicy: 'USHER_MAXIMUM_POLICY',
  minimumHealthyTargets: 'USHER_MINIMUM_HEALTHY_TARGETS',
  maximumAdditions: 'USHER_MAXIMUM_ADDITIONS',
  removalsPerHour: 'USHER_REMOVALS_PER_HOUR',
  managedByTags: 'USHER_MANAGED_BY_TAGS',
  iacAdditions: 'USHER_IAC_ADDITIONS',
  wideClientCidrs: 'USHER_WIDE_CLIENT_CIDRS',
};

const settingsIn = (parameters: Readonly<Record<string, string>>): Settings =>
  Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => {
      const setting = Object.hasOwn(PARAMETERS, name) ? PARAMETERS[name] : undefined;
      if (setting === undefined)
        throw new UsageError(`--param knows no ${name}. Next: one of ${Object.keys(PARAMETERS).join(', ')}`);
      return [setting, value];
    }),
  );

/** What a command wants to know of where it works. */
export interface Sought {
  readonly stage: string;
  readonly region: string;
  /** The function whose environment has what the command needs. */
  readonly functionName: 'sweep' | 'carry-out-orders';
  readonly parameters?: Readonly<Record<string, string>>;
}

/**
 * Finds out where a command works. The settings are those of the deployed functions, so that a terminal can't judge by
 * others than they do; where none is deployed, those that a deployment would have.
 * @throws {AwsCallError}
 * @throws {UsageError} for a parameter that there is not
 * @throws {SettingError} for a value that it can't have
 */
export const findStanding = async (finder: StageFinder, sought: Sought): Promise<Standing> => {
  const asked = settingsIn(sought.parameters ?? {});
  const caller = await finder.whoCalls();
  const deployed = await finder.readSettings(`usher-${sought.stage}-${sought.functionName}`);
  const settings: Settings = {
    USHER_STAGE: sought.stage,
    USHER_ACCOUNT: caller.account,
    ...deployed,
    ...asked,
    AWS_REGION: sought.region,
  };
  return {
    caller,
    stage: stageFrom(settings),
    settings,
    isDeployed: optionalText(deployed ?? {}, 'USHER_TABLE') !== undefined,
  };
};

/** How a person is called in what is written down: by the last part of their ARN. */
export const nameOf = ({ arn }: Caller): string => `${arn.split(/[/:]/).at(-1) ?? arn} (terminal)`;

/** Leases outlive the functions that hold them by half a minute (stories/leases.ts). */
const CLOCK_MAY_BE_OFF_SECONDS = 20;

/**
 * Lets nobody write under leases whose clock is off: to it a living lease of a function's has lapsed, or its own has to them.
 * @throws {UsageError}
 */
export const requireClock = ({ caller: { clockAheadSeconds = 0 } }: Standing): void => {
  if (Math.abs(clockAheadSeconds) <= CLOCK_MAY_BE_OFF_SECONDS) return;
  const off = `${Math.abs(clockAheadSeconds)} s ${clockAheadSeconds > 0 ? 'ahead of' : 'behind'}`;
  throw new UsageError(
    `This machine’s clock is ${off} AWS’s, and nothing is changed by a wrong one. Next: set the clock`,
  );
};
