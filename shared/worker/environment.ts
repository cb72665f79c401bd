/** Names of one installation, as the template gives them to its functions. */
export interface Environment {
  readonly accountId: string;
  readonly region: string;
  readonly stage: string;
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
  readonly eventsTopicArn: string;
  readonly journalTable: string;
  /** What the names of the bots' functions begin with: `selfheal-prod-bot-`. */
  readonly functionPrefix: string;
}

/**
 * Reads the environment of a function.
 *
 * @throws Error naming the variable that is missing.
 */
export function readEnvironment(env: NodeJS.ProcessEnv = process.env): Environment {
  const read = (name: string) => readVariable(name, env);
  return {
    accountId: read('SELFHEAL_ACCOUNT_ID'),
    region: read('AWS_REGION'),
    stage: read('SELFHEAL_STAGE'),
    queueUrl: read('SELFHEAL_QUEUE_URL'),
    deadLetterQueueUrl: read('SELFHEAL_DEAD_LETTER_QUEUE_URL'),
    eventsTopicArn: read('SELFHEAL_EVENTS_TOPIC_ARN'),
    journalTable: read('SELFHEAL_JOURNAL_TABLE'),
    functionPrefix: read('SELFHEAL_FUNCTION_PREFIX'),
  };
}

/**
 * Reads a variable of the environment.
 *
 * @throws Error naming the variable that is missing.
 */
export function readVariable(name: string, env: NodeJS.ProcessEnv = process.env): string {
  const value = env[name];
  if (!value) throw new Error(`the environment variable ${name} is missing: deploy again`);
  return value;
}
