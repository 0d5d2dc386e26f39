// Conversations as a JSON file.
import { newId } from './ids';
import type { Attachment, Conversation, Message, Role, State, ToolCall } from './types';

const format = 'archgen-conversations';

export interface Exported {
  conversation: Conversation;
  messages: Message[];
}

export function toJson(list: Exported[]): string {
  return JSON.stringify({ format, version: 1, conversations: list }, null, 2);
}

/** Reads a file. Everything in it is new here: ids are drawn again, so that nothing that is there is overwritten. */
export function fromJson(text: string): Exported[] {
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch {
    throw new Error('The file is no JSON.');
  }
  if (!isObject(file) || file.format !== format || !Array.isArray(file.conversations)) {
    throw new Error('The file has no conversations of this page. Choose one that was exported here.');
  }
  return file.conversations.map(readOne);
}

function readOne(item: unknown): Exported {
  if (!isObject(item) || !isObject(item.conversation) || !Array.isArray(item.messages)) throw new Error('A conversation in the file is damaged.');
  const from = item.conversation;
  const id = newId();
  const source = item.messages.filter(isObject);
  const ids = new Map(source.map((message) => [String(message.id), newId()]));
  const messages = source.map((message) => readMessage(message, id, ids));
  const leaf = ids.get(String(from.leaf)) ?? messages[messages.length - 1]?.id ?? null;
  const conversation: Conversation = {
    id, leaf, title: text(from.title) || 'Imported', named: true, created: number(from.created), changed: number(from.changed),
  };
  if (typeof from.system === 'string') conversation.system = from.system;
  return { conversation, messages };
}

function readMessage(from: Record<string, unknown>, conversation: string, ids: Map<string, string>): Message {
  const roles: Role[] = ['user', 'assistant', 'tool'];
  const role = roles.find((name) => name === from.role);
  if (!role) throw new Error('A message in the file has an unknown role.');
  const message: Message = {
    id: ids.get(String(from.id))!, conversation, parent: ids.get(String(from.parent)) ?? null, role, text: text(from.text), created: number(from.created),
  };
  const states: State[] = ['done', 'stopped', 'cut', 'failed'];
  if (role === 'assistant') message.state = states.find((state) => state === from.state) ?? 'cut';
  if (typeof from.reasoning === 'string') message.reasoning = from.reasoning;
  if (typeof from.thinkingMs === 'number') message.thinkingMs = from.thinkingMs;
  if (typeof from.model === 'string') message.model = from.model;
  if (typeof from.toolCall === 'string') message.toolCall = from.toolCall;
  if (Array.isArray(from.attachments)) {
    message.attachments = from.attachments.filter(isObject).map((file): Attachment => ({ name: text(file.name), text: text(file.text) }));
  }
  if (Array.isArray(from.toolCalls)) {
    message.toolCalls = from.toolCalls.filter(isObject)
      .map((call): ToolCall => ({ id: text(call.id), name: text(call.name), arguments: text(call.arguments) }));
  }
  return message;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const text = (value: unknown): string => typeof value === 'string' ? value : '';
const number = (value: unknown): number => typeof value === 'number' && Number.isFinite(value) ? value : Date.now();
