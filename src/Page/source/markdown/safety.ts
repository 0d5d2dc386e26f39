// What a model writes never runs: its HTML is shown as text, and what Markdown makes goes through DOMPurify.
import DOMPurify from 'dompurify';

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character]!);

export const isSafeLink = (address: string): boolean => /^(?:https?:\/\/|mailto:)[^\s\u0000-\u001f]+$/i.test(address);

/** Pictures come with the answer itself. */
export const isSafePicture = (address: string): boolean => /^data:image\/(?:png|jpeg|gif|webp);base64,[a-z0-9+/=]+$/i.test(address);

DOMPurify.addHook('uponSanitizeAttribute', (_, attribute) => {
  if (attribute.attrName === 'class') {
    const names = attribute.attrValue.split(/\s+/).filter((name) => /^(?:hljs-[\w-]+|maths|display|code|table|check|literal|language-[\w-]+|\w+_)$/.test(name));
    attribute.attrValue = names.join(' ');
    attribute.keepAttr = names.length > 0;
  }
});

DOMPurify.addHook('afterSanitizeAttributes', (node) => {
  if (node.tagName === 'A') {
    if (!isSafeLink(node.getAttribute('href') ?? '')) node.removeAttribute('href');
    node.setAttribute('rel', 'noopener noreferrer');
    node.setAttribute('target', '_blank');
  }
  if (node.tagName === 'IMG' && !isSafePicture(node.getAttribute('src') ?? '')) node.remove();
});

const allowed = {
  ALLOWED_TAGS: [
    'p', 'br', 'hr', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'blockquote', 'ul', 'ol', 'li', 'em', 'strong', 'del', 's', 'u', 'b', 'i', 'sub', 'sup', 'kbd',
    'mark', 'code', 'pre', 'a', 'img', 'table', 'thead', 'tbody', 'tr', 'th', 'td', 'div', 'span', 'figure', 'figcaption',
  ],
  ALLOWED_ATTR: ['href', 'title', 'src', 'alt', 'class', 'align', 'start'],
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  RETURN_DOM_FRAGMENT: true as const,
};

/** HTML as nodes that run nothing and load nothing. */
export const sanitize = (html: string): DocumentFragment => DOMPurify.sanitize(html, allowed);
