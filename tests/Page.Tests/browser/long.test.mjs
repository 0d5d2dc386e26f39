// A conversation of 300 messages.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until, useWorld } from './world.mjs';

const world = useWorld();
const count = 300;

const answer = (i) => `Answer **${i}**\n\n\`\`\`js\nlet x = ${i};\n\`\`\`\n\n| a | b |\n|---|---|\n| ${i} | $x^${i}$ |\n\n`
  + 'Some text that fills lines. '.repeat(12);

const conversation = () => ({
  format: 'archgen-conversations',
  version: 1,
  conversations: [{
    conversation: { id: 'c', title: 'Long', created: 1, changed: 2, leaf: `m${count - 1}` },
    messages: Array.from({ length: count }, (_, i) => ({
      id: `m${i}`, conversation: 'c', parent: i === 0 ? null : `m${i - 1}`, role: i % 2 === 0 ? 'user' : 'assistant', created: i, state: 'done',
      text: i % 2 === 0 ? `Question ${i}` : answer(i),
    })),
  }],
});

test('300 messages are opened at their end, scrolled and continued', async () => {
  const { page, fake } = world;
  await page.button('Settings').click();
  const buffer = Buffer.from(JSON.stringify(conversation()));
  await page.tab.getByLabel('File of conversations').setInputFiles({ name: 'long.json', mimeType: 'application/json', buffer });
  await page.tab.getByText('1 conversation was added.').waitFor();
  await page.button('Close').click();
  await until('all are there', async () => await page.answers.count() === count / 2);
  const scroller = page.tab.locator('.scroller');
  const fromEnd = () => scroller.evaluate((element) => element.scrollHeight - element.scrollTop - element.clientHeight);
  await until('its end is shown', async () => await fromEnd() < 48);
  assert.ok(await page.answers.last().isVisible());

  // An answer of some length is drawn without drawing the others.
  const before = await page.tab.evaluate(() => {
    window.changed = 0;
    const first = document.querySelectorAll('.message');
    const observer = new MutationObserver((records) => { window.changed += records.length; });
    for (const message of [...first].slice(0, 299)) observer.observe(message, { subtree: true, childList: true, characterData: true });
    return performance.memory?.usedJSHeapSize ?? 0;
  });
  fake.answer = (_, reply) => reply.say('A further answer with words. '.repeat(60), { piece: 20 });
  await page.ask('One more');
  assert.equal(fake.requests[0].messages.length, count + 1);
  assert.equal(await page.tab.evaluate(() => window.changed), 0, 'messages that did not change were drawn again');
  assert.ok(await fromEnd() < 48, 'the end of the answer is followed');
  const after = await page.tab.evaluate(() => performance.memory?.usedJSHeapSize ?? 0);
  assert.ok(after < 200e6, `${before} bytes, then ${after}`);

  // Who scrolls up while an answer comes stays there.
  fake.answer = (_, reply) => reply.say('line\n\n'.repeat(200), { piece: 12, delay: 5 });
  await page.send('And another');
  await page.answers.last().getByText('line').first().waitFor();
  await scroller.hover();
  await page.tab.mouse.wheel(0, -3000);
  await page.button('To the end').waitFor();
  const top = await scroller.evaluate((element) => element.scrollTop);
  await page.ended();
  assert.ok(Math.abs(await scroller.evaluate((element) => element.scrollTop) - top) < 400, 'the reader was moved');
  await page.button('To the end').click();
  await until('the end is shown', async () => await fromEnd() < 48);
});
