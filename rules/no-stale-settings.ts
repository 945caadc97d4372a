import { defineRule } from '../src/rule/rule.js';

export default defineRule({
  name: 'no-stale-settings',
  description: 'Disallow settings that match nothing.',
  preset: 'recommended',
  subject: 'stale-settings',
  warnsIn: ['recommended'],
  // The text is that of the stale setting, in the message that all rules share: see `defineRule`.
  messages: {},
  check: () => [],
});
