import { ConfigServiceClient } from '@aws-sdk/client-config-service';
import { SQSClient } from '@aws-sdk/client-sqs';
import config from '#config';
import { CLIENT_DEFAULTS, SQS_DEFAULTS, clientMaker } from '../../shared/aws/clients';
import { loadBot } from '../../shared/bot/load';
import { readEnvironment } from '../../shared/environment';
import { bots } from '../remediators';
import { type Compliance, type Evaluator, evaluate } from './evaluate';
import type { RuleEvent } from './notification';

let evaluator: Evaluator | undefined;

/** The one function behind all custom rules; the rule's parameters name the bot. */
export async function handler(event: RuleEvent): Promise<{ readonly compliance: Compliance }> {
  evaluator ??= {
    config,
    environment: readEnvironment(),
    awsConfig: new ConfigServiceClient({ ...CLIENT_DEFAULTS }),
    sqs: new SQSClient({ ...SQS_DEFAULTS }),
    clients: clientMaker(),
    load: (id) => loadBot(bots, id),
  };
  return { compliance: await evaluate(evaluator, event) };
}
