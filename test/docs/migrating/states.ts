import { read } from '../../../scripts/generated.js';

/** A state of the small service of one section: its files by path. */
export interface ServiceState {
  /** Title of the section and of the step, or `before`. */
  readonly section: string;
  readonly step: string;
  readonly files: ReadonlyMap<string, string>;
}

/** Returns the states of all services of the page. The blocks of a step replace the files of the state before, and `git rm` removes one. */
export function statesOf(page: string): ServiceState[] {
  const sections = read(page).split(/^## /m).slice(1);
  return sections.flatMap((text) => {
    const [section = ''] = text.split('\n');
    const [beforeText = '', ...steps] = text.split(/^### /m);
    const before = filesIn(beforeText, 'before');
    if (before.size === 0) return [];
    const states: ServiceState[] = [{ section, step: 'before', files: before }];
    for (const stepText of steps) {
      const [step = ''] = stepText.split('\n');
      const changed = filesIn(stepText, 'after');
      const files = new Map([...(states.at(-1)?.files ?? []), ...changed]);
      for (const [, removed = ''] of stepText.matchAll(/^git rm (\S+)$/gm)) files.delete(removed);
      if (changed.size > 0) states.push({ section, step, files });
    }
    return states;
  });
}

function filesIn(text: string, tag: 'before' | 'after'): Map<string, string> {
  const blocks = text.matchAll(new RegExp(`^\`\`\`ts ${tag}\\n// (\\S+)\\n(.*?)^\`\`\``, 'gms'));
  return new Map([...blocks].map(([, path = '', code = '']) => [path, code]));
}
