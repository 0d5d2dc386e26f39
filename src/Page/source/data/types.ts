// What a conversation is made of, as it is stored in the browser.

export type Role = 'user' | 'assistant' | 'tool';

/** running: being written; done: ended by itself; stopped: by the user; cut: the connection or the page ended; failed: there is a problem. */
export type State = 'running' | 'done' | 'stopped' | 'cut' | 'failed';

export interface Attachment {
  name: string;
  text: string;
}

export interface ToolCall {
  id: string;
  name: string;
  arguments: string;
}

export interface Usage {
  promptTokens?: number;
  cachedTokens?: number;
  answerTokens?: number;
  tokensPerSecond?: number;
  /** Until the first token. */
  firstTokenMs?: number;
}

export type ProblemKind = 'key' | 'forbidden' | 'request' | 'context' | 'model' | 'busy' | 'unavailable' | 'server' | 'network' | 'ended';

export interface Problem {
  kind: ProblemKind;
  /** One sentence for a person. */
  title: string;
  /** What the server said. */
  detail?: string;
  /** The time, in milliseconds since 1970, before which the server asks not to try again. */
  retryAt?: number;
}

export interface Message {
  id: string;
  conversation: string;
  parent: string | null;
  role: Role;
  text: string;
  created: number;
  attachments?: Attachment[];
  reasoning?: string;
  thinkingMs?: number;
  toolCalls?: ToolCall[];
  /** Of a tool's result: the call that it answers. */
  toolCall?: string;
  model?: string;
  state?: State;
  finish?: string;
  problem?: Problem;
  usage?: Usage;
}

export interface Conversation {
  id: string;
  title: string;
  /** Whether the user chose the title. */
  named?: boolean;
  created: number;
  changed: number;
  /** The last message of the branch that is shown. */
  leaf: string | null;
  /** The system prompt; absent for that of the settings. */
  system?: string;
}
