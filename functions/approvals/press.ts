import * as z from 'zod';
import type { CatalogueEntry } from '../../shared/catalogue';
import type { Approver, Config } from '../../shared/config';
import type { Said } from '../../shared/worker/decide';
import type { Plan } from '../../shared/worker/plans';

/** A press of a button in Slack. */
export interface Press {
  readonly said: Said;
  /** Slack's id of who pressed. */
  readonly user: string;
  /** Where Slack takes a word on what came of it. */
  readonly responseUrl: string | undefined;
}

const VERDICTS = ['approve', 'reject', 'snooze', 'exempt'] as const;

// Source: Slack, Reference, block_actions payload.
const payloadSchema = z.object({
  type: z.literal('block_actions'),
  user: z.object({
    id: z.string().min(1).max(64),
    username: z.string().max(100).optional(),
    name: z.string().max(100).optional(),
  }),
  response_url: z.url().max(1000).optional(),
  actions: z
    .array(z.object({ action_id: z.string(), value: z.string().max(2000).optional() }))
    .min(1)
    .max(1),
});

const valueSchema = z.object({ id: z.string().min(3).max(128), digest: z.string().length(64) });

/** Reads the body that Slack posts to the function; `wrong`: it is no press of one of selfheal's buttons. */
export function readPress(body: string): Press | { readonly wrong: string } {
  const payload = payloadSchema.safeParse(json(new URLSearchParams(body).get('payload')));
  if (!payload.success) return { wrong: 'it is no press of a button' };
  const [action] = payload.data.actions;
  const verdict = VERDICTS.find((name) => name === action?.action_id.replace(/^selfheal_/, ''));
  const value = valueSchema.safeParse(json(action?.value ?? null));
  if (!verdict || !value.success) return { wrong: 'it is no button of selfheal' };
  const { user, response_url: responseUrl } = payload.data;
  const name = user.username ?? user.name;
  const by = name === undefined ? user.id : `${name} (${user.id})`;
  return { said: { ...value.data, verdict, by }, user: user.id, responseUrl };
}

const RISKS = ['safe', 'disruptive', 'destructive'] as const;

/** Why this person may not decide on the plan, by the approvers of config.ts; `undefined`: they may. */
export function refusalOf(
  user: string,
  { approvals }: Pick<Config, 'approvals'>,
  catalogue: readonly CatalogueEntry[],
): (plan: Plan) => string | undefined {
  return (plan) => {
    if (plan.mode !== 'approve')
      return 'config.ts has this repair only told (mode plan): use npx selfheal approve';
    const risk = catalogue.find(({ id }) => id === plan.bot)?.risk ?? 'destructive';
    const may = ({ users, bots, accounts, upTo = 'destructive' }: Approver) =>
      users.includes(user) &&
      (bots === undefined || (bots as readonly string[]).includes(plan.bot)) &&
      (accounts === undefined || accounts.includes(plan.target.account)) &&
      RISKS.indexOf(risk) <= RISKS.indexOf(upTo);
    if (approvals?.slack?.approvers.some(may)) return undefined;
    return `${user} may not decide on ${plan.bot} in account ${plan.target.account}: see approvals.slack.approvers in config.ts`;
  };
}

function json(text: string | null): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
