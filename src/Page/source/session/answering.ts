// Asks for answers: new ones, further ones, and the rest of those that were cut.
import { answer } from '../api/answer';
import { ProblemError } from '../api/problems';
import { requestBody } from '../api/request';
import { currentModel, refresh, server } from '../api/server';
import { newId } from '../data/ids';
import { pathTo } from '../data/tree';
import type { Attachment, Message, State } from '../data/types';
import { append, begin, changeConversation, chats, currentConversation, currentPath, display, storeMessage } from '../stores/chats';
import { extraProblem, settings } from '../stores/settings';
import { say } from './announce';
import { Collector } from './collect';
import { setProgress } from './progress';

/** How often an answer that is being written is stored. */
const storeEveryMs = 500;

/** Characters of an answer that are said by themselves. A reader goes to the rest of longer ones. */
const longestSaid = 1000;

const controllers = new Map<string, AbortController>();

export const isRunning = (id: string): boolean => controllers.has(id);

/** Asks a question at the end of the branch that is shown. */
export function send(text: string, attachments: Attachment[]): void {
  const conversation = currentConversation() ?? begin(titleOf(text, attachments));
  askAfter(conversation.leaf, conversation.id, text, attachments);
}

/** Asks an edited question as a branch beside the old one. */
export function edit(message: Message, text: string): void {
  askAfter(message.parent, message.conversation, text, message.attachments ?? []);
}

/** Asks for another answer to the same question. */
export function regenerate(message: Message): void {
  const next = newAnswer(message.conversation, message.parent);
  void run(next, false, append(next));
}

/** Asks again for an answer that failed, in its place. */
export function retry(message: Message): void {
  const { id, conversation, parent, role, created } = message;
  void run({ id, conversation, parent, role, created, text: '', state: 'running' }, false);
}

/** Lets an answer go on where it ended. */
export function continueAnswer(message: Message): void {
  // Where only thoughts came, the server is asked anew: a prompt cannot end in the middle of them on every server.
  if (message.text === '') {
    retry(message);
    return;
  }
  const rest: Message = { ...message, state: 'running' };
  delete rest.problem;
  delete rest.finish;
  void run(rest, true);
}

/** Answers the calls of an answer with results, and asks what follows. */
export function sendResults(message: Message, results: string[]): void {
  let parent = message.id;
  const added = (message.toolCalls ?? []).map((call, i): Message => {
    const result: Message = {
      id: newId(), conversation: message.conversation, parent, role: 'tool', text: results[i] ?? '', created: Date.now() + i, toolCall: call.id,
    };
    parent = result.id;
    return result;
  });
  const next = newAnswer(message.conversation, parent);
  void run(next, false, append(...added, next));
}

/** Ends an answer, here and on the server. */
export function stop(id: string): void {
  controllers.get(id)?.abort();
}

/** Ends the answer that is shown; false if there is none. */
export function stopShown(): boolean {
  const shown = currentPath(chats.get()).find((message) => isRunning(message.id));
  if (shown) stop(shown.id);
  return shown !== undefined;
}

function askAfter(parent: string | null, conversation: string, text: string, attachments: Attachment[]): void {
  const question: Message = { id: newId(), conversation, parent, role: 'user', text, created: Date.now() };
  if (attachments.length > 0) question.attachments = attachments;
  const next = newAnswer(conversation, question.id);
  void run(next, false, append(question, next));
}

const newAnswer = (conversation: string, parent: string | null): Message =>
  ({ id: newId(), conversation, parent, role: 'assistant', text: '', created: Date.now() + 1, state: 'running' });

/** Writes an answer, once the question is stored: a page that is loaded again at once must know what it has asked. */
async function run(first: Message, continues: boolean, asked?: Promise<void>): Promise<void> {
  const controller = new AbortController();
  controllers.set(first.id, controller);
  const collector = new Collector(first);
  display(first);
  setProgress(first.id, { phase: 'waiting', promptShare: 0, tokensPerSecond: null });
  say('Answering.');
  // A model that is not in memory is being loaded now: the list tells.
  if ((currentModel()?.load ?? 'loaded') !== 'loaded') setTimeout(refresh, 300);
  await asked;
  const [state, problem] = await collect(collector, controller.signal, continues);
  controllers.delete(first.id);
  const last: Message = { ...collector.message, state, usage: collector.usage() };
  if (problem) last.problem = problem;
  display(last);
  setProgress(first.id, null);
  say(state === 'done' ? `Answer: ${last.text.slice(0, longestSaid)}` : state === 'stopped' ? 'Stopped.' : problem?.title ?? '');
  await storeMessage(last);
  changeConversation(last.conversation, { changed: Date.now() });
  if (state !== 'stopped') void refresh();
}

async function collect(collector: Collector, signal: AbortSignal, continues: boolean): Promise<[State, Message['problem']?]> {
  const frame = new Frame(() => display(collector.message));
  let stored = performance.now();
  try {
    for await (const part of answer(body(collector.message, continues), signal)) {
      collector.add(part);
      showProgress(collector, part.promptShare);
      frame.ask();
      if (performance.now() - stored < storeEveryMs) continue;
      stored = performance.now();
      void storeMessage(collector.message);
    }
    return ['done'];
  } catch (error) {
    if (signal.aborted) return ['stopped'];
    if (!(error instanceof ProblemError)) return ['failed', { kind: 'server', title: 'The page failed.', detail: String(error) }];
    return [error.problem.kind === 'ended' ? 'cut' : 'failed', error.problem];
  } finally {
    frame.end();
  }
}

function body(message: Message, continues: boolean): Record<string, unknown> {
  const value = chats.get(), set = settings.get();
  const conversation = value.conversations.find((item) => item.id === message.conversation)!;
  const wrong = extraProblem(set.extra);
  if (wrong) throw new ProblemError({ kind: 'request', title: 'The further fields in the settings cannot be sent.', detail: wrong });
  const path = pathTo(value.messages, continues ? message.id : message.parent);
  return requestBody(path, { conversation, settings: set, model: currentModel()?.id, continues, isLlamaCpp: server.get().hasProps === true });
}

function showProgress(collector: Collector, promptShare: number | undefined): void {
  const { message } = collector;
  const phase = message.text || message.toolCalls ? 'writing' : message.reasoning ? 'thinking' : 'reading';
  setProgress(message.id, { phase, tokensPerSecond: collector.speed, ...(promptShare === undefined ? {} : { promptShare }) });
}

/** Draws at most once a frame: tokens may come faster than the screen shows them. */
class Frame {
  private asked = 0;

  constructor(private readonly draw: () => void) {}

  ask(): void {
    // A hidden page has no frames, and draws when it is shown.
    this.asked ||= requestAnimationFrame(() => {
      this.asked = 0;
      this.draw();
    });
  }

  end(): void {
    cancelAnimationFrame(this.asked);
  }
}

function titleOf(text: string, attachments: Attachment[]): string {
  const line = text.trim().split('\n')[0]!.trim() || attachments[0]?.name || 'Conversation';
  return line.length > 60 ? `${[...line].slice(0, 59).join('').trimEnd()}…` : line;
}
