import { LambdaClient } from '@aws-sdk/client-lambda';
import { OrganizationsClient } from '@aws-sdk/client-organizations';
import { SecurityHubClient } from '@aws-sdk/client-securityhub';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import type { Context } from 'aws-lambda';
import config from '#config';
import { CLIENT_DEFAULTS, SQS_DEFAULTS, byRegion } from '../../shared/aws/clients';
import { calendarStates } from '../../shared/worker/calendars';
import { readEnvironment, readVariable } from '../../shared/worker/environment';
import type { SelfhealEvent } from '../../shared/worker/event';
import { journal } from '../../shared/worker/journal';
import { log } from '../../shared/worker/log';
import { asksPeople } from '../../shared/rollout';
import { marks } from '../../shared/worker/marks';
import { publish } from '../../shared/worker/publish';
import { gateOf } from '../../shared/worker/windows';
import { globalRegionOf } from '../../shared/resources/regions';
import { partitionOf } from '../../shared/resources/target';
import { catalogue } from '../remediators/catalogue';
import { type Coordinator, type Report, coordinate } from './coordinate';
import { endOverdue } from './deadlines';
import { brake } from './brake';
import { endingsTeller } from './endings';
import { membership, unitsOf } from './membership';
import { standing } from './standing';
import { waitingRoom } from './waiting-room';

let coordinator: (Coordinator & { readonly tellEndings: () => Promise<void> }) | undefined;

/** The coordinator's function: one tick of the schedule. */
export async function handler(_event: unknown, context: Context): Promise<Report> {
  coordinator ??= makeCoordinator();
  // Once a minute, and never in the way of what waits to be done.
  if (asksPeople(config)) {
    const { sqs, tell, environment } = coordinator;
    const book = journal(environment.journalTable);
    await endOverdue({ journal: book, sqs, tell, queueUrl: environment.queueUrl }, config).catch(
      (error: unknown) => {
        log('error', 'plans whose time is up could not be read', { error: String(error) });
      },
    );
  }
  await coordinator.tellEndings();
  return coordinate(coordinator, () => context.getRemainingTimeInMillis(), config.coordinator);
}

function makeCoordinator(): NonNullable<typeof coordinator> {
  const environment = readEnvironment();
  const sns = new SNSClient({ ...CLIENT_DEFAULTS });
  const tell = (event: SelfhealEvent) => publish(sns, environment.eventsTopicArn, event);
  const waitingQueueUrl = readVariable('SELFHEAL_WAITING_QUEUE_URL');
  const sqs = new SQSClient({ ...SQS_DEFAULTS });
  const lambda = new LambdaClient({ ...CLIENT_DEFAULTS });
  // The one region that AWS Organizations has.
  const organizations = new OrganizationsClient({
    ...{ ...CLIENT_DEFAULTS, region: globalRegionOf(partitionOf(environment.region)) },
  });
  return {
    rules: { config, accountId: environment.accountId, region: environment.region, catalogue },
    environment,
    standing: standing(byRegion((region) => new SecurityHubClient({ ...CLIENT_DEFAULTS, region }))),
    sqs,
    lambda,
    journal: journal(environment.journalTable),
    waiting: waitingRoom(sqs, environment, waitingQueueUrl),
    waitingQueueUrl,
    gate: gateOf(
      config,
      calendarStates(
        byRegion((region) => new SSMClient({ ...CLIENT_DEFAULTS, region })),
        environment.region,
        (calendar, error) => {
          log('error', 'a Change Calendar cannot be asked and counts as closed', { calendar, error });
        },
      ),
    ),
    brake: brake({ sqs, lambda, queueUrl: environment.queueUrl }, config.concurrency),
    tell,
    tellEndings: endingsTeller(config, marks(environment.journalTable), tell),
    membership: membership(config.accounts, environment.accountId, organizations),
    units: unitsOf(config, organizations),
  };
}
