import { STAGE, patchStage, readStage } from './lib/stage';
import { defineSetting } from '../../../shared/bot/setting';

export const bot = defineSetting({
  id: 'apigateway_enable_xray',
  title: 'Trace the requests to a stage in API Gateway with X-Ray',
  severity: 'low',
  risk: 'safe',
  permissions: { read: ['apigateway:GET'], write: ['apigateway:PATCH'] },
  controls: {
    securityHub: ['APIGateway.3'],
    config: ['API_GW_XRAY_ENABLED'],
    prowler: ['apigateway_restapi_tracing_enabled'],
  },
  docs: {
    why: 'Without traces nobody can follow what a request did behind the API, nor where an attack went.',
    effect: [
      'API Gateway samples requests and sends their traces to X-Ray, which costs money.',
      'Undo turns it off again.',
    ],
    references: ['https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-xray.html'],
  },
  ...STAGE,

  async inspect({ apigateway }, { target: { id } }) {
    const { tracingEnabled = false } = await readStage(apigateway, id);
    return { is: tracingEnabled };
  },
  want: true,
  says: 'requests to the stage are not traced: turn X-Ray tracing on',
  write: (on, { target: { id } }) => ({ apigateway: patchStage(id, { '/tracingEnabled': String(on) }) }),
});
