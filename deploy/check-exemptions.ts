import * as z from 'zod';
import { MOST_DAYS } from '../shared/config/exemptions';

const DAY_MS = 86_400_000;
/** Source: IAM API, tag keys. */
const KEY_LENGTH = 128;

/**
 * The schema of exemptions and of tags that exempt. A misspelt field would exempt more than was meant, a misspelt bot or
 * date less.
 */
export function exemptionsSchema(ids: readonly string[], now = Date.now()) {
  const exemption = z.strictObject({
    bot: z.enum(ids).optional(),
    account: z.string().optional(),
    region: z.string().optional(),
    resource: z.string().optional(),
    owner: z.string().min(1),
    reason: z.string().min(1),
    until: z.iso.date().optional(),
    approver: z.string().min(1).optional(),
  });
  const tag = z.strictObject({
    key: z.string().min(1).max(KEY_LENGTH),
    setBy: z.array(setter).min(1),
    bots: z.array(z.enum(ids)).min(1).optional(),
    maxDays: z.int().positive().max(MOST_DAYS).optional(),
  });
  return {
    exemptions: z
      .array(exemption)
      .superRefine((exemptions, context) => {
        for (const [index, one] of exemptions.entries()) {
          const days = one.until === undefined ? Infinity : (Date.parse(one.until) - now) / DAY_MS;
          if (one.approver !== undefined || !(days > MOST_DAYS)) continue;
          const length = days === Infinity ? 'has no end' : `ends in ${Math.ceil(days)} days`;
          context.addIssue({
            code: 'custom',
            path: [index],
            message: `${length}: name who approved that under approver, or give it an end within ${MOST_DAYS} days under until`,
          });
        }
      })
      .optional(),
    exemptionTags: z.array(tag).optional(),
  };
}

const setter = z
  .string()
  .regex(
    /^arn:[\w*-]+:iam::[\d*]+:(role|user)\/.+$/,
    'the ARN of an IAM role or user such as arn:aws:iam::111122223333:role/SecurityTeam',
  )
  .refine((arn) => !/^arn:[\w*-]+:iam::[^:]*:(role|user)\/\*+$/.test(arn), {
    error: 'names nobody in particular: whoever may set the tag would exempt himself',
  });
