import { ONE_TAG, tagFault } from './lib/one-tag';
import { SERVICES, TAGGED, taggableId } from './lib/tags';
import { type TypeName, defineBot } from '../../../shared/bot/bot';

export const bot = defineBot({
  ...TAGGED,
  id: 'tag_resource',
  title: 'Give a table, a secret, a topic, a queue or a part of GuardDuty a tag',
  ...ONE_TAG,
  controls: { securityHub: ['DynamoDB.5', 'GuardDuty.2', 'GuardDuty.3', 'GuardDuty.4'] },
  docs: {
    why: 'What nobody can be asked about stays open longest.',
    effect: [
      'The DynamoDB table, secret, SNS topic, SQS queue, or detector, filter or IP set of GuardDuty gets the tag, or its tag of that key gets the new value; all other tags stay.',
      'Bills, backups and IAM policies that go by that tag act on it.',
      'For what is of EC2 or Lambda there are tag_ec2_resource and lambda_tag.',
      'Undo gives the tag the value it had, or takes it away.',
    ],
    references: ['https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html'],
  },

  async inspect(aws, { target, params: { key = '' } }): Promise<State> {
    const id = await taggableId(aws, target);
    const value = await SERVICES[target.type as TypeName]?.read(aws, id, key);
    return { id, ...(value !== undefined && { value }) };
  },

  check: ({ value }, { params }) => tagFault('resource', value, params),

  plan({ id }, { target, params: { key, value } }) {
    const service = SERVICES[target.type as TypeName];
    if (key === undefined || !service) return { held: 'name the tag: AUTO: tag_resource <key> <value>' };
    return [service.tag(id, key, value)];
  },

  undo({ id, value }, { target, params: { key = '' }, now }) {
    const service = SERVICES[target.type as TypeName];
    if (value === now.value || !service) return [];
    return [value === undefined ? service.untag(id, key) : service.tag(id, key, value)];
  },
});

interface State {
  /** As the tagging API of the service takes it. */
  readonly id: string;
  readonly value?: string;
}
