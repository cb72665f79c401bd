import { randomUUID } from 'node:crypto';
import {
  EventBridgeClient,
  ListRulesCommand,
  ListTargetsByRuleCommand,
  type Rule,
  type Target,
} from '@aws-sdk/client-eventbridge';
import {
  type EventSourceMappingConfiguration,
  LambdaClient,
  paginateListEventSourceMappings,
} from '@aws-sdk/client-lambda';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { LambdaHost } from './lambda-host';
import { parseSchedule } from './schedule';
import { startPoller } from './sqs-poller';

/** How triggers are fired. */
export interface TriggerOptions {
  endpoint: string;
  region: string;
  host: Pick<LambdaHost, 'invoke'>;
  /** 0.1 fires a rate of one minute every six seconds. */
  scheduleScale?: number;
  onError?: (error: unknown) => void;
}

/** The triggers that fire now. */
export interface Triggers {
  /** Reads rules and mappings now rather than within the next second. */
  refresh(): Promise<void>;
  stop(): Promise<void>;
}

interface Clients {
  events: EventBridgeClient;
  lambda: LambdaClient;
  sqs: SQSClient;
}

const REFRESH_MS = 500;

/**
 * Fires what the deployed stack declares and moto does not: schedules of enabled rules, and queues of enabled event
 * source mappings. Both are read again and again, so that a rule enabled while this runs starts at once.
 */
export async function startTriggers(options: TriggerOptions): Promise<Triggers> {
  const settings = {
    endpoint: options.endpoint,
    region: options.region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
  const clients: Clients = {
    events: new EventBridgeClient(settings),
    lambda: new LambdaClient(settings),
    sqs: new SQSClient({ ...settings, useQueueUrlAsEndpoint: false }),
  };
  const onError = options.onError ?? (() => undefined);
  const schedules = startSchedules(clients, options, onError);
  const pollers = new Map<string, () => Promise<void>>();
  const stopping = new AbortController();
  const stopped = () => stopping.signal.aborted;

  const refresh = async () => {
    await schedules.refresh();
    await refreshPollers(clients, options, pollers, onError);
  };
  await refresh();
  const loop = (async () => {
    while (!stopped()) {
      await new Promise((resolve) => setTimeout(resolve, REFRESH_MS));
      if (!stopped()) await refresh().catch(onError);
    }
  })();
  return {
    refresh,
    stop: async () => {
      stopping.abort();
      await loop;
      await Promise.all([...pollers.values()].map((stop) => stop()));
      for (const client of Object.values(clients) as { destroy(): void }[]) client.destroy();
    },
  };
}

function startSchedules(clients: Clients, options: TriggerOptions, onError: (error: unknown) => void) {
  const scale = options.scheduleScale ?? 1;
  const due = new Map<string, Date | undefined>();
  const running = new Set<string>();

  async function fire(rule: Rule): Promise<void> {
    const { Targets } = await clients.events.send(
      new ListTargetsByRuleCommand({ Rule: rule.Name, EventBusName: rule.EventBusName }),
    );
    for (const target of Targets ?? []) {
      const key = `${rule.Arn ?? ''} ${target.Id ?? ''}`;
      // On a shortened schedule ticks would pile up behind a run that is meant to last until the next one.
      if (scale < 1 && running.has(key)) continue;
      running.add(key);
      send(clients, options.host, target, target.Input ?? scheduledEvent(rule))
        .catch(onError)
        .finally(() => running.delete(key));
    }
  }

  return {
    async refresh() {
      const enabled = new Set<string>();
      for (const rule of await listRules(clients.events)) {
        if (rule.ScheduleExpression === undefined || rule.State !== 'ENABLED') continue;
        const arn = rule.Arn ?? '';
        enabled.add(arn);
        const schedule = parseSchedule(rule.ScheduleExpression, scale);
        const isRate = rule.ScheduleExpression.startsWith('rate');
        const next = due.has(arn) ? due.get(arn) : isRate ? new Date() : schedule(new Date());
        const isDue = next !== undefined && next.getTime() <= Date.now();
        due.set(arn, isDue ? schedule(new Date()) : next);
        if (isDue) await fire(rule);
      }
      for (const arn of due.keys()) if (!enabled.has(arn)) due.delete(arn);
    },
  };
}

async function listRules(events: EventBridgeClient): Promise<Rule[]> {
  const rules: Rule[] = [];
  let token: string | undefined;
  do {
    const page = await events.send(new ListRulesCommand({ ...(token && { NextToken: token }) }));
    rules.push(...(page.Rules ?? []));
    token = page.NextToken;
  } while (token);
  return rules;
}

async function send(
  { sqs }: Clients,
  host: Pick<LambdaHost, 'invoke'>,
  target: Target,
  input: string,
): Promise<void> {
  const arn = target.Arn ?? '';
  if (arn.includes(':lambda:')) {
    await host.invoke(arn, input, 'Event');
  } else if (arn.includes(':sqs:')) {
    const [account, name] = arn.split(':').slice(4);
    const QueueUrl = `https://sqs.invalid/${account ?? ''}/${name ?? ''}`;
    const MessageGroupId = target.SqsParameters?.MessageGroupId;
    await sqs.send(
      new SendMessageCommand({ QueueUrl, MessageBody: input, ...(MessageGroupId && { MessageGroupId }) }),
    );
  } else {
    throw new Error(`Local schedules reach functions and queues, not ${arn}`);
  }
}

function scheduledEvent(rule: Rule): string {
  const [, , , region, account] = (rule.Arn ?? '').split(':');
  return JSON.stringify({
    version: '0',
    id: randomUUID(),
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    account,
    time: new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
    region,
    resources: [rule.Arn],
    detail: {},
  });
}

async function refreshPollers(
  clients: Clients,
  options: TriggerOptions,
  pollers: Map<string, () => Promise<void>>,
  onError: (error: unknown) => void,
): Promise<void> {
  const wanted = new Map<string, EventSourceMappingConfiguration>();
  for await (const page of paginateListEventSourceMappings({ client: clients.lambda }, {})) {
    for (const mapping of page.EventSourceMappings ?? []) {
      if (mapping.State !== 'Enabled' || !mapping.EventSourceArn?.includes(':sqs:')) continue;
      wanted.set(keyOf(mapping), mapping);
    }
  }
  for (const [key, stop] of pollers) {
    if (wanted.has(key)) continue;
    pollers.delete(key);
    stop().catch(onError);
  }
  for (const [key, mapping] of wanted) {
    if (!pollers.has(key)) {
      pollers.set(key, startPoller({ sqs: clients.sqs, host: options.host, mapping, onError }));
    }
  }
}

/** A mapping with other settings is another poller. */
function keyOf(mapping: EventSourceMappingConfiguration): string {
  const { UUID, BatchSize, FunctionArn, FunctionResponseTypes, MaximumBatchingWindowInSeconds } = mapping;
  return JSON.stringify([
    UUID,
    BatchSize,
    FunctionArn,
    FunctionResponseTypes,
    MaximumBatchingWindowInSeconds,
  ]);
}
