import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { ConfigServiceClient } from '@aws-sdk/client-config-service';
import { SQSClient } from '@aws-sdk/client-sqs';
import { STSClient } from '@aws-sdk/client-sts';
import config from '#config';
import { CLIENT_DEFAULTS, SQS_DEFAULTS, clientMaker } from '../../shared/aws/clients';
import { settingsOf } from '../../shared/config';
import { sessions } from '../../shared/aws/sessions';
import { loadBot } from '../../shared/worker/load';
import { readEnvironment, readVariable } from '../../shared/worker/environment';
import { bots } from '../remediators';
import { catalogue } from '../remediators/catalogue';
import { type Answer, answerRule } from './daily';
import { lookAround } from './looks';
import type { Lookout } from './lookout';
import type { RuleEvent } from './notification';

let lookout: Lookout | undefined;

/** The one function behind all custom rules, whose parameters name the bot, and behind the looks at members. */
export async function handler(event: RuleEvent | SQSEvent): Promise<Answer | SQSBatchResponse> {
  lookout ??= newLookout();
  return 'Records' in event ? lookAround(lookout, event) : answerRule(lookout, event, 'now');
}

function newLookout(): Lookout {
  const environment = readEnvironment();
  const sts = new STSClient({ ...CLIENT_DEFAULTS });
  return {
    config,
    environment,
    awsConfig: new ConfigServiceClient({ ...CLIENT_DEFAULTS }),
    sqs: new SQSClient({ ...SQS_DEFAULTS }),
    clients: clientMaker(
      {},
      sessions({
        accounts: config.accounts,
        home: environment.accountId,
        stage: environment.stage,
        granted: (bot) => settingsOf(config, bot),
        sts,
        use: 'read',
      }),
    ),
    load: (id) => loadBot(bots, id),
    catalogue,
    looksQueueUrl: readVariable('SELFHEAL_LOOKS_QUEUE_URL'),
  };
}
