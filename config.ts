import { defineConfig } from './shared/config';

export default defineConfig({
  enable_auto_response: false,
  bots: { kms_enable_rotation: { enabled: true } },
});
