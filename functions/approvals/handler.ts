import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import config from '#config';
import { CLIENT_DEFAULTS, SQS_DEFAULTS } from '../../shared/aws/clients';
import { readEnvironment } from '../../shared/worker/environment';
import { journal } from '../../shared/worker/journal';
import { keptSecret } from '../../shared/kept-secret';
import { publish } from '../../shared/worker/publish';
import { catalogue } from '../remediators/catalogue';
import { type Approvals, type UrlRequest, type UrlResponse, pressed, received } from './decide';

let approvals: Approvals | undefined;

/** The function behind Slack's buttons and behind the rule for decisions of other tools. */
export async function handler(
  event: UrlRequest | { readonly detail: unknown },
): Promise<UrlResponse | undefined> {
  approvals ??= makeApprovals();
  if ('headers' in event) return pressed(approvals, event);
  await received(approvals, event);
  return undefined;
}

function makeApprovals(): Approvals {
  const environment = readEnvironment();
  const sns = new SNSClient({ ...CLIENT_DEFAULTS });
  return {
    config,
    catalogue,
    decider: {
      journal: journal(environment.journalTable),
      sqs: new SQSClient({ ...SQS_DEFAULTS }),
      queueUrl: environment.queueUrl,
      tell: (event) => publish(sns, environment.eventsTopicArn, event),
    },
    signingSecret: signingSecret(),
    answer: async (url, text) => {
      const body = JSON.stringify({ text, response_type: 'in_channel', replace_original: false });
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(url, {
        method: 'POST',
        headers,
        body,
        signal: AbortSignal.timeout(2_000),
      });
      if (!response.ok) throw new Error(`Slack answered ${response.status}`);
    },
  };
}

/** Forged requests must not make it read for each of them. */
const FRESH_MS = 10_000;

function signingSecret(): Approvals['signingSecret'] {
  const source = config.approvals?.slack?.signingSecret;
  if (!source) {
    return () => Promise.reject(new Error('approvals.slack is not set up in config.ts: deploy again'));
  }
  const [what, example] = ['the signing secret of the Slack app', 'signing-secret'];
  return keptSecret({ source, what, example, freshMs: FRESH_MS }).text;
}
