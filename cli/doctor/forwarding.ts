import {
  DescribeRuleCommand,
  EventBridgeClient,
  ListRuleNamesByTargetCommand,
} from '@aws-sdk/client-eventbridge';
import { sources } from '../../functions/findings/sources';
import { isSettings, partitionOf } from '../../shared/target';
import { namesOf } from '../installation';
import { ruledBots } from './aws-config';
import { type Patient, type Site, type Verdict, green, red, unknown } from './check';

/** What rules of a member account must send on, as EventBridge names who speaks: `aws.config`. */
function forwardedSources(patient: Patient): string[] {
  const changes = ruledBots(patient).some(({ resource }) => !isSettings(resource));
  const wanted = patient.config.findings?.events ?? [];
  const findings = sources.flatMap(({ name, eventPattern }) =>
    wanted.some((source) => source === name) ? (eventPattern?.source ?? []).map(named) : [],
  );
  return [...new Set([...(changes ? ['aws.config'] : []), ...findings])].sort();
}

/**
 * Whether enabled rules of the member account send what is needed to the bus at home, whatever they are called.
 * Source: EventBridge, ListRuleNamesByTarget and DescribeRule.
 */
export async function forwarding(patient: Patient, site: Site, mend: string): Promise<Verdict> {
  const wanted = forwardedSources(patient);
  if (wanted.length === 0) return green('no enabled bot and no source needs events');
  const { account, region } = patient.home;
  const bus = `arn:${partitionOf(region)}:events:${region}:${account}:event-bus/${namesOf(patient.stage).eventBus}`;
  const events = site.client(EventBridgeClient);
  const rules = await Promise.all(
    (await rulesTo(events, bus)).map((Name) => events.send(new DescribeRuleCommand({ Name }))),
  );
  if (rules.length === 0) return red(`no rule in ${site.region} forwards events to ${bus}`, mend);
  const said = rules
    .filter(({ State }) => State?.startsWith('ENABLED'))
    .map(({ EventPattern }) => sourcesOf(EventPattern));
  const missing = wanted.filter(
    (source) => !said.some((names) => names !== 'unclear' && names.includes(source)),
  );
  if (missing.length === 0) return green(`${wanted.join(', ')} of ${site.region} reaches the bus at home`);
  const disabled = rules.filter(({ State }) => State === 'DISABLED').map(({ Name = '' }) => Name);
  const what = `no enabled rule in ${site.region} forwards ${missing.join(', ')}`;
  if (said.includes('unclear')) return unknown(`${what} in so many words`, mend);
  return red(disabled.length > 0 ? `${what}; disabled: ${disabled.join(', ')}` : what, mend);
}

async function rulesTo(events: EventBridgeClient, TargetArn: string): Promise<string[]> {
  const names: string[] = [];
  for (let NextToken: string | undefined; ;) {
    const page = await events.send(
      new ListRuleNamesByTargetCommand({ TargetArn, ...(NextToken && { NextToken }) }),
    );
    names.push(...(page.RuleNames ?? []));
    NextToken = page.NextToken;
    if (!NextToken) return names;
  }
}

/** The names that a pattern lists under `source`; patterns that say it in another way are not judged. */
function sourcesOf(pattern: string | undefined): readonly string[] | 'unclear' {
  const { source } = JSON.parse(pattern ?? '{}') as { source?: unknown };
  return Array.isArray(source) ? source.map(named) : 'unclear';
}

/** A name, or a matcher of EventBridge's in so many words. */
function named(source: unknown): string {
  return typeof source === 'string' ? source : JSON.stringify(source);
}
