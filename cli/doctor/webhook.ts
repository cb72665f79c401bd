import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { GetParameterCommand, SSMClient, paginateDescribeParameters } from '@aws-sdk/client-ssm';
import { poster } from '../../functions/notifier/slack';
import { webhook } from '../../functions/notifier/webhook';
import { code, mrkdwn } from '../../functions/notifier/escape';
import { undefinedIfGone } from '../../shared/aws/errors';
import { DEFAULT_WEBHOOK } from '../../shared/config';
import type { SecretSource } from '../../shared/config/notifications';
import { type Check, type Patient, type Site, type Verdict, green, red } from './check';

/** Slack's webhook is stored where the notifier reads it. Its value is not read, unless a test message is asked for. */
export function webhookChecks(patient: Patient, isPosted: boolean): readonly Check[] {
  const { config, home } = patient;
  const source: SecretSource = config.slack?.webhook ?? DEFAULT_WEBHOOK;
  const store = `${webhook(source).howToStore} --region ${home.region}`;
  const id = 'webhook';
  const stored: Check =
    'parameter' in source
      ? { id, needs: ['ssm:DescribeParameters'], look: () => parameter(home, source.parameter, store) }
      : { id, needs: ['secretsmanager:DescribeSecret'], look: () => secret(home, source.secret, store) };
  if (!isPosted) return [stored];
  const needs = ['parameter' in source ? 'ssm:GetParameter' : 'secretsmanager:GetSecretValue', 'kms:Decrypt'];
  return [stored, { id: 'webhook-message', needs, look: () => message(patient, source, store) }];
}

/** How long Slack has for its answer. */
const PATIENCE_MS = 20_000;

async function message({ stage, home }: Patient, source: SecretSource, store: string): Promise<Verdict> {
  // Read here, so that a denial is one: the poster tells everything as a sentence.
  const text = await valueOf(home, source);
  const post = poster({ webhook: webhook(source, { read: () => Promise.resolve(text) }) });
  const { account, region } = home;
  const said = mrkdwn`A test message of npx selfheal doctor from ${code(`${stage} in ${account} ${region}`)}`;
  const posted = await post({ text: said, blocks: [] }, Date.now() + PATIENCE_MS);
  return posted.posted ? green('Slack took the test message') : red(posted.reason, store);
}

/** `undefined`: there is none, or it has no text. */
async function valueOf({ client }: Site, source: SecretSource): Promise<string | undefined> {
  if ('parameter' in source) {
    const reply = client(SSMClient).send(
      new GetParameterCommand({ Name: source.parameter, WithDecryption: true }),
    );
    return (await undefinedIfGone(reply, 'ParameterNotFound'))?.Parameter?.Value;
  }
  const reply = client(SecretsManagerClient).send(new GetSecretValueCommand({ SecretId: source.secret }));
  return (await undefinedIfGone(reply, 'ResourceNotFoundException'))?.SecretString;
}

/** Source: Systems Manager, DescribeParameters, which may give an empty page before others. */
async function parameter(home: Site, name: string, store: string): Promise<Verdict> {
  const ParameterFilters = [{ Key: 'Name', Option: 'Equals', Values: [name] }];
  const client = home.client(SSMClient);
  for await (const { Parameters = [] } of paginateDescribeParameters({ client }, { ParameterFilters })) {
    const [found] = Parameters;
    if (found) return green(`the parameter ${name} is there (${found.Type ?? 'of no known type'})`);
  }
  return red(`there is no parameter ${name}: Slack hears nothing`, store);
}

async function secret(home: Site, SecretId: string, store: string): Promise<Verdict> {
  const found = await undefinedIfGone(
    home.client(SecretsManagerClient).send(new DescribeSecretCommand({ SecretId })),
    'ResourceNotFoundException',
  );
  if (!found) return red(`there is no secret ${SecretId}: Slack hears nothing`, store);
  return found.DeletedDate
    ? red(
        `the secret ${SecretId} is about to be deleted`,
        `aws secretsmanager restore-secret --secret-id ${SecretId} --region ${home.region}`,
      )
    : green(`the secret ${SecretId} is there`);
}
