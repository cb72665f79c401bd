import { readFile } from 'node:fs/promises';
import * as yaml from 'yaml';
import * as z from 'zod';
import type { Controls } from './bot/bot';

/**
 * What people should know of a bot, and the controls that it answers: `<id>.md` beside its code. No function in Lambda
 * reads it; the controls reach them through the generated catalogue.
 */
export interface BotPage {
  readonly controls: Controls;
  /** What can happen while the fault stands. */
  readonly why: string;
  /** What changes, what stays, what may stop working, when it waits or holds, and what undo does: a sentence each. */
  readonly effect: readonly string[];
  /** Addresses of AWS's own pages. */
  readonly references: readonly string[];
}

const ids = z.array(z.string()).readonly().exactOptional();
const controlsSchema = z.strictObject({
  securityHub: ids,
  cis: z
    .partialRecord(z.enum(['3.0', '5.0', '6.0', '7.0']), z.array(z.string()).readonly())
    .readonly()
    .exactOptional(),
  conformity: ids,
  config: ids,
  prowler: ids,
  partly: z.record(z.string(), z.string()).readonly().exactOptional(),
});

/**
 * Reads the page of a bot: controls in front, then a paragraph that says why, a list of what follows, and links.
 *
 * @param service - The path of the bot's folder: functions/remediators and the service's name.
 * @throws Error that names the file, where there is none or it has another shape.
 */
export async function readBotPage(service: string, id: string): Promise<BotPage> {
  const path = `${service}/${id}.md`;
  try {
    return parseBotPage(await readFile(path, 'utf8'));
  } catch (error) {
    throw new Error(`${path}: ${(error as Error).message}`, { cause: error });
  }
}

/** {@link readBotPage} of its text. */
export function parseBotPage(text: string): BotPage {
  const [, front = '', body = text] = /^---\n(.*?)^---\n(.*)$/ms.exec(text) ?? [];
  const controls = controlsSchema.safeParse(yaml.parse(front) ?? {});
  if (!controls.success) throw new Error(z.prettifyError(controls.error));
  const blocks = body.trim().split(/\n\s*\n/);
  const items = (mark: RegExp) =>
    blocks
      .flatMap((block) => (mark.test(block) ? block.split(/\n(?=- |<)/) : []))
      .map((item) => item.replace(/\s*\n\s*/g, ' '));
  const [why = ''] = blocks.filter((block) => !/^(- |<)/.test(block));
  return {
    controls: controls.data,
    why: why.replace(/\s*\n\s*/g, ' '),
    effect: items(/^- /).map((item) => item.slice('- '.length)),
    references: items(/^</).map((link) => link.slice(1, -1)),
  };
}
