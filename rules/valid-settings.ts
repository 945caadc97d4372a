import { defineRule } from '../src/rule/rule.js';

export default defineRule({
  name: 'valid-settings',
  description: 'Require settings that clickhouse-ssot can read.',
  preset: 'recommended',
  subject: 'invalid-settings',
  // The text is that of the settings' validation, which all rules share: see `defineRule`.
  messages: {},
  check: () => [],
});
