import { SQSClient } from '@aws-sdk/client-sqs';
import config from '#config';
import { SQS_DEFAULTS } from '../../shared/aws/clients';
import { readEnvironment, readVariable } from '../../shared/worker/environment';
import { catalogue } from '../remediators/catalogue';
import { type Desk, takeIn } from './intake';

let desk: Desk | undefined;

/** The findings function: events of SQS, of SNS, or straight from EventBridge. */
export async function handler(event: unknown) {
  desk ??= {
    config,
    catalogue,
    environment: readEnvironment(),
    topics: [readVariable('SELFHEAL_FINDINGS_TOPIC_ARN'), ...(config.findings?.topics ?? [])],
    sqs: new SQSClient({ ...SQS_DEFAULTS }),
  };
  return takeIn(desk, event);
}
