// A page that is loaded again in the middle of an answer.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pause } from './server.mjs';
import { until, useWorld } from './world.mjs';

const world = useWorld();

test('what came is kept and goes on by itself', async () => {
  const { page, fake } = world;
  let sent = '';
  fake.answer = async (_, reply) => {
    for (let i = 1; !reply.isGone; i++) {
      sent = `${sent}word${i} `;
      reply.text(`word${i} `);
      await pause(15);
    }
  };
  await page.send('Count');
  await page.answers.getByText('word20').waitFor();
  fake.answer = (_, reply) => reply.say('THE END.');
  await page.tab.reload();
  await page.answers.getByText('THE END.').waitFor();
  await page.ended();
  await until('the old request has ended', () => fake.aborted === 1);
  const last = fake.requests[1].messages.at(-1);
  assert.equal(last.role, 'assistant');
  assert.ok(last.content.length > 100 && sent.startsWith(last.content), `kept: ${last.content}`);
  assert.equal(await page.answers.locator('.markdown').innerText(), `${last.content}THE END.`);
  assert.equal(await page.answers.count(), 1);
  // It is stored, and asks for nothing again.
  await page.tab.reload();
  await page.answers.getByText('THE END.').waitFor();
  await pause(200);
  assert.equal(fake.requests.length, 2);
});

test('a tab that is closed keeps what came, and another one can go on', async () => {
  const { page, fake, browser } = world;
  fake.answer = async (_, reply) => {
    reply.text('The beginning');
    while (!reply.isGone) await pause(10);
  };
  await page.send('Tell');
  await page.answers.getByText('The beginning').waitFor();
  const address = page.tab.url();
  await page.tab.goto('about:blank');
  await until('the server sees it', () => fake.aborted === 1);
  const tab = await browser.context.newPage();
  await tab.goto(address);
  await tab.getByText('The answer was interrupted.').waitFor();
  fake.answer = (_, reply) => reply.say(' and the end.');
  await tab.getByRole('button', { name: 'Continue', exact: true }).click();
  await tab.locator('.answer').getByText('The beginning and the end.').waitFor();
  await tab.close();
  await page.tab.goto(address);
  await page.answers.getByText('The beginning and the end.').waitFor();
});

test('an answer that had not begun is asked for again', async () => {
  const { page, fake } = world;
  fake.answer = () => {};
  await page.send('Hello');
  await until('it is asked', () => fake.requests.length === 1);
  fake.answer = (_, reply) => reply.say('Here.');
  await page.tab.reload();
  await page.answers.getByText('Here.').waitFor();
  await page.ended();
  assert.deepEqual(fake.requests[1].messages, [{ role: 'user', content: 'Hello' }]);
});

test('the conversation that was shown is shown again, and back goes to the one before', async () => {
  const { page } = world;
  await page.ask('First');
  await page.button('New conversation').first().click();
  await page.ask('Second');
  await page.tab.reload();
  await page.questions.getByText('Second').waitFor();
  await page.tab.getByRole('button', { name: 'First', exact: true }).click();
  await page.questions.getByText('First').waitFor();
  await page.tab.goBack();
  await page.questions.getByText('Second').waitFor();
});

test('an answer goes on while another conversation is shown', async () => {
  const { page, fake } = world;
  let release;
  const released = new Promise((resolve) => { release = resolve; });
  fake.answer = async (_, reply) => {
    reply.text('Slow');
    await released;
    await reply.say(' answer.');
  };
  await page.send('Slow question');
  await page.answers.getByText('Slow').waitFor();
  await page.button('New conversation').first().click();
  await page.field.waitFor();
  fake.answer = (_, reply) => reply.say('Quick answer.');
  await page.ask('Quick question');
  release();
  await page.tab.getByRole('button', { name: 'Slow question', exact: true }).click();
  await page.answers.getByText('Slow answer.').waitFor();
});
