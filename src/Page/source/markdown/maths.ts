// KaTeX is loaded when the first formula appears.
import type katex from 'katex';

declare const MATHS_STYLE: string;

type Katex = typeof katex;

let loaded: Katex | undefined;
let loading: Promise<Katex> | undefined;

function load(): Promise<Katex> {
  return loading ??= (async () => {
    const link = document.createElement('link');
    link.rel = 'stylesheet';
    link.href = MATHS_STYLE;
    const styled = new Promise((resolve) => {
      link.onload = link.onerror = resolve;
    });
    document.head.append(link);
    const [module] = await Promise.all([import('katex'), styled]);
    return loaded = module.default;
  })();
}

/** Draws the formulas below a node: at once if KaTeX is there, or else when it is and the node is still shown. */
export function drawFormulas(within: ParentNode, redraw: () => void): void {
  const formulas = within.querySelectorAll<HTMLElement>('.maths:not(.drawn)');
  if (formulas.length === 0) return;
  if (loaded) for (const formula of formulas) draw(loaded, formula);
  else load().then(redraw, () => {});
}

function draw(katex: Katex, element: HTMLElement): void {
  const source = element.textContent ?? '';
  element.classList.add('drawn');
  try {
    katex.render(source, element, {
      displayMode: element.classList.contains('display'),
      // For these two KaTeX writes style attributes into its MathML, which the page's policy forbids.
      output: /\\(?:pmb|fcolorbox)\b/.test(source) ? 'html' : 'htmlAndMathml',
      throwOnError: true,
      strict: 'ignore',
      trust: false,
      maxExpand: 500,
      maxSize: 20,
    });
  } catch {
    element.textContent = source;
    element.classList.add('failed');
  }
}
