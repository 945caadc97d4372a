import { errorRemedies } from '../src/rule/error-remedy.js';
import { defineRule } from '../src/rule/rule.js';

/** At most this many texts are named. */
const maxTexts = 3;

export default defineRule({
  name: 'no-error-text-matching',
  description: 'Disallow telling errors of ClickHouse apart by their texts.',
  preset: 'recommended',
  messages: {
    matched:
      'This branch depends on the text of an error of {{source}}{{texts}}. The text differs among versions of the server and of the client, and contains parts of the statement. Ask {{remedy}}.',
    helped:
      'This branch depends on the text of an error of {{source}}{{texts}}, and `{{name}}` of "{{file}}" is where this code base tells such errors apart. Call it here, and keep each text that is compared in that module.',
  },

  *check({ model, pathOf }) {
    for (const { span, call, texts, failures, helper } of model.errorTextMatches()) {
      const data = { source: call === undefined ? 'ClickHouse' : `\`${call}\``, texts: listOf(texts) };
      if (helper) yield { span, messageId: 'helped', data: { ...data, name: helper.name, file: pathOf(helper.file) } };
      else yield { span, messageId: 'matched', data: { ...data, remedy: errorRemedies(failures, model.usesRuntime()) } };
    }
  },
});

const maxLength = 60;

function shortened(text: string): string {
  return text.length <= maxLength ? text : `${text.slice(0, maxLength - 1)}…`;
}

/** Returns `: "a", "b"` for a message. */
function listOf(texts: readonly string[]): string {
  if (texts.length === 0) return '';
  const named = texts.slice(0, maxTexts).map((text) => `"${shortened(text.replace(/\s+/g, ' '))}"`);
  return `: ${named.join(', ')}${texts.length > maxTexts ? ` and ${texts.length - maxTexts} more` : ''}`;
}
