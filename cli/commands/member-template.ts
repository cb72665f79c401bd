import { Problem } from '../errors';
import { EXIT } from '../exit-codes';
import { jsonText } from '../print';
import type { Result, Session } from '../session';

/** Options of `selfheal member-template`. */
export interface MemberTemplateOptions {
  readonly account?: string;
}

/** `selfheal member-template`: what member accounts hold, for CloudFormation. Asks AWS nothing. */
export async function memberTemplateOf(
  session: Session,
  { account }: MemberTemplateOptions,
): Promise<Result> {
  const config = await session.config();
  const { accounts } = config;
  if (accounts?.mode !== 'multi') {
    throw new Problem(
      "config.ts names no member accounts: write accounts: { mode: 'multi', externalId: '…', accounts: ['…'] } there, and deploy",
    );
  }
  const { memberTemplate } = await import('../../deploy/member-template');
  const { stage, region } = session.options;
  const home = { stage, account, region };
  const document = await memberTemplate({ ...config, accounts }, await session.catalogue(), home);
  session.say(jsonText(document, 2));
  return { exit: EXIT.fine, document };
}
