// Asking, stopping, branching: what one does with answers.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pause } from './server.mjs';
import { until, useWorld } from './world.mjs';

const world = useWorld();

const lastMessages = () => world.fake.requests.at(-1).messages;

test('an answer is shown while it comes', async () => {
  const { page, fake } = world;
  let release;
  const released = new Promise((resolve) => { release = resolve; });
  fake.answer = async (_, reply) => {
    reply.text('The first half. ');
    await released;
    reply.text('The second half.');
    reply.end();
  };
  await page.send('Tell me');
  await page.answers.getByText('The first half.').waitFor();
  assert.equal(await page.answers.getByText('The second half.').count(), 0);
  assert.equal(await page.button('Send').count(), 0);
  release();
  await page.ended();
  assert.match(await page.answers.innerText(), /The first half\. The second half\./);
  assert.deepEqual(lastMessages(), [{ role: 'user', content: 'Tell me' }]);
  assert.equal(fake.requests[0].stream, true);
  assert.equal(fake.requests[0].model, 'test-model');
  assert.equal('return_progress' in fake.requests[0], false, 'a field of llama.cpp went to a server of OpenAI\'s API alone');
});

test('stop closes the connection and keeps what came', async () => {
  const { page, fake } = world;
  fake.answer = (_, reply) => reply.say('word '.repeat(5000), { delay: 5 });
  await page.send('Talk without end');
  await page.answers.getByText('word word').first().waitFor();
  await page.button('Stop').click();
  await page.ended();
  await until('the server sees that the client has gone', () => fake.aborted === 1);
  assert.match(await page.answers.innerText(), /^word word/);
  assert.match(await page.answers.innerText(), /Stopped\./);
});

test('an answer that was stopped goes on', async () => {
  const { page, fake } = world;
  fake.answer = async (_, reply) => {
    reply.text('One two');
    while (!reply.isGone) await pause(10);
  };
  await page.send('Count');
  await page.answers.getByText('One two').waitFor();
  await page.tab.keyboard.press('Escape');
  await page.ended();
  fake.answer = (_, reply) => reply.say(' three four.');
  await page.button('Continue').click();
  await page.answers.getByText('One two three four.').waitFor();
  await page.ended();
  assert.deepEqual(lastMessages(), [{ role: 'user', content: 'Count' }, { role: 'assistant', content: 'One two' }]);
  assert.equal(fake.requests[1].continue_final_message, true);
  assert.equal(await page.answers.count(), 1);
});

test('regenerating makes a branch, and one goes back to the first', async () => {
  const { page, fake } = world;
  await page.ask('Hello?');
  fake.answer = (_, reply) => reply.say('Another answer.');
  await page.button('Regenerate').click();
  await page.answers.getByText('Another answer.').waitFor();
  await page.ended();
  assert.equal(await page.answers.count(), 1);
  assert.deepEqual(lastMessages(), [{ role: 'user', content: 'Hello?' }]);
  await page.button('Previous branch').click();
  await page.answers.getByText('Hello, I am here.').waitFor();
  assert.equal(await page.tab.getByRole('img', { name: 'Branch 1 of 2' }).count(), 1);
  await page.button('Next branch').click();
  await page.answers.getByText('Another answer.').waitFor();
});

test('an edited question is a branch with its own answers', async () => {
  const { page, fake } = world;
  fake.answer = (body, reply) => reply.say(`Answer to ${body.messages.at(-1).content}`);
  await page.ask('first');
  await page.ask('second');
  await page.questions.first().hover();
  await page.questions.first().getByRole('button', { name: 'Edit' }).click();
  const editor = page.tab.getByRole('textbox', { name: 'Edit the message' });
  await editor.fill('changed');
  await editor.press('Enter');
  await page.answers.getByText('Answer to changed').waitFor();
  await page.ended();
  assert.equal(await page.questions.count(), 1);
  assert.deepEqual(lastMessages(), [{ role: 'user', content: 'changed' }]);
  await page.button('Previous branch').click();
  await page.answers.getByText('Answer to second').waitFor();
  assert.equal(await page.questions.count(), 2);
  // A further question goes to the branch that is shown.
  await page.ask('third');
  assert.deepEqual(lastMessages().map((message) => message.content), ['first', 'Answer to first', 'second', 'Answer to second', 'third']);
});

test('thoughts are folded and say how long they took', async () => {
  const { page, fake } = world;
  fake.answer = async (_, reply) => {
    reply.delta({ reasoning_content: 'I should **think**.' });
    reply.delta({ reasoning_content: ' Done.' });
    await reply.say('The result.');
  };
  const answer = await page.ask('Think');
  const fold = answer.locator('details.thinking');
  assert.equal(await fold.evaluate((element) => element.open), false);
  assert.match(await fold.locator('summary').innerText(), /^Thought for \d+\.\d s$/);
  await fold.locator('summary').click();
  assert.equal(await fold.locator('strong').innerText(), 'think');
  await page.ask('Go on');
  assert.equal(lastMessages()[1].reasoning_content, 'I should **think**. Done.');
});

test('thoughts between tags are thoughts, too', async () => {
  const { page, fake } = world;
  fake.answer = (_, reply) => reply.say('<think>Hm, let me see.</think>\n\nYes.');
  const answer = await page.ask('Is it so?');
  assert.equal(await answer.locator('.markdown').innerText(), 'Yes.');
  assert.equal(await answer.locator('details.thinking summary').innerText(), 'Thoughts');
});

test('calls of tools are shown, and their results are sent', async () => {
  const { page, fake } = world;
  fake.answer = (_, reply) => {
    reply.delta({ tool_calls: [{ index: 0, id: 'call_1', type: 'function', function: { name: 'weather', arguments: '' } }] });
    reply.delta({ tool_calls: [{ index: 0, function: { arguments: '{"city":' } }] });
    reply.delta({ tool_calls: [{ index: 0, function: { arguments: '"Bern"}' } }] });
    reply.delta({ tool_calls: [{ index: 1, id: 'call_2', type: 'function', function: { name: 'time', arguments: '{}' } }] });
    reply.end('tool_calls');
  };
  const answer = await page.ask('How is the weather?');
  assert.equal(await answer.getByText('weather').first().count(), 1);
  await answer.getByText('Calls weather').click();
  assert.match(await answer.locator('details[open] code').last().innerText(), /"city": "Bern"/);
  fake.answer = (_, reply) => reply.say('It rains.');
  await page.tab.getByRole('textbox', { name: 'Result of weather' }).fill('rain');
  await page.tab.getByRole('textbox', { name: 'Result of time' }).fill('noon');
  await page.button('Send results').click();
  await page.answers.getByText('It rains.').waitFor();
  await page.ended();
  assert.deepEqual(lastMessages().slice(1), [
    {
      role: 'assistant', content: '', tool_calls: [
        { id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{"city":"Bern"}' } },
        { id: 'call_2', type: 'function', function: { name: 'time', arguments: '{}' } },
      ],
    },
    { role: 'tool', tool_call_id: 'call_1', content: 'rain' },
    { role: 'tool', tool_call_id: 'call_2', content: 'noon' },
  ]);
});

test('the system prompt and the sampling settings go with each request', async () => {
  const { page, fake } = world;
  await page.button('Settings').click();
  await page.tab.getByRole('textbox', { name: 'Of all conversations' }).fill('Be brief.');
  await page.tab.getByLabel('Temperature').fill('0.3');
  await page.tab.getByLabel('Top k').fill('-7');
  await page.tab.getByLabel('Further fields').fill('{"top_n_sigma": 1.5}');
  await page.button('Close').click();
  await page.ask('Hello');
  const body = fake.requests[0];
  assert.deepEqual(body.messages, [{ role: 'system', content: 'Be brief.' }, { role: 'user', content: 'Hello' }]);
  assert.equal(body.temperature, 0.3);
  assert.equal(body.top_k, 0, 'a value out of range is brought into it');
  assert.equal(body.top_n_sigma, 1.5);
  assert.equal('top_p' in body, false, 'an empty field is not sent');
  await page.button('Settings').click();
  await page.tab.getByRole('textbox', { name: 'Of this conversation' }).fill('Be long.');
  await page.button('Close').click();
  await page.ask('Again');
  assert.equal(lastMessages()[0].content, 'Be long.');
});

test('the defaults of the server are shown, and the context that is left', async () => {
  const { page, fake } = world;
  fake.props = { default_generation_settings: { n_ctx: 1000, params: { temperature: 0.8, top_k: 40, min_p: 0.05000000074505806 } } };
  await page.tab.reload();
  await page.field.waitFor();
  fake.answer = (_, reply) => {
    reply.text('Hi.');
    reply.end('stop', { prompt_tokens: 700, completion_tokens: 200 });
  };
  await page.ask('Hello');
  assert.equal(fake.requests.at(-1).return_progress, true);
  assert.match(await page.tab.locator('.context').innerText(), /900 of 1,000 tokens/);
  assert.equal(await page.tab.locator('.context').getAttribute('title'), '100 tokens are left');
  assert.match(await page.answers.locator('.figures').innerText(), /200 tokens/);
  await page.button('Settings').click();
  assert.equal(await page.tab.getByLabel('Temperature').getAttribute('placeholder'), '0.8');
  assert.equal(await page.tab.getByLabel('Min p').getAttribute('placeholder'), '0.05');
});

test('a model is chosen, and one that is being loaded says so', async () => {
  const { page, fake } = world;
  fake.models = [{ id: 'small', status: { value: 'loaded' } }, { id: 'large', status: { value: 'unloaded' } }];
  await page.tab.reload();
  const picker = page.tab.getByRole('combobox', { name: 'Model' });
  await picker.selectOption('large');
  fake.answer = async (_, reply) => {
    fake.models[1].status.value = 'loading';
    await page.tab.getByRole('img', { name: 'Model: loading…' }).waitFor();
    fake.models[1].status.value = 'loaded';
    await reply.say('Loaded.');
  };
  await page.ask('Hello');
  assert.equal(fake.requests[0].model, 'large');
  await page.tab.getByRole('img', { name: 'Model: loaded', exact: true }).waitFor();
});
