// Anthropic's own client for JavaScript, unchanged.
import assert from 'node:assert/strict';
import Anthropic from '@anthropic-ai/sdk';

const client = new Anthropic({ baseURL: process.env.ARCHGEN_URL, apiKey: 'none', maxRetries: 0 });
const messages = [{ role: 'user', content: 'Once upon a time' }];
const request = { model: 'claude-any', messages, max_tokens: 12, system: 'You tell stories.', thinking: { type: 'disabled' } };

// A message, whole and as a stream: the client puts the events together itself.
const whole = await client.messages.create({ ...request, top_k: 1 });
assert.equal(whole.stop_reason, 'max_tokens');
assert.equal(whole.usage.output_tokens, 12);
assert.ok(whole.content[0].text.length > 0);
const joined = await client.messages.stream({ ...request, top_k: 1 }).finalMessage();
assert.equal(joined.content[0].text, whole.content[0].text);
assert.equal(joined.stop_reason, whole.stop_reason);
assert.equal(joined.usage.output_tokens, 12);
assert.equal(joined.usage.input_tokens + joined.usage.cache_read_input_tokens, whole.usage.input_tokens + whole.usage.cache_read_input_tokens);
const counted = await client.messages.countTokens({ model: 'claude-any', messages, system: request.system, thinking: request.thinking });
assert.equal(counted.input_tokens, whole.usage.input_tokens + whole.usage.cache_read_input_tokens);

// A stream that is left early.
let seen = 0;
for await (const event of await client.messages.create({ ...request, max_tokens: 300, stream: true })) {
  assert.ok(event.type);
  if (++seen === 5) break;
}

// Thinking is a block of its own, and can be sent back.
const thinking = client.messages.stream({ ...request, max_tokens: 60, thinking: { type: 'enabled', budget_tokens: 10 } });
let thought = '';
thinking.on('thinking', (delta) => { thought += delta; });
const thoughtful = await thinking.finalMessage();
assert.equal(thoughtful.content[0].type, 'thinking');
assert.equal(thoughtful.content[0].thinking, thought);
assert.ok(thought.length > 0 && thoughtful.content[0].signature.length > 0);

// A tool: its arguments come as JSON, and its result is read.
const tools = [{
  name: 'find',
  description: 'Finds a thing.',
  input_schema: { type: 'object', properties: { thing: { enum: ['ball', 'cat'] } }, required: ['thing'] },
}];
const asking = client.messages.stream({
  ...request, max_tokens: 400, tools, tool_choice: { type: 'tool', name: 'find', disable_parallel_tool_use: true },
});
const asked = await asking.finalMessage();
const call = asked.content.find((block) => block.type === 'tool_use');
assert.equal(asked.stop_reason, 'tool_use');
assert.ok(['ball', 'cat'].includes(call.input.thing));
const answered = await client.messages.create({
  ...request,
  tools,
  tool_choice: { type: 'none' },
  messages: [
    ...messages,
    { role: 'assistant', content: asked.content },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: call.id, content: 'It is here.' }, { type: 'text', text: 'Go on.' }] },
  ],
});
assert.ok(answered.usage.output_tokens > 0);

// Errors have their class, their type and the id of the request.
await assert.rejects(
  client.messages.create({ ...request, messages: [{ role: 'user', content: 'once upon a time '.repeat(1000) }] }),
  (error) => error instanceof Anthropic.BadRequestError && error.requestID.length > 0 && error.error.error.type === 'invalid_request_error'
    && error.message.includes('prompt is too long'),
);
