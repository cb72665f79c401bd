import * as z from 'zod';

/** By whose name an export is known as ours. */
export const PRODUCT = 'selfheal';

/** What {@link ownExport} reads of a finding that `--format ocsf` wrote. */
const exportSchema = z.object({
  status_id: z.number().max(2),
  message: z.string().optional(),
  finding_info: z.object({ uid: z.string().min(1), modified_time_dt: z.iso.datetime() }),
  unmapped: z.object({
    selfheal: z.object({
      bot: z.string(),
      target: z.object({ account: z.string(), region: z.string(), type: z.string(), id: z.string() }),
      params: z.record(z.string(), z.unknown()).default({}),
    }),
  }),
});

/** Whether a finding is one that `--format ocsf` wrote. */
export function isOwnExport(finding: object): boolean {
  const { metadata } = finding as { metadata?: { product?: { name?: unknown } | null } | null };
  return 'finding_info' in finding && metadata?.product?.name === PRODUCT;
}

/** What such a finding asks for, in the generic form; `undefined`: nothing, as it is settled or exempt, or not as we write them. */
export function ownExport(finding: object): object | undefined {
  const parsed = exportSchema.safeParse(finding);
  if (!parsed.success) return undefined;
  const { finding_info: info, unmapped, message } = parsed.data;
  const { bot, target, params } = unmapped.selfheal;
  return {
    ...{ bot, target, params, id: info.uid, time: info.modified_time_dt },
    ...(message !== undefined && { title: message.slice(0, 1024) }),
  };
}
