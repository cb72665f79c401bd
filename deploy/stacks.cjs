// The plugin of serverless.yml; see stacks.ts.
const { compile } = require('./compile.cjs');

try {
  compile(module, 'stacks.ts');
} catch (error) {
  // config.ts, which is compiled with it, does not compile.
  module.exports = class {
    constructor(serverless) {
      const refuse = () => {
        throw new serverless.classes.Error(error.message, 'SELFHEAL_CONFIG');
      };
      this.hooks = { 'before:package:cleanup': refuse };
    }
  };
}
