import { testSetting } from '../../../testing/setting';
import { distributionWith, distributionsBut, s3Origin, webOrigin } from './fixtures/distributions';
import { bot } from './cloudfront_set_default_root_object';

const violation = 'the distribution has no default root object';
const writes = ['cloudfront:UpdateDistribution'];

testSetting(bot, {
  wrong: '',
  right: 'index.html',
  given: (account, DefaultRootObject) =>
    distributionWith(account, [s3Origin('site'), webOrigin()], { DefaultRootObject }),
  violation,
  writes,
  untouched: (account, id) => distributionsBut(account, id, ({ DefaultRootObject: _, ...rest }) => rest),
  gone: 'EDFDVBD6EXAMPLE',
  more: {
    violating: [
      {
        name: 'its root is that of an application',
        given: (account) => distributionWith(account, [webOrigin(), s3Origin('site')]),
        ...{ violation, writes: [], held: /not read from an S3 bucket/ },
      },
    ],
    compliant: [
      {
        name: 'another object',
        given: (account) => distributionWith(account, [s3Origin('site')], { DefaultRootObject: 'home.html' }),
      },
    ],
  },
});
