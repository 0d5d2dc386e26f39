// The request of an answer.
import { isSet } from '../stores/sampling';
import type { Conversation, Message } from '../data/types';
import type { Settings } from '../stores/settings';

export interface RequestOptions {
  conversation: Conversation;
  settings: Settings;
  model: string | undefined;
  /** Whether the last message of the path is an answer that goes on. */
  continues: boolean;
  /** Whether the server knows llama.cpp's fields. */
  isLlamaCpp: boolean;
}

/** The body for /v1/chat/completions. */
export function requestBody(path: Message[], options: RequestOptions): Record<string, unknown> {
  const { conversation, settings, continues } = options;
  const messages: Record<string, unknown>[] = [];
  const system = conversation.system ?? settings.system;
  if (system.trim() !== '') messages.push({ role: 'system', content: system });
  for (const message of path) messages.push(toApi(message));
  const sampling = Object.fromEntries(Object.entries(settings.sampling).filter(([, value]) => isSet(value)));
  const body: Record<string, unknown> = { messages, stream: true, stream_options: { include_usage: true }, ...sampling };
  if (options.model !== undefined) body.model = options.model;
  if (options.isLlamaCpp) body.return_progress = true;
  if (continues) Object.assign(body, { continue_final_message: true, add_generation_prompt: false });
  if (settings.extra.trim() !== '') Object.assign(body, JSON.parse(settings.extra));
  return body;
}

function toApi(message: Message): Record<string, unknown> {
  if (message.role === 'user') return { role: 'user', content: withAttachments(message) };
  if (message.role === 'tool') return { role: 'tool', tool_call_id: message.toolCall, content: message.text };
  const answer: Record<string, unknown> = { role: 'assistant', content: message.text };
  if (message.reasoning) answer.reasoning_content = message.reasoning;
  if (message.toolCalls?.length) {
    answer.tool_calls = message.toolCalls.map((call) => ({
      id: call.id, type: 'function', function: { name: call.name, arguments: call.arguments },
    }));
  }
  return answer;
}

/** The text of a question, after the files that came with it. */
function withAttachments(message: Message): string {
  const files = (message.attachments ?? []).map((file) => {
    // A fence that is longer than any in the file.
    const longest = Math.max(2, ...[...file.text.matchAll(/`+/g)].map((match) => match[0].length));
    const fence = '`'.repeat(longest + 1);
    return `File: ${file.name}\n${fence}\n${file.text}\n${fence}\n\n`;
  });
  return files.join('') + message.text;
}
