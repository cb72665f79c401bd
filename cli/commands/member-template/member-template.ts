import { Problem } from '../../terminal/errors';
import { EXIT } from '../../terminal/exit-codes';
import { jsonText } from '../../terminal/print';
import type { Result, Session } from '../../session';

/** CloudFormation takes longer templates from S3 only. Source: CloudFormation quotas, template body size in a request. */
const REQUEST_LENGTH = 51_200;

/** Options of `selfheal member-template`. */
export interface MemberTemplateOptions {
  readonly account?: string;
  readonly terraform?: boolean;
}

/** `selfheal member-template`: what member accounts hold, for CloudFormation or Terraform. Asks AWS nothing. */
export async function memberTemplateOf(
  session: Session,
  { account, terraform }: MemberTemplateOptions,
): Promise<Result> {
  const config = await session.localConfig();
  const { accounts } = config;
  if (accounts?.mode !== 'multi') {
    throw new Problem(
      "config.ts names no member accounts: write accounts: { mode: 'multi', externalId: '…', accounts: ['…'] } there, and deploy",
    );
  }
  const { memberTemplate } = await import('../../../deploy/member-template');
  const { stage, region } = session.options;
  const home = { stage, account, region };
  const template = await memberTemplate({ ...config, accounts }, await session.catalogue(), home);
  const document = terraform
    ? (await import('../../../deploy/member-terraform')).memberTerraform(template, stage)
    : template;
  const easy = jsonText(document, 2);
  session.say(easy.length <= REQUEST_LENGTH ? easy : jsonText(document));
  return { exit: EXIT.fine, document };
}
