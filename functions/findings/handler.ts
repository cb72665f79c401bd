import { SQSClient } from '@aws-sdk/client-sqs';
import type { Context } from 'aws-lambda';
import config from '#config';
import { topicsOf } from '../../shared/config';
import { SQS_DEFAULTS } from '../../shared/aws/clients';
import { readEnvironment, readVariable } from '../../shared/worker/environment';
import { catalogue } from '../remediators/catalogue';
import { type IntakeContext, takeIn } from './intake';

let context: IntakeContext | undefined;

/** The findings function: events of SQS, of SNS, or straight from EventBridge. */
export async function handler(event: unknown, lambda: Pick<Context, 'getRemainingTimeInMillis'>) {
  context ??= {
    config,
    catalogue,
    environment: readEnvironment(),
    topics: [
      { arn: readVariable('SELFHEAL_FINDINGS_TOPIC_ARN'), ...config.findings?.own },
      ...topicsOf(config),
    ],
    sqs: new SQSClient({ ...SQS_DEFAULTS }),
    looksQueueUrl: readVariable('SELFHEAL_LOOKS_QUEUE_URL'),
  };
  return takeIn(context, event, () => lambda.getRemainingTimeInMillis());
}
