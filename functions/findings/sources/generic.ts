import * as z from 'zod';
import { findBot, wrongParams } from '../../../shared/catalogue';
import { resourceOf } from '../../../shared/resources/arn';
import { canonical } from '../../../shared/resources/canonical';
import { partitionOf } from '../../../shared/resources/target';
import { typesOf } from '../../../shared/bot/bot';
import { misshapen } from '../shapes';
import type { Reading, Source } from '../source';

/** The form for people's own tools: `{ "bot": "…", "target": { "id": "…" }, "params": { … } }`. */
export const genericSchema = z.object({
  bot: z.string().min(1).max(64).describe('the bot to run, see npx selfheal bots'),
  target: z
    .object({
      id: z.string().min(1).max(2048).describe("the id that the resource's own API takes"),
      account: z
        .string()
        .regex(/^\d{12}$/)
        .optional()
        .describe('default: the account of the installation'),
      region: z.string().min(1).optional().describe('default: the region of the installation'),
      type: z.string().optional().describe('the CloudFormation type; default: the one the bot acts on'),
    })
    .describe('the resource'),
  params: z.record(z.string(), z.unknown()).default({}).describe("the bot's parameters"),
  id: z.string().min(1).max(1024).optional().describe("the finding's own id, to tell repetitions"),
  time: z.iso.datetime({ offset: true }).optional().describe('when the fault was seen'),
  title: z.string().max(1024).optional().describe('one line for people'),
});

export const generic: Source = {
  name: 'generic',

  accepts: (message) => 'bot' in message && 'target' in message,

  read(message, { catalogue, accountId, region, configured, sentAt, messageId }): Reading[] {
    const parsed = genericSchema.safeParse(message);
    if (!parsed.success) return misshapen('a finding of the generic form', parsed.error);
    const { bot, target, params, id, time, title } = parsed.data;
    const type = target.type ?? resourceOf(target.id)?.type;
    const entry = findBot(catalogue, bot, ...(type === undefined ? [] : [type]));
    if (!entry) return [{ unusable: `there is no bot ${JSON.stringify(bot)}: see npx selfheal bots` }];
    const wrong = wrongParams(entry, params, configured?.(entry.id));
    if (wrong !== undefined) return [{ unusable: wrong }];
    const named = canonical(
      {
        type: target.type ?? (type !== undefined && typesOf(entry).includes(type) ? type : entry.resource),
        id: target.id,
        account: target.account,
        region: target.region,
        around: { account: accountId, region: target.region ?? region },
      },
      partitionOf(region),
    );
    if ('wrong' in named) return [{ unusable: named.wrong }];
    return [
      {
        remediation: {
          version: 1,
          bot: entry.id,
          target: named.target,
          params,
          finding: {
            source: 'generic',
            id: id ?? messageId,
            time: time ?? sentAt,
            ...(title !== undefined && { title }),
          },
        },
      },
    ];
  },
};
