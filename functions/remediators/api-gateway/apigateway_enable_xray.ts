import { STAGE, patchStage, readStage } from './lib/stage';
import { defineSetting } from '../../../shared/bot/setting';

export const bot = defineSetting({
  id: 'apigateway_enable_xray',
  title: 'Trace the requests to a stage in API Gateway with X-Ray',
  severity: 'low',
  risk: 'safe',
  permissions: { read: ['apigateway:GET'], write: ['apigateway:PATCH'] },
  ...STAGE,

  async inspect({ apigateway }, { target: { id } }) {
    const { tracingEnabled = false } = await readStage(apigateway, id);
    return { is: tracingEnabled };
  },
  want: true,
  says: 'requests to the stage are not traced: turn X-Ray tracing on',
  write: (on, { target: { id } }) => ({ apigateway: patchStage(id, { '/tracingEnabled': String(on) }) }),
});
