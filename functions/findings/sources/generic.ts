import * as z from 'zod';
import { findBot, wrongParams } from '../../../shared/catalogue';
import { REGION } from '../../../shared/resources/target';
import { regionOf } from '../routing';
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
    const entry = findBot(catalogue, bot);
    if (!entry) return [{ unusable: `there is no bot ${JSON.stringify(bot)}: see npx selfheal bots` }];
    const wrong = wrongParams(entry, params, configured?.(entry.id));
    if (wrong !== undefined) return [{ unusable: wrong }];
    const said = target.region ?? (entry.resource === REGION ? target.id : region);
    const at = regionOf(entry, said, { region });
    if ('wrong' in at) return [{ unusable: at.wrong }];
    return [
      {
        remediation: {
          version: 1,
          bot: entry.id,
          target: {
            ...{ account: accountId, type: entry.resource, ...definedOnly(target) },
            ...{ id: target.id, region: at.region },
          },
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

function definedOnly<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}
