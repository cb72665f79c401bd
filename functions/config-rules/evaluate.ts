import {
  type ConfigServiceClient,
  PutEvaluationsCommand,
  StartConfigRulesEvaluationCommand,
} from '@aws-sdk/client-config-service';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type * as z from 'zod';
import type { ClientMaker } from '../../shared/aws/clients';
import type { AnyBot } from '../../shared/bot/bot';
import type { Outcome } from '../../shared/bot/outcome';
import { looked } from '../../shared/bot/run';
import { type Config, settingsOf } from '../../shared/config';
import type { Environment } from '../../shared/worker/environment';
import { type Refused, admit } from '../../shared/worker/admission';
import { log } from '../../shared/worker/log';
import { type Remediation, previewOf } from '../../shared/worker/message';
import { enqueue } from '../../shared/worker/queue';
import { isSettings, settingsTarget } from '../../shared/resources/target';
import { clip } from '../../shared/text';
import { type Look, type Question, type RuleEvent, isTest } from './notification';

/** Source: AWS Config, Evaluation. */
const ANNOTATION_LENGTH = 256;

/** What the evaluator works with; tests give their own. */
export interface Evaluator {
  readonly config: Config;
  readonly environment: Environment;
  readonly awsConfig: ConfigServiceClient;
  readonly sqs: SQSClient;
  readonly clients: ClientMaker;
  /** Loads the bot of that id; `undefined`: there is none. */
  readonly load: (id: string) => Promise<AnyBot | undefined>;
}

/** What a rule answered. */
export type Compliance = 'COMPLIANT' | 'NON_COMPLIANT' | 'NOT_APPLICABLE';

/**
 * Answers one question of AWS Config: judges live state by the bot's own check, puts the evaluation, and only then asks
 * for the repair, so that an evaluation that AWS refuses does not repeat the repair.
 *
 * @throws Error when live state cannot be read: no evaluation is better than a wrong one.
 */
export async function evaluate(
  evaluator: Evaluator,
  { resultToken: token, configRuleName: rule }: RuleEvent,
  question: Question,
  when: When = 'now',
): Promise<Compliance> {
  const { target } = question;
  const verdict: Verdict = question.left
    ? { compliance: 'NOT_APPLICABLE' }
    : verdictIn(await judge(evaluator, question));
  await putEvaluation(evaluator.awsConfig, { rule, token }, question, verdict, when);
  if (verdict.remediation && !isTest(token)) {
    await enqueue(evaluator.sqs, evaluator.environment.queueUrl, [verdict.remediation]);
  }
  log('info', 'evaluated', { rule, target, compliance: verdict.compliance });
  return verdict.compliance;
}

/** What came of one look. */
export interface Verdict {
  readonly compliance: Compliance;
  readonly annotation?: string;
  readonly remediation?: Remediation;
}

/**
 * What a rule answers: where bots may not act, nothing applies.
 *
 * @throws Error when the bot is not there or not enabled: then the rule is of an older deployment.
 */
export function verdictIn(judged: Verdict | Refused): Verdict {
  if (!('refused' in judged)) return judged;
  if (judged.code !== 'NotAllowed') throw new Error(judged.refused);
  return { compliance: 'NOT_APPLICABLE', annotation: judged.refused };
}

/**
 * Judges live state by the bot's own check, where bots may act.
 *
 * @throws Error when it cannot be read.
 */
export async function judge(
  evaluator: Pick<Evaluator, 'config' | 'environment' | 'clients' | 'load'>,
  question: Look,
): Promise<Verdict | Refused> {
  const { config, environment: home } = evaluator;
  const bot = await evaluator.load(question.bot);
  if (!bot) return { code: 'NotEnabled', refused: `there is no bot ${question.bot}: deploy again` };
  // A rule that is asked by the clock is asked about the settings that its bot is for.
  const target = isSettings(question.target.type)
    ? settingsTarget(bot.resource, question.target.account, question.target.region)
    : question.target;
  const admission = admit({ config, home, bot, target });
  if ('refused' in admission) return admission;
  const params = (bot.params as z.ZodObject).parse({ ...settingsOf(config, bot.id)?.params });
  const outcome = await looked(bot, (place) => evaluator.clients(bot, place), { target, params });
  const exemption = 'exempt' in admission ? admission.exempt : undefined;
  return verdictOf(outcome, { ...question, target }, exemption);
}

function verdictOf(outcome: Outcome, { bot, target, seenAt }: Look, exemption: string | undefined): Verdict {
  switch (outcome.outcome) {
    case 'gone':
      return { compliance: 'NOT_APPLICABLE' };
    case 'compliant':
      return { compliance: 'COMPLIANT' };
    case 'planned':
    case 'held':
    case 'waiting': {
      const { violation = 'it is not as it should be' } = outcome;
      if (exemption !== undefined) {
        return { compliance: 'NON_COMPLIANT', annotation: `exempt (${exemption}): ${violation}` };
      }
      return {
        compliance: 'NON_COMPLIANT',
        annotation: violation,
        remediation: {
          version: 1,
          bot,
          target,
          params: {},
          finding: {
            source: 'config',
            id: `${bot}/${target.id}`,
            time: seenAt,
            title: clip(violation, ANNOTATION_LENGTH),
          },
          preview: previewOf(violation, outcome),
        },
      };
    }
    default:
      throw new Error(
        outcome.outcome === 'failed'
          ? `${bot} could not read ${target.type} ${target.id}: ${outcome.error.code}: ${outcome.error.message}`
          : `${bot} answered a dry run with ${outcome.outcome}`,
      );
  }
}

/** Whether the rule has just asked, or what it asked has waited to be tried again. */
export type When = 'now' | 'late';

/**
 * Tells AWS Config what came of a look.
 *
 * @throws Error when AWS Config does not take it.
 */
export async function putEvaluation(
  awsConfig: ConfigServiceClient,
  { rule, token }: { readonly rule: string; readonly token: string },
  { evaluated, seenAt }: Pick<Question, 'evaluated' | 'seenAt'>,
  { compliance, annotation }: Verdict,
  when: When,
): Promise<void> {
  try {
    const { FailedEvaluations = [] } = await awsConfig.send(
      new PutEvaluationsCommand({
        Evaluations: [
          {
            ComplianceResourceType: evaluated.type,
            ComplianceResourceId: evaluated.id,
            ComplianceType: compliance,
            OrderingTimestamp: new Date(seenAt),
            ...(annotation !== undefined && { Annotation: clip(annotation, ANNOTATION_LENGTH) }),
          },
        ],
        ResultToken: token,
        ...(isTest(token) && { TestMode: true }),
      }),
    );
    if (FailedEvaluations.length > 0) throw new Error(`AWS Config refused the evaluation of ${rule}`);
  } catch (error) {
    if (when === 'now' || !isNamed(error, 'InvalidResultTokenException')) throw error;
    await askAnew(awsConfig, rule);
  }
}

/** AWS does not say for how long a token holds: where it holds no longer, the rule is to be asked about all of it anew. */
async function askAnew(awsConfig: ConfigServiceClient, rule: string): Promise<void> {
  try {
    await awsConfig.send(new StartConfigRulesEvaluationCommand({ ConfigRuleNames: [rule] }));
  } catch (error) {
    // It is being asked already. Source: AWS Config API, StartConfigRulesEvaluation.
    if (!isNamed(error, 'LimitExceededException')) throw error;
  }
}

function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}
