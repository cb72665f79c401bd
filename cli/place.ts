import { STSClient } from '@aws-sdk/client-sts';
import { CLIENT_DEFAULTS } from '../shared/aws/clients';
import type { GlobalOptions, Session } from './session';
import { NO_REGION, Problem } from './terminal/errors';
import { EXIT } from './terminal/exit-codes';

/** Names of what an installation consists of, as deploy/resources.yml gives them. */
export function namesOf(stage: string) {
  return {
    remediationQueue: `selfheal-${stage}-remediation.fifo`,
    waitingQueue: `selfheal-${stage}-waiting`,
    deadLetterQueue: `selfheal-${stage}-dead-letter.fifo`,
    findingsQueue: `selfheal-${stage}-findings`,
    notificationsQueue: `selfheal-${stage}-notifications`,
    looksQueue: `selfheal-${stage}-looks`,
    undeliveredQueue: `selfheal-${stage}-undelivered`,
    eventsTopic: `selfheal-${stage}-events`,
    stack: `selfheal-${stage}`,
    eventBus: `selfheal-${stage}`,
    schedule: `selfheal-${stage}-coordinator`,
    /** Before the names of AWS Config rules, and of the functions that are no bots. */
    prefix: `selfheal-${stage}-`,
    /** Before the names of the bots' functions. */
    botPrefix: `selfheal-${stage}-bot-`,
  };
}

/** Options of every client of the command. */
export function clientOptions({ profile }: Pick<GlobalOptions, 'profile'>, region?: string) {
  return { ...CLIENT_DEFAULTS, ...(profile !== undefined && { profile }), ...(region && { region }) };
}

/**
 * The region of the installation: the option, the environment as the AWS CLI reads it, the profile.
 *
 * @throws Problem when none of them names one.
 */
export async function regionOf({ options }: Pick<Session, 'options'>): Promise<string> {
  // Empty variables are as good as none.
  const named = [options.region, process.env.AWS_REGION, process.env.AWS_DEFAULT_REGION].find(Boolean);
  const region = named ?? (await regionOfProfile(options));
  if (!/^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$/.test(region)) {
    throw new Problem(`"${region}" is not a region: one looks like eu-west-1`);
  }
  return region;
}

/** Source: CloudFormation, DescribeStacks, whose answer for a stack that is not there is a ValidationError. */
export function isNoStack(error: unknown): boolean {
  return (
    error instanceof Error && error.name === 'ValidationError' && error.message.includes('does not exist')
  );
}

async function regionOfProfile(options: GlobalOptions): Promise<string> {
  try {
    return await new STSClient(clientOptions(options)).config.region();
  } catch {
    throw new Problem(NO_REGION, EXIT.aws);
  }
}
