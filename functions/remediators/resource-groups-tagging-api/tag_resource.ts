import { ONE_TAG, tagFault } from './lib/one-tag';
import { SERVICES, TAGGED, taggableId } from './lib/tags';
import { type TypeName, defineBot } from '../../../shared/bot/bot';

export const bot = defineBot({
  ...TAGGED,
  id: 'tag_resource',
  title: 'Give a table, a secret, a topic, a queue or a part of GuardDuty a tag',
  ...ONE_TAG,

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
