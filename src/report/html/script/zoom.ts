/** The size of a drawing in its viewport. */
export interface Zoom {
  /** Changes the size by a factor; the middle stays where it is. */
  readonly by: (factor: number) => void;
  /** Shows the whole width, unless texts became too small to read. Then a proven recursion is shown, or the begin. */
  readonly fit: () => void;
  /** Shows the drawing in its own size. */
  readonly reset: () => void;
  /** Gives a new drawing the size of the last one. */
  readonly update: () => void;
}

const [smallest, largest] = [0.1, 4];

/** Below this scale texts cannot be read. */
const readable = 0.72;

/** Returns the zoom of a viewport, which scrolls. */
export function zoomOf(viewport: HTMLElement): Zoom {
  let scale = 1;

  function size(): { readonly width: number; readonly height: number } {
    const { width = 0, height = 0 } = viewport.querySelector('svg')?.viewBox.baseVal ?? {};
    return { width, height };
  }

  function update(): void {
    const svg = viewport.querySelector('svg');
    svg?.setAttribute('width', String(size().width * scale));
    svg?.setAttribute('height', String(size().height * scale));
  }

  function set(next: number): void {
    const before = scale;
    scale = Math.min(largest, Math.max(smallest, next));
    const middle = { x: viewport.scrollLeft + viewport.clientWidth / 2, y: viewport.scrollTop + viewport.clientHeight / 2 };
    update();
    viewport.scrollTo(middle.x * (scale / before) - viewport.clientWidth / 2, middle.y * (scale / before) - viewport.clientHeight / 2);
  }

  return {
    by: (factor) => set(scale * factor),
    fit: () => {
      const { width } = size();
      set(Math.min(1, Math.max(readable, (viewport.clientWidth - 4) / width)));
      const hop = viewport.querySelector<SVGRectElement>('.hop.proven rect');
      const [x, y] = hop ? [hop.x.baseVal.value * scale, hop.y.baseVal.value * scale] : [0, 0];
      viewport.scrollTo(x - viewport.clientWidth / 2, y - viewport.clientHeight / 2);
    },
    reset: () => set(1),
    update,
  };
}

/** Lets readers move a drawing with the mouse, and zoom with the wheel and with keys. Touch screens scroll by themselves. */
export function addPanning(viewport: HTMLElement, zoom: Zoom): void {
  let last: { readonly x: number; readonly y: number } | undefined;
  viewport.addEventListener('pointerdown', (event) => {
    if (event.pointerType !== 'mouse' || event.button !== 0) return;
    last = { x: event.clientX, y: event.clientY };
  });
  window.addEventListener('pointermove', (event) => {
    if (!last) return;
    viewport.classList.add('panning');
    viewport.scrollBy(last.x - event.clientX, last.y - event.clientY);
    last = { x: event.clientX, y: event.clientY };
  });
  window.addEventListener('pointerup', () => {
    last = undefined;
    viewport.classList.remove('panning');
  });
  viewport.addEventListener('dragstart', (event) => event.preventDefault());
  viewport.addEventListener(
    'wheel',
    (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      zoom.by(event.deltaY < 0 ? 1.1 : 1 / 1.1);
    },
    { passive: false },
  );
  viewport.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === '+' || event.key === '=') zoom.by(1.25);
    else if (event.key === '-') zoom.by(1 / 1.25);
    else if (event.key === '0') zoom.fit();
  });
}
