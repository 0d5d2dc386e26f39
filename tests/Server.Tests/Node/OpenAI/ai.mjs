// Vercel's AI SDK with its provider for servers that speak OpenAI's API, unchanged.
import assert from 'node:assert/strict';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { embedMany, generateObject, generateText, jsonSchema, stepCountIs, streamText, tool } from 'ai';

const provider = createOpenAICompatible({
  name: 'archgen', baseURL: `${process.env.ARCHGEN_URL}v1`, apiKey: 'none', includeUsage: true, supportsStructuredOutputs: true,
});
const model = provider('stories260K');
const settings = { model, prompt: 'Once upon a time', maxOutputTokens: 12, temperature: 0, maxRetries: 0 };

const whole = await generateText(settings);
assert.equal(whole.finishReason, 'length');
assert.equal(whole.usage.outputTokens, 12);
const stream = streamText(settings);
let text = '';
for await (const part of stream.textStream) text += part;
assert.equal(text, whole.text);
assert.equal((await stream.usage).outputTokens, 12);

const called = [];
const find = tool({
  description: 'Finds a thing.',
  inputSchema: jsonSchema({ type: 'object', properties: { thing: { enum: ['ball', 'cat'] } }, required: ['thing'], additionalProperties: false }),
  execute: async ({ thing }) => { called.push(thing); return 'here'; },
});
const withTools = await generateText({ ...settings, maxOutputTokens: 400, tools: { find }, toolChoice: 'required', stopWhen: stepCountIs(1) });
assert.equal(withTools.finishReason, 'tool-calls');
assert.ok(called.length > 0 && called.every((thing) => ['ball', 'cat'].includes(thing)));
const streamed = streamText({ ...settings, maxOutputTokens: 400, tools: { find }, toolChoice: { type: 'tool', toolName: 'find' }, stopWhen: stepCountIs(2) });
await streamed.consumeStream();
assert.equal((await streamed.steps)[0].toolCalls[0].toolName, 'find');
assert.equal((await streamed.steps).length, 2);

const { object } = await generateObject({
  ...settings,
  maxOutputTokens: 400,
  schema: jsonSchema({ type: 'object', properties: { size: { enum: ['small', 'large'] } }, required: ['size'], additionalProperties: false }),
});
assert.ok(['small', 'large'].includes(object.size));

const { embeddings } = await embedMany({ model: provider.textEmbeddingModel('stories260K'), values: ['one', 'two'], maxRetries: 0 });
assert.deepEqual(embeddings.map((row) => row.length), [64, 64]);
await assert.rejects(generateText({ ...settings, temperature: -1 }), (error) => error.statusCode === 400);
