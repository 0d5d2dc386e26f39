// The messages of a conversation are a tree: an edited question or a second answer is another child of the same parent.
import type { Message } from './types';

export type Messages = ReadonlyMap<string, Message>;

/** The messages from the first to a leaf. */
export function pathTo(messages: Messages, leaf: string | null): Message[] {
  const path: Message[] = [];
  const seen = new Set<string>();
  for (let at = leaf; at !== null && !seen.has(at);) {
    seen.add(at);
    const message = messages.get(at);
    if (!message) break;
    path.push(message);
    at = message.parent;
  }
  return path.reverse();
}

/** The alternatives to a message, itself among them, oldest first. */
export function siblings(messages: Messages, message: Message): Message[] {
  return children(messages, message.parent).filter((other) => other.role === message.role);
}

/** The leaf that one comes to by following the newest child from a message. */
export function newestLeaf(messages: Messages, from: string): string {
  let at = from;
  for (let next = children(messages, at); next.length > 0; next = children(messages, at)) at = next[next.length - 1]!.id;
  return at;
}

/** A message and all below it. */
export function subtree(messages: Messages, from: string): string[] {
  const ids = [from];
  for (let i = 0; i < ids.length; i++) ids.push(...children(messages, ids[i]!).map((child) => child.id));
  return ids;
}

function children(messages: Messages, parent: string | null): Message[] {
  return [...messages.values()].filter((message) => message.parent === parent)
    .sort((a, b) => a.created - b.created || (a.id < b.id ? -1 : 1));
}
