/** Makes a node's children equal to another's, keeping the nodes that are equal already, so that nothing flickers and a selection stays. */
export function morph(target: Node, source: Node): void {
  const wanted = [...source.childNodes];
  wanted.forEach((next, i) => {
    const old = target.childNodes[i];
    if (!old) target.appendChild(next);
    else if (!old.isEqualNode(next)) replace(target, old, next);
  });
  while (target.childNodes.length > wanted.length) target.lastChild!.remove();
}

function replace(parent: Node, old: ChildNode, next: ChildNode): void {
  if (old.nodeType === Node.TEXT_NODE && next.nodeType === Node.TEXT_NODE) {
    old.nodeValue = next.nodeValue;
  } else if (old instanceof Element && next instanceof Element && old.tagName === next.tagName && !old.matches('.maths')) {
    for (const { name } of [...old.attributes]) if (!next.hasAttribute(name)) old.removeAttribute(name);
    for (const { name, value } of [...next.attributes]) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
    morph(old, next);
  } else {
    parent.replaceChild(next, old);
  }
}
