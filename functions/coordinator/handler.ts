import { LambdaClient } from '@aws-sdk/client-lambda';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Context } from 'aws-lambda';
import config from '#config';
import { CLIENT_DEFAULTS, SQS_DEFAULTS } from '../../shared/aws/clients';
import { readEnvironment } from '../../shared/environment';
import { publish } from '../../shared/publish';
import { catalogue } from '../remediators/catalogue';
import { type Coordinator, type Report, coordinate } from './coordinate';

let coordinator: Coordinator | undefined;

/** The coordinator's function: one tick of the schedule. */
export async function handler(_event: unknown, context: Context): Promise<Report> {
  coordinator ??= makeCoordinator();
  return coordinate(coordinator, () => context.getRemainingTimeInMillis(), config.coordinator);
}

function makeCoordinator(): Coordinator {
  const environment = readEnvironment();
  const sns = new SNSClient({ ...CLIENT_DEFAULTS });
  return {
    rules: { config, accountId: environment.accountId, catalogue },
    environment,
    sqs: new SQSClient({ ...SQS_DEFAULTS }),
    lambda: new LambdaClient({ ...CLIENT_DEFAULTS }),
    tell: (event) => publish(sns, environment.eventsTopicArn, event),
  };
}
