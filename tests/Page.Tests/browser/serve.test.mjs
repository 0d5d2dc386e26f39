// The page with `archgen serve` and the model that is in the command.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { openPage, startBrowser } from './browser.mjs';
import { pause, startArchGen } from './server.mjs';
import { until } from './world.mjs';

let real, browser, page;

before(async () => {
  real = await startArchGen();
  browser = await startBrowser();
  page = await openPage(browser, real.address);
});

after(async () => {
  await browser?.stop();
  await real?.stop();
});

/** Sets further fields of each request. */
async function send(fields) {
  await page.button('Settings').click();
  await page.tab.getByLabel('Further fields').fill(JSON.stringify(fields));
  await page.button('Close').click();
}

/** The processor time that the server has taken, in hundredths of a second. */
function work() {
  const fields = readFileSync(`/proc/${real.pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

/** Waits until the server computes nothing, and gives what it has worked since. */
async function idle(since) {
  let last = -1;
  await until('the server is idle', async () => {
    const old = last;
    last = work();
    await pause(150);
    return last === old;
  });
  return last - since;
}

test('a model answers', async () => {
  await send({ max_tokens: 60, temperature: 0 });
  const answer = await page.ask('Tell me a story about a bird.');
  assert.ok((await answer.locator('.markdown').innerText()).length > 100);
  assert.match(await answer.locator('.figures').innerText(), /^60 tokens · [\d.]+ tokens\/s$/);
  await answer.getByText('The answer reached its longest length.').waitFor();
  assert.equal(await page.tab.getByRole('img', { name: /^Model: (there|loaded)/ }).count(), 1);
  assert.equal(await page.tab.locator('.model-name').innerText(), 'wren');
  // What is left of the context comes from /props.
  assert.match(await page.tab.locator('.context').innerText(), /^\d+ of 1,024 tokens$/);
});

test('an answer that was cut goes on with the words that follow', async () => {
  const text = await page.answers.last().locator('.markdown').innerText();
  await page.button('Continue').click();
  await page.ended();
  const longer = await page.answers.last().locator('.markdown').innerText();
  assert.ok(longer.startsWith(text) && longer.length > text.length, longer);
  await send({ max_tokens: 120, temperature: 0 });
  await page.button('Regenerate').click();
  await page.ended();
  // 60 tokens and 60 more are the 120 that come at once.
  assert.equal(await page.answers.last().locator('.markdown').innerText(), longer);
});

test('stop stops the server', async () => {
  await page.button('New conversation').first().click();
  await send({ ignore_eos: true });
  const start = work();
  await page.ask('Go on for ever');
  const whole = await idle(start);
  await page.button('Regenerate').click();
  await page.button('Stop').waitFor();
  await page.answers.locator('.markdown').waitFor();
  const stopped = work();
  await page.button('Stop').click();
  await page.ended();
  const rest = await idle(stopped);
  assert.ok(rest < whole / 2, `The whole answer took ${whole} hundredths of a second, and after the stop there were ${rest}.`);
});

test('a reload in the middle of an answer goes on', async () => {
  await page.button('New conversation').first().click();
  await send({ max_tokens: 300, temperature: 0, ignore_eos: true });
  await page.send('A long story, please.');
  await until('something came', async () => (await page.answers.allInnerTexts()).join().length > 80);
  const before = (await page.answers.locator('.markdown').innerText()).slice(0, 60);
  await page.tab.reload();
  await page.answers.locator('.markdown').waitFor();
  await page.ended();
  const text = await page.answers.locator('.markdown').innerText();
  assert.ok(text.startsWith(before), text);
  assert.ok(text.length > 200, text);
});

test('a wrong field is an error in words', async () => {
  await page.button('New conversation').first().click();
  await send({ top_k: 'many' });
  await page.ask('Hello');
  await page.answers.getByText('The server does not accept this request.').waitFor();
  await page.answers.getByText("'top_k'").waitFor();
});

test('a conversation that is too long says so', async () => {
  await page.button('New conversation').first().click();
  await send({});
  await page.ask(`${'word '.repeat(1150)}`);
  await page.answers.getByText("The conversation is longer than the model's context").waitFor();
});

test('a server with a key asks for it', async () => {
  const locked = await startArchGen('--api-key', 'secret-1');
  try {
    const other = await openPage(browser, locked.address);
    await other.tab.evaluate(() => localStorage.clear());
    await other.tab.reload();
    await other.ask('Hello');
    await other.answers.getByText('The server asks for a key.').waitFor();
    await other.button('Enter a key').click();
    await other.tab.locator('dialog input').fill('secret-2');
    await other.button('Use this key').click();
    await other.answers.getByText('The server refuses this key.').waitFor();
    await other.button('Enter a key').click();
    await other.tab.locator('dialog input').fill('secret-1');
    await other.button('Use this key').click();
    await other.answers.locator('.markdown').waitFor();
    await other.ended();
    assert.match(await other.tab.locator('.context').innerText(), /of 1,024 tokens$/);
    assert.deepEqual(await other.wrongs(), []);
  } finally {
    await locked.stop();
  }
});

test('nothing went wrong in the page', async () => assert.deepEqual(await page.wrongs(), []));
