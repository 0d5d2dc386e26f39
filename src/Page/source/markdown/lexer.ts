// Markdown with maths, as models write it.
import { Marked, type TokenizerAndRendererExtension, type Tokens, type Token, Lexer } from 'marked';
import { escapeHtml, isSafeLink, isSafePicture } from './safety';
import { highlight } from './highlight';

/** A formula that has begun is waited for up to this length. */
const longestOpenFormula = 4000;

let isOpen = false;

const displayMaths: TokenizerAndRendererExtension = {
  name: 'displayMaths',
  level: 'block',
  start: (source) => source.match(/^ {0,3}(?:\$\$|\\\[)/m)?.index,
  tokenizer(source) {
    const whole = /^ {0,3}(?:\$\$([\s\S]+?)\$\$|\\\[([\s\S]+?)\\\])[ \t]*(?:\n|$)/.exec(source);
    if (whole) return { type: 'displayMaths', raw: whole[0], text: (whole[1] ?? whole[2])!.trim() };
    if (!isOpen || source.length > longestOpenFormula) return undefined;
    const begun = /^ {0,3}(?:\$\$(?![\s\S]*\$\$)|\\\[(?![\s\S]*\\\]))[\s\S]*$/.exec(source);
    return begun ? { type: 'displayMaths', raw: begun[0], text: '' } : undefined;
  },
  renderer: (token) => token.text === '' ? '' : `<div class="maths display">${escapeHtml(token.text)}</div>`,
};

const inlineMaths: TokenizerAndRendererExtension = {
  name: 'inlineMaths',
  level: 'inline',
  start: (source) => source.match(/\$|\\\(|\\\[/)?.index,
  tokenizer(source) {
    // A dollar sign opens before and closes after a character, and no digit follows: "$5 and $6" is no formula.
    const match = /^\$\$((?:[^$\\]|\\[\s\S])+?)\$\$/.exec(source)
      ?? /^\$(?![\s$])((?:[^$\\\n]|\\[^\n])*?(?:[^$\\\s]|\\[^\n]))\$(?![\d$])/.exec(source)
      ?? /^\\\(([\s\S]+?)\\\)/.exec(source)
      ?? /^\\\[([\s\S]+?)\\\]/.exec(source);
    if (!match || isPrice(match[0])) return undefined;
    return { type: 'inlineMaths', raw: match[0], text: match[1]!.trim(), display: match[0].startsWith('$$') || match[0].startsWith('\\[') };
  },
  renderer: (token) => `<span class="maths${token.display ? ' display' : ''}">${escapeHtml(token.text)}</span>`,
};

/** A number, and then words: "$6, or 7 US$" is no formula. */
const isPrice = (text: string): boolean => /^\$\d[^\\]*\s[a-z]{2,}/i.test(text);

// Inline elements without attributes are kept; all other HTML is shown as the text that it is.
const plainTag = /^<\/?(?:br|sub|sup|kbd|u|b|i|s|em|strong|mark)\s*\/?>$/i;

const marked = new Marked({ gfm: true, breaks: false });
marked.use({
  extensions: [displayMaths, inlineMaths],
  renderer: {
    html({ raw, text, block }: Tokens.HTML | Tokens.Tag): string {
      if (!block) return plainTag.test(text) ? text : escapeHtml(raw);
      return `<p class="literal">${escapeHtml(raw.trimEnd())}</p>`;
    },
    code({ text, lang }: Tokens.Code): string {
      const language = (lang ?? '').trim().split(/[\s{,:]/)[0] ?? '';
      return `<figure class="code"><figcaption>${escapeHtml(language)}</figcaption><pre><code>${highlight(text, language)}</code></pre></figure>`;
    },
    link({ href, title, tokens }: Tokens.Link): string {
      const text = this.parser.parseInline(tokens);
      if (!isSafeLink(href)) return text;
      return `<a href="${escapeHtml(href)}"${title ? ` title="${escapeHtml(title)}"` : ''}>${text}</a>`;
    },
    image({ href, text, title }: Tokens.Image): string {
      if (isSafePicture(href)) return `<img src="${escapeHtml(href)}" alt="${escapeHtml(text)}"${title ? ` title="${escapeHtml(title)}"` : ''}>`;
      // A picture from elsewhere would tell its server that it was looked at: it is a link.
      const label = `Picture: ${escapeHtml(text || href)}`;
      return isSafeLink(href) ? `<a href="${escapeHtml(href)}">${label}</a>` : label;
    },
    checkbox({ checked }: Tokens.Checkbox): string {
      return `<span class="check">${checked ? '☑' : '☐'}</span> `;
    },
    table(token: Tokens.Table): string {
      const cell = (tag: string) => (item: Tokens.TableCell) =>
        `<${tag}${item.align ? ` align="${item.align}"` : ''}>${this.parser.parseInline(item.tokens)}</${tag}>`;
      const row = (tag: string) => (items: Tokens.TableCell[]) => `<tr>${items.map(cell(tag)).join('')}</tr>`;
      return `<div class="table"><table><thead>${row('th')(token.header)}</thead><tbody>${token.rows.map(row('td')).join('')}</tbody></table></div>`;
    },
  },
});

/** The blocks of a text. While it is being written, a formula at its end may be open. */
export function blocks(source: string, isWritten: boolean): Token[] {
  isOpen = isWritten;
  try {
    return new Lexer(marked.defaults).lex(source);
  } finally {
    isOpen = false;
  }
}

/** A block as HTML, which is not safe before it has gone through the sanitizer. */
export const toHtml = (block: Token): string => marked.parser([block]);
