// What goes wrong is said in words, with what can be done.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startFake } from './server.mjs';
import { until, useWorld } from './world.mjs';

const world = useWorld();

const notice = () => world.page.answers.last().getByRole('alert');

async function fails(answer, title, detail) {
  const { page, fake } = world;
  fake.answer = answer;
  await page.ask('Hello');
  await notice().getByText(title).waitFor();
  if (detail) await notice().getByText(detail).waitFor();
}

async function works() {
  const { page, fake } = world;
  fake.answer = (_, reply) => reply.say('Now it works.');
  await page.button('Try again').click();
  await page.answers.getByText('Now it works.').waitFor();
  await page.ended();
  assert.equal(await page.answers.count(), 1);
  assert.equal(await notice().count(), 0);
}

test('400', async () => {
  const message = "'top_k' is 'x'; expected a whole number.";
  await fails((_, reply) => reply.error(400, { message }), 'The server does not accept this request.', message);
  await works();
});

test('a conversation that is too long', async () => {
  await fails(
    (_, reply) => reply.error(400, { message: 'Too long.', type: 'exceed_context_size_error', n_prompt_tokens: 5000, n_ctx: 4096 }),
    "The conversation is longer than the model's context (5000 of 4096 tokens).");
});

test('401 asks for the key and sends it', async () => {
  const { page, fake } = world;
  await fails((_, reply) => reply.error(401, { message: 'There is no key.' }), 'The server asks for a key.');
  await page.button('Enter a key').click();
  fake.answer = (_, reply) => reply.say(`You sent ${fake.lastHeaders.authorization}.`);
  await page.tab.locator('dialog input').fill('secret-1');
  await page.button('Use this key').click();
  await page.answers.getByText('You sent Bearer secret-1.').waitFor();
  await page.ended();
  await fails((_, reply) => reply.error(401, { message: 'It is wrong.' }), 'The server refuses this key.');
});

test('429 waits as long as the server asks', async () => {
  const { page } = world;
  await fails((_, reply) => reply.error(429, { message: '64 requests wait.' }, { 'Retry-After': '2' }), 'The server is busy.', '64 requests wait.');
  assert.equal(await page.tab.getByRole('button', { name: /^Try again in [12] s$/ }).isDisabled(), true);
  await page.button('Try again').waitFor();
  await works();
});

test('503', async () => {
  await fails((_, reply) => reply.error(503, { message: 'Loading model' }), 'The server is not ready.', 'Loading model');
  await works();
});

test('500', async () => {
  await fails((_, reply) => reply.error(500, { message: 'Out of memory.' }), 'The server failed.', 'Out of memory.');
  await works();
});

test('an error in the middle of an answer keeps what came', async () => {
  const { page } = world;
  await fails((_, reply) => {
    reply.text('The beginning');
    reply.event({ error: { code: 500, message: 'The device was lost.' } });
    reply.response.end();
  }, 'The server failed.', 'The device was lost.');
  assert.match(await page.answers.innerText(), /The beginning/);
});

test('a connection that breaks keeps what came, and goes on', async () => {
  const { page, fake } = world;
  await fails((_, reply) => {
    reply.text('The beginning');
    setTimeout(() => reply.cut(), 50);
  }, 'The connection ended before the answer did.');
  fake.answer = (_, reply) => reply.say(' and the end.');
  await notice().getByRole('button', { name: 'Continue' }).click();
  await page.answers.getByText('The beginning and the end.').waitFor();
  await page.ended();
});

test('an answer without an end is an interrupted one', async () => {
  await fails((_, reply) => {
    reply.text('Half');
    reply.response.end();
  }, 'The connection ended before the answer did.');
});

test('a server that is gone', async () => {
  const { browser } = world;
  const other = await startFake(world.real.address);
  const tab = await browser.context.newPage();
  await tab.goto(`${other.address}/`);
  const field = tab.getByRole('textbox', { name: 'Message', exact: true });
  await field.waitFor();
  await until('it knows its model', () => tab.getByText('test-model').first().isVisible());
  await other.stop();
  await field.fill('Are you there?');
  await field.press('Enter');
  await tab.getByText('The server cannot be reached.').first().waitFor();
  await tab.close();
});
