import { testSetting } from '../../../testing/setting';
import { NO_STAGE, stageWith, stagesBut } from './fixtures/stage';
import { bot } from './apigateway_enable_xray';

testSetting(bot, {
  wrong: false,
  right: true,
  given: (account, on) =>
    stageWith(account, { '/tracingEnabled': String(on), '/*/*/metrics/enabled': 'true' }),
  violation: 'requests to the stage are not traced',
  writes: ['apigateway:PATCH'],
  untouched: (account, id) =>
    stagesBut(account, id, ({ $metadata: _, tracingEnabled: _own, ...rest }) => rest),
  gone: NO_STAGE,
});
