// An answer as it is written. Blocks that have ended are never touched again; only the last one is parsed for each token.
import type { Token } from 'marked';
import { blocks, toHtml } from './lexer';
import { drawFormulas } from './maths';
import { morph } from './morph';
import { sanitize } from './safety';

export class MarkdownView {
  /** The text of the blocks that have ended. */
  private ended = '';
  /** The element of the last block. */
  private last: HTMLElement | undefined;

  constructor(private readonly host: HTMLElement) {}

  /** Shows a text. */
  update(text: string, isWritten: boolean): void {
    if (!text.startsWith(this.ended)) this.clear();
    const tokens = blocks(text.slice(this.ended.length), isWritten);
    // A block has ended when another begins: space after it does not end it.
    const last = tokens.findLastIndex(isShown);
    tokens.forEach((token, i) => {
      if (isShown(token)) this.show(token);
      if (i >= last) return;
      if (isShown(token)) this.last = undefined;
      this.ended += token.raw;
    });
    if (last < 0 && this.last && !this.ended) this.clear();
  }

  private show(token: Token): void {
    if (!this.last) {
      this.last = document.createElement('div');
      this.last.className = 'block';
      this.host.append(this.last);
    }
    const element = this.last;
    const fragment = sanitize(toHtml(token));
    for (const figure of fragment.querySelectorAll('figure.code')) addCopyButton(figure);
    drawFormulas(fragment, () => drawFormulas(element, () => {}));
    morph(element, fragment);
  }

  private clear(): void {
    this.host.replaceChildren();
    this.ended = '';
    this.last = undefined;
  }
}

const isShown = (token: Token): boolean => token.type !== 'space' && token.type !== 'def';

function addCopyButton(figure: Element): void {
  const caption = figure.querySelector('figcaption')!;
  const name = document.createElement('span');
  name.textContent = caption.textContent || 'text';
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'copy-code';
  button.textContent = 'Copy';
  caption.replaceChildren(name, button);
  // Code that is wider than the page is scrolled by the keyboard, too.
  figure.querySelector('pre')!.tabIndex = 0;
}
