// What serverless.yml reads; see serverless.ts. A config.ts that cannot be deployed is told by the plugin in
// stacks.ts: an error while serverless.yml is read would come with serverless's own stack trace.
const { compile } = require('./compile.cjs');

try {
  compile(module, 'serverless.ts');
} catch (error) {
  module.exports = {
    functions: {},
    resources: {},
    findingsTopics: [],
    looks: { events: [], environment: {} },
    judges: [],
    visibilitySeconds: 0,
    autoResponse: false,
    refusal: error,
  };
}
