import { testSetting } from '../../../testing/setting';
import { projectWith, projectsBut } from './fixtures/project';
import { bot } from './codebuild_disable_privileged_mode';

testSetting(bot, {
  wrong: true,
  right: false,
  given: projectWith,
  violation: 'its builds run in privileged mode',
  writes: ['codebuild:UpdateProject'],
  untouched: (account, id) =>
    projectsBut(account, id, ({ environment, ...project }) => {
      const { privilegedMode: _, ...rest } = environment ?? {};
      return { ...project, environment: rest };
    }),
  gone: 'no-such-project',
});
