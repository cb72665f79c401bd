import {
  DescribeRuleCommand,
  EventBridgeClient,
  ListRuleNamesByTargetCommand,
} from '@aws-sdk/client-eventbridge';
import { findingsPatterns } from '../../deploy/events';
import { busName, changesPattern } from '../../deploy/members';
import { partitionOf } from '../../shared/resources/target';
import { type Patient, type Site, type Verdict, green, red, unknown } from './check';
import { some } from '../../shared/text';

/**
 * Whether enabled rules of the member account send all that config.ts asks for to the bus at home, whatever they are
 * called. Source: EventBridge, ListRuleNamesByTarget and DescribeRule.
 */
export async function forwarding(patient: Patient, site: Site, mend: string): Promise<Verdict> {
  const wanted = wantedPatterns(patient);
  if (wanted.length === 0) return green('no enabled bot and no source needs events');
  const { account, region } = patient.home;
  const bus = `arn:${partitionOf(region)}:events:${region}:${account}:event-bus/${busName(patient.stage)}`;
  const events = site.client(EventBridgeClient);
  const rules = await Promise.all(
    (await rulesTo(events, bus)).map((Name) => events.send(new DescribeRuleCommand({ Name }))),
  );
  if (rules.length === 0) return red(`no rule in ${site.region} forwards events to ${bus}`, mend);
  const sent = rules
    .filter(({ State }) => State?.startsWith('ENABLED'))
    .map(({ EventPattern }) => JSON.parse(EventPattern ?? '{}') as unknown);
  const verdicts = wanted.map(({ what, pattern }) => ({
    what,
    coverages: sent.map((live) => coverage(live, pattern)),
  }));
  const missing = verdicts.filter(({ coverages }) => !coverages.includes('all'));
  if (missing.length === 0) {
    return green(`${some(wanted.map(({ what }) => what))} of ${site.region} reaches the bus at home`);
  }
  const disabled = rules.filter(({ State }) => State === 'DISABLED').map(({ Name = '' }) => Name);
  const says = `no enabled rule in ${site.region} forwards ${some(missing.map(({ what }) => what))} as config.ts asks`;
  if (missing.every(({ coverages }) => coverages.includes('unclear'))) {
    return unknown(`${says}, in words that are judged here`, mend);
  }
  return red(disabled.length > 0 ? `${says}; disabled: ${disabled.join(', ')}` : says, mend);
}

/** The patterns of the template for members. */
function wantedPatterns({
  config,
  catalogue,
}: Patient): { readonly what: string; readonly pattern: unknown }[] {
  const changes = changesPattern(config, catalogue);
  return [
    ...(changes ? [{ what: 'changes', pattern: changes }] : []),
    ...Object.entries(findingsPatterns(config)).map(([name, pattern]) => ({
      what: `findings of ${name}`,
      pattern,
    })),
  ];
}

type Coverage = 'all' | 'not all' | 'unclear';

/**
 * Whether a live pattern accepts every event that a wanted one accepts. A field that the live one leaves out accepts
 * everything, and so does a list that holds all that is wanted. Matchers (`prefix` and the like) are judged only where
 * the wanted pattern has the same. Source: EventBridge User Guide, event patterns.
 */
function coverage(live: unknown, wanted: unknown): Coverage {
  if (Array.isArray(live)) {
    const given = live.map((one) => JSON.stringify(one));
    if (!Array.isArray(wanted)) return 'not all';
    const lacks = wanted.filter((one) => !given.includes(JSON.stringify(one)));
    if (lacks.length === 0) return 'all';
    return live.some((one) => typeof one === 'object') ? 'unclear' : 'not all';
  }
  const fields = Object.entries(live as object).map(([name, value]) => {
    const asked = (wanted as Readonly<Record<string, unknown>> | undefined)?.[name];
    if (name === '$or') return alternatives(value as unknown[], asked);
    return asked === undefined ? 'not all' : coverage(value, asked);
  });
  return fields.find((field) => field === 'not all') ?? fields.find((field) => field === 'unclear') ?? 'all';
}

/** Each wanted alternative within one of the live ones. */
function alternatives(live: readonly unknown[], wanted: unknown): Coverage {
  if (!Array.isArray(wanted)) return 'unclear';
  const each = wanted.map((one) => live.map((other) => coverage(other, one)));
  if (each.every((found) => found.includes('all'))) return 'all';
  return each.every((found) => found.includes('all') || found.includes('unclear')) ? 'unclear' : 'not all';
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
