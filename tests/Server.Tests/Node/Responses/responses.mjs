// OpenAI's own client for JavaScript, unchanged: responses.
import assert from 'node:assert/strict';
import OpenAI from 'openai';

const client = new OpenAI({ baseURL: `${process.env.ARCHGEN_URL}v1`, apiKey: 'none', maxRetries: 0 });
const request = { model: 'gpt-any', input: 'Once upon a time', instructions: 'You tell stories.', max_output_tokens: 12, temperature: 0, store: false };
const plain = { reasoning: { effort: 'none' } };

// A response, whole and as a stream: the client puts the events together itself.
const whole = await client.responses.create({ ...request, ...plain });
assert.equal(whole.status, 'incomplete');
assert.equal(whole.incomplete_details.reason, 'max_output_tokens');
assert.ok(whole.output_text.length > 0);
assert.equal(whole.usage.output_tokens, 12);
const joined = await client.responses.stream({ ...request, ...plain }).finalResponse();
assert.equal(joined.output[0].content[0].text, whole.output_text);
const counted = await client.responses.inputTokens.count({ model: 'gpt-any', input: request.input, instructions: request.instructions, ...plain });
assert.equal(counted.input_tokens, whole.usage.input_tokens);

// A stream that is left early.
let seen = 0;
for await (const event of await client.responses.create({ ...request, ...plain, max_output_tokens: 300, stream: true })) {
  assert.equal(event.sequence_number, seen);
  if (++seen === 6) break;
}

// Thinking is an item of its own, in either form.
for (const [summary, list] of [[null, 'content'], ['auto', 'summary']]) {
  const stream = client.responses.stream({ ...request, max_output_tokens: 60, reasoning: { summary }, reasoning_budget_tokens: 10 });
  const thoughtful = await stream.finalResponse();
  assert.equal(thoughtful.output[0].type, 'reasoning');
  if (list === 'content') assert.ok(thoughtful.output[0].content[0].text.length > 0);
}

// A function: its arguments come as JSON, and its result is read.
const tools = [{
  type: 'function',
  name: 'find',
  description: 'Finds a thing.',
  strict: true,
  parameters: { type: 'object', properties: { thing: { enum: ['ball', 'cat'] } }, required: ['thing'], additionalProperties: false },
}];
const input = [{ role: 'user', content: 'Where is the ball?' }];
const asking = client.responses.stream({
  ...request, ...plain, input, tools, max_output_tokens: 400, tool_choice: { type: 'function', name: 'find' }, parallel_tool_calls: false,
});
const asked = await asking.finalResponse();
const call = asked.output.find((item) => item.type === 'function_call');
assert.equal(asked.status, 'completed');
assert.ok(['ball', 'cat'].includes(JSON.parse(call.arguments).thing));
const answered = await client.responses.create({
  ...request, ...plain, tools, tool_choice: 'none', input: [...input, ...asked.output, { type: 'function_call_output', call_id: call.call_id, output: 'here' }],
});
assert.ok(answered.usage.output_tokens > 0);

// JSON by a schema.
const parsed = await client.responses.parse({
  ...request,
  ...plain,
  max_output_tokens: 400,
  text: { format: {
    type: 'json_schema', name: 'thing', strict: true,
    schema: { type: 'object', properties: { size: { enum: ['small', 'large'] } }, required: ['size'], additionalProperties: false },
  } },
});
assert.ok(['small', 'large'].includes(JSON.parse(parsed.output_text).size));

// An error has its status and its field.
await assert.rejects(
  client.responses.create({ ...request, previous_response_id: 'resp_1' }),
  (error) => error instanceof OpenAI.BadRequestError && error.param === 'previous_response_id',
);
