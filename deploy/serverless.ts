/** What serverless.yml reads through serverless.cjs: the parts of the template that follow from config.ts. */
import config from '#config';
import { settingsOf, topicsOf } from '../shared/config';
import { bots } from '../functions/remediators';
import { catalogue } from '../functions/remediators/catalogue';
import { VISIBILITY_SECONDS } from '../shared/worker/message';
import { loadBot } from '../shared/worker/load';
import { configMetadata } from './config-metadata';
import { stackOf } from './stack';

const stack = stackOf(config, catalogue, (id) => loadBot(bots, id));

/** Why config.ts cannot be deployed. The plugin in stacks.ts says it, in one sentence; see serverless.cjs. */
export const refusal: Promise<unknown> = stack.then(
  () => undefined,
  (error: unknown) => error,
);
export const functions = stack.then(
  (made) => made.functions,
  () => ({}),
);
export const resources = stack.then(
  (made) => ({ ...made.resources, Metadata: configMetadata(config) }),
  () => ({}),
);
export const findingsTopics = [{ Ref: 'FindingsTopic' }, ...topicsOf(config).map(({ arn }) => arn)];
/** What AWS Config rules and looks judge by: their function carries no other bot. */
export const judges: readonly string[] = catalogue
  .filter(({ id, kind }) => kind === 'posture' && settingsOf(config, id) !== undefined)
  .map(({ id }) => id);
export const visibilitySeconds = VISIBILITY_SECONDS;
export const autoResponse = config.enable_auto_response;
