// The conversations, and the messages of the one that is shown.
import * as database from '../data/database';
import { toJson, fromJson, type Exported } from '../data/exchange';
import { newId } from '../data/ids';
import { newestLeaf, pathTo, subtree, type Messages } from '../data/tree';
import type { Conversation, Message } from '../data/types';
import { Store } from './store';

export interface Chats {
  /** Newest first. */
  conversations: Conversation[];
  /** The conversation that is shown; null for a new one. */
  current: string | null;
  /** The messages of the shown conversation. */
  messages: Messages;
  /** Why conversations are not stored; null if they are. */
  storageProblem: string | null;
  isReady: boolean;
}

export const chats = new Store<Chats>({ conversations: [], current: null, messages: new Map(), storageProblem: null, isReady: false });

/** Messages that are being written, also those of conversations that are not shown. */
const live = new Map<string, Message>();

/** Messages that were deleted, perhaps while they were being written. */
const deleted = new Set<string>();

const isGone = (message: Message): boolean =>
  deleted.has(message.id) || !chats.get().conversations.some((conversation) => conversation.id === message.conversation);

export const currentConversation = (): Conversation | undefined => {
  const { conversations, current } = chats.get();
  return conversations.find((conversation) => conversation.id === current);
};

/** The branch that is shown. */
export const currentPath = (value: Chats): Message[] => {
  const conversation = value.conversations.find((item) => item.id === value.current);
  return conversation ? pathTo(value.messages, conversation.leaf) : [];
};

/** Runs what stores; a browser without storage goes on in memory. */
export async function stored(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    chats.change({ storageProblem: `Conversations are not stored: ${(error as Error).message || 'the browser has no storage for this page.'}` });
  }
}

export async function openChats(): Promise<void> {
  await stored(async () => chats.change({ conversations: sorted(await database.loadConversations()) }));
  chats.change({ isReady: true });
}

export async function show(id: string | null): Promise<void> {
  if (id === null || !chats.get().conversations.some((conversation) => conversation.id === id)) {
    chats.change({ current: null, messages: new Map() });
    return;
  }
  let messages: Message[] = [];
  const known = chats.get();
  if (known.current === id) return;
  await stored(async () => {
    messages = await database.loadMessages(id);
  });
  const map = new Map(messages.map((message) => [message.id, message]));
  for (const message of live.values()) if (message.conversation === id) map.set(message.id, message);
  chats.change({ current: id, messages: map });
}

/** Begins a conversation and shows it. */
export function begin(title: string): Conversation {
  const now = Date.now();
  const conversation: Conversation = { id: newId(), title, created: now, changed: now, leaf: null };
  chats.change({ conversations: [conversation, ...chats.get().conversations], current: conversation.id, messages: new Map() });
  return conversation;
}

/** Changes a conversation and stores it. */
export function changeConversation(id: string, part: Partial<Conversation>): void {
  const changed = withChange(id, part);
  void stored(() => database.save(changed, []));
}

/** Adds messages to the shown conversation; the last one becomes its leaf. The promise ends when they are stored. */
export function append(...added: Message[]): Promise<void> {
  const last = added[added.length - 1]!;
  const messages = new Map(chats.get().messages);
  for (const message of added) messages.set(message.id, message);
  chats.change({ messages });
  const changed = withChange(last.conversation, { leaf: last.id, changed: Date.now() });
  return stored(() => database.save(changed, added));
}

function withChange(id: string, part: Partial<Conversation>): Conversation[] {
  const conversation = chats.get().conversations.find((item) => item.id === id);
  if (!conversation) return [];
  const next = { ...conversation, ...part };
  chats.change({ conversations: sorted(chats.get().conversations.map((item) => item.id === id ? next : item)) });
  return [next];
}

/** Shows a message as it is now, without storing it. */
export function display(message: Message): void {
  if (message.state === 'running') live.set(message.id, message);
  else live.delete(message.id);
  if (isGone(message)) return;
  const { current, messages } = chats.get();
  if (message.conversation === current) chats.change({ messages: new Map(messages).set(message.id, message) });
}

export async function storeMessage(message: Message): Promise<void> {
  if (!isGone(message)) await stored(() => database.save([], [message]));
}

/** The messages that are being written. */
export const running = (): Message[] => [...live.values()];

/** Shows the branch of a message, down to its newest leaf. */
export function showBranch(message: Message): void {
  changeConversation(message.conversation, { leaf: newestLeaf(chats.get().messages, message.id) });
}

/** Deletes a message and all that followed it. */
export function deleteMessage(message: Message): void {
  const messages = new Map(chats.get().messages);
  const ids = subtree(messages, message.id);
  for (const id of ids) {
    messages.delete(id);
    deleted.add(id);
  }
  const rest = [...messages.values()].filter((other) => other.parent === message.parent && other.conversation === message.conversation);
  const next = rest[rest.length - 1];
  const leaf = next ? newestLeaf(messages, next.id) : message.parent;
  chats.change({ messages });
  changeConversation(message.conversation, { leaf });
  void stored(() => database.deleteMessages(ids));
}

export async function deleteConversations(ids: string[]): Promise<void> {
  const { conversations, current } = chats.get();
  if (current !== null && ids.includes(current)) chats.change({ current: null, messages: new Map() });
  chats.change({ conversations: conversations.filter((item) => !ids.includes(item.id)) });
  await stored(() => database.deleteConversations(ids));
}

/** The ids of conversations that have a text in their title or in a message. */
export async function search(text: string): Promise<Set<string>> {
  const wanted = text.toLowerCase();
  const found = new Set(chats.get().conversations.filter((item) => item.title.toLowerCase().includes(wanted)).map((item) => item.id));
  await stored(async () => {
    for (const message of await database.loadAllMessages()) if (message.text.toLowerCase().includes(wanted)) found.add(message.conversation);
  });
  return found;
}

/** Conversations as JSON. */
export async function exported(ids: string[]): Promise<string> {
  const list: Exported[] = [];
  for (const conversation of chats.get().conversations.filter((item) => ids.includes(item.id))) {
    list.push({ conversation, messages: await database.loadMessages(conversation.id) });
  }
  return toJson(list);
}

/** Adds the conversations of a file and shows the first. */
export async function imported(text: string): Promise<number> {
  const list = fromJson(text);
  await database.save(list.map((item) => item.conversation), list.flatMap((item) => item.messages));
  chats.change({ conversations: sorted([...list.map((item) => item.conversation), ...chats.get().conversations]) });
  const first = list[0];
  if (first) await show(first.conversation.id);
  return list.length;
}

const sorted = (conversations: Conversation[]): Conversation[] => [...conversations].sort((a, b) => b.changed - a.changed);
