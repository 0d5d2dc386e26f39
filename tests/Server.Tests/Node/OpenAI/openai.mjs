// OpenAI's own client for JavaScript, unchanged.
import assert from 'node:assert/strict';
import OpenAI from 'openai';

const client = new OpenAI({ baseURL: `${process.env.ARCHGEN_URL}v1`, apiKey: 'none', maxRetries: 0 });
const messages = [{ role: 'user', content: 'Once upon a time' }];
const find = {
  type: 'function',
  function: {
    name: 'find',
    description: 'Finds a thing.',
    parameters: { type: 'object', properties: { thing: { enum: ['ball', 'cat'] } }, required: ['thing'], additionalProperties: false },
  },
};

// A chat, whole and as a stream: the client puts the events together itself.
const request = { model: 'gpt-4o', messages, max_completion_tokens: 12, temperature: 0 };
const whole = await client.chat.completions.create(request);
assert.equal(whole.choices[0].finish_reason, 'length');
assert.equal(whole.usage.completion_tokens, 12);
const stream = client.chat.completions.stream({ ...request, stream_options: { include_usage: true } });
const joined = await stream.finalChatCompletion();
assert.equal(joined.choices[0].message.content, whole.choices[0].message.content);
assert.equal(joined.usage.completion_tokens, 12);

// A stream that is left early.
let seen = 0;
for await (const chunk of await client.chat.completions.create({ ...request, max_completion_tokens: 200, stream: true })) {
  assert.equal(chunk.object, 'chat.completion.chunk');
  if (++seen === 3) break;
}

// Tools: the client calls the function and gives its result back.
const called = [];
const runner = client.chat.completions.runTools({
  model: 'gpt-4o',
  messages,
  max_completion_tokens: 400,
  temperature: 0,
  tool_choice: { type: 'function', function: { name: 'find' } },
  tools: [{ type: 'function', function: { ...find.function, parse: JSON.parse, function: ({ thing }) => { called.push(thing); return 'here'; } } }],
});
await runner.done();
assert.ok(called.length > 0 && called.every((thing) => ['ball', 'cat'].includes(thing)), `called with ${called}`);

// A tool call in a stream, put together by the client.
const calling = client.chat.completions.stream({ ...request, max_completion_tokens: 400, tools: [find], tool_choice: 'required' });
const calls = (await calling.finalChatCompletion()).choices[0];
assert.equal(calls.finish_reason, 'tool_calls');
assert.equal(calls.message.tool_calls[0].function.name, 'find');
JSON.parse(calls.message.tool_calls[0].function.arguments);

// Structured output.
const structured = await client.chat.completions.parse({
  ...request,
  max_completion_tokens: 400,
  response_format: {
    type: 'json_schema',
    json_schema: {
      name: 'size',
      strict: true,
      schema: { type: 'object', properties: { size: { enum: ['small', 'large'] } }, required: ['size'], additionalProperties: false },
    },
  },
});
assert.ok(['small', 'large'].includes(JSON.parse(structured.choices[0].message.content).size));

// Completions, embeddings (the client asks for base64 and decodes it), models, errors.
const completion = await client.completions.create({ model: 'x', prompt: ['Once', 'The cat'], max_tokens: 4, n: 2 });
assert.deepEqual(completion.choices.map((choice) => choice.index), [0, 1, 2, 3]);
const embeddings = await client.embeddings.create({ model: 'x', input: ['one', 'two'] });
assert.deepEqual(embeddings.data.map((row) => row.embedding.length), [64, 64]);
assert.ok(Math.abs(embeddings.data[0].embedding.reduce((sum, value) => sum + value * value, 0) - 1) < 1e-4);
const models = await client.models.list();
assert.equal(models.data[0].id, 'stories260K');
assert.equal((await client.models.retrieve('stories260K')).id, 'stories260K');
await assert.rejects(client.chat.completions.create({ ...request, temperature: -1 }), (error) =>
  error instanceof OpenAI.BadRequestError && error.param === 'temperature' && error.type === 'invalid_request_error');
await assert.rejects(client.models.retrieve('none'), OpenAI.NotFoundError);
