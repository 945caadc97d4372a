import { useData, withBase } from 'vitepress';
import { defineComponent, h, onMounted, ref, useId, watch } from 'vue';

/** Draws a Mermaid diagram in the browser, in the colours of the theme. Without JavaScript, its text is shown. */
export const MermaidDiagram = defineComponent({
  props: {
    /** The text of the diagram, URI-encoded. */
    code: { type: String, required: true },
  },
  setup(props) {
    const { isDark } = useData();
    const text = decodeURIComponent(props.code);
    const id = `diagram-${useId()}`;
    const svg = ref<string>();
    onMounted(() => {
      watch(isDark, async (dark) => (svg.value = await draw(id, text, dark)), { immediate: true });
    });
    return () =>
      svg.value === undefined
        ? h('pre', { tabindex: 0 }, text)
        : h('div', { class: 'diagram', role: 'img', 'aria-label': 'Diagram of the folders', tabindex: 0, innerHTML: svg.value });
  },
});

async function draw(id: string, text: string, dark: boolean): Promise<string> {
  // Mermaid's own bundle is a file of the site: to bundle it again would take longer than all pages.
  const url = withBase('/mermaid/mermaid.esm.min.mjs');
  const { default: mermaid } = (await import(/* @vite-ignore */ url)) as typeof import('mermaid');
  mermaid.initialize({ startOnLoad: false, theme: dark ? 'dark' : 'neutral', fontFamily: 'inherit', flowchart: { useMaxWidth: false } });
  const { svg } = await mermaid.render(id, text);
  return svg;
}
