// With a keyboard alone, with a screen reader, on a phone.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { pause } from './server.mjs';
import { until, useWorld } from './world.mjs';

const world = useWorld();
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const everything = '# Title\n\nText with `code`, a [link](https://a.invalid) and $x^2$.\n\n'
  + '```python\nprint("x")  # remark\n```\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n\n- [x] done\n\n> quote';

const violations = async (where) => {
  const tab = world.page.tab;
  // The tool is a script of the test, which the page's policy does not let in by a tag.
  if (!await tab.evaluate(() => 'axe' in window)) await tab.evaluate(axe);
  const found = await tab.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  assert.deepEqual(found.violations.map((item) => `${where}: ${item.id}: ${item.nodes.map((node) => `${node.target} ${node.failureSummary}`).join('; ')}`), []);
};

for (const scheme of ['light', 'dark']) {
  test(`axe finds nothing in ${scheme} colours`, async () => {
    const { page, fake } = world;
    await page.tab.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await violations('empty');
    fake.answer = async (_, reply) => {
      reply.delta({ reasoning_content: 'Thoughts.' });
      await reply.say(everything);
    };
    await page.ask('Show all');
    await page.answers.locator('.katex').first().waitFor();
    await page.tab.locator('.thinking summary').click();
    await violations('an answer');
    await page.button('Regenerate').click();
    await page.button('Previous branch').waitFor();
    await page.ended();
    fake.answer = (_, reply) => reply.error(429, { message: 'Busy.' }, { 'Retry-After': '60' });
    await page.ask('Again');
    await violations('branches and an error');
    await page.questions.last().getByRole('button', { name: 'Edit' }).click();
    await violations('an edited question');
    await page.tab.keyboard.press('Escape');
    await page.tab.getByRole('button', { name: /^Actions for/ }).first().click();
    await violations('a menu');
    await page.tab.keyboard.press('Escape');
    await page.button('Settings').click();
    await violations('the settings');
    await page.button('Close').click();
    fake.answer = (_, reply) => {
      reply.delta({ tool_calls: [{ index: 0, id: 'a', function: { name: 'f', arguments: '{}' } }] });
      reply.end('tool_calls');
    };
    await page.ask('Call');
    await violations('calls');
  });
}

test('a conversation with the keyboard alone', async () => {
  const { page, fake } = world;
  const { tab } = page;
  const keyboard = tab.keyboard;
  const focused = () => tab.evaluate(() => document.activeElement.getAttribute('aria-label') ?? document.activeElement.innerText ?? '');
  const tabTo = async (name, key = 'Tab') => {
    for (let i = 0; i < 40; i++) {
      await keyboard.press(key);
      if ((await focused()).trim() === name) return;
    }
    assert.fail(`${key} does not come to ${name}`);
  };
  assert.equal(await focused(), 'Message', 'the field has the focus at first');
  await keyboard.type('Hello');
  await keyboard.press('Shift+Enter');
  await keyboard.type('there');
  await keyboard.press('Enter');
  await page.answers.getByText('Hello, I am here.').waitFor();
  await page.ended();
  assert.equal(fake.requests[0].messages[0].content, 'Hello\nthere');

  await tabTo('Regenerate', 'Shift+Tab');
  fake.answer = (_, reply) => reply.say('Once more.');
  await keyboard.press('Enter');
  await page.answers.getByText('Once more.').waitFor();
  await page.ended();
  await keyboard.press('Shift+Escape');
  assert.equal(await focused(), 'Message');

  await keyboard.press('ArrowUp');
  await keyboard.type('!');
  await keyboard.press('Enter');
  await until('the edited question is asked', () => fake.requests.length === 3);
  await page.ended();
  assert.equal(fake.requests[2].messages[0].content, 'Hello\nthere!');

  await keyboard.press('Control+Shift+O');
  assert.equal(await page.questions.count(), 0);
  fake.answer = async (_, reply) => {
    reply.text('Endless');
    while (!reply.isGone) await pause(10);
  };
  await keyboard.type('Second');
  await keyboard.press('Enter');
  await page.answers.getByText('Endless').waitFor();
  await keyboard.press('Escape');
  await until('it is stopped', () => fake.aborted === 1);
  await page.ended();

  await keyboard.press('Control+k');
  assert.equal(await focused(), 'Search the conversations');
  await tabTo('Actions for Second');
  await keyboard.press('Enter');
  await keyboard.press('ArrowDown');
  await keyboard.press('ArrowDown');
  assert.equal((await focused()).trim(), 'Delete');
  await keyboard.press('Enter');
  await tab.getByRole('dialog').waitFor();
  await keyboard.press('Escape');
  await tab.getByRole('dialog').waitFor({ state: 'detached' });

  await keyboard.press('Control+,');
  await tab.getByRole('dialog', { name: 'Settings' }).waitFor();
  await keyboard.press('Escape');
  await tab.getByRole('dialog').waitFor({ state: 'detached' });
  await keyboard.press('Control+b');
  await tab.locator('.sidebar').waitFor({ state: 'detached' });
  await keyboard.press('Control+b');
  await tab.locator('.sidebar').waitFor();
});

test('a screen reader has landmarks, and is told when an answer is there', async () => {
  const { page } = world;
  for (const role of ['main', 'navigation', 'banner', 'contentinfo']) assert.equal(await page.tab.getByRole(role).count(), 1, role);
  await page.ask('Hello');
  await page.tab.getByRole('status').getByText('Answer: Hello, I am here.').waitFor({ state: 'attached' });
  assert.equal(await page.answers.getAttribute('aria-busy'), 'false');
  assert.equal(await page.tab.title(), 'Hello – ArchGen');
});

test('the colours are those that were chosen', async () => {
  const { page } = world;
  const colour = () => page.tab.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await page.tab.emulateMedia({ colorScheme: 'light' });
  const light = await colour();
  await page.tab.emulateMedia({ colorScheme: 'dark' });
  const dark = await colour();
  assert.notEqual(light, dark);
  await page.button('Colours: as the system').click();
  assert.equal(await colour(), light);
  await page.tab.reload();
  assert.equal(await colour(), light);
  await page.button('Colours: light').click();
  await page.tab.emulateMedia({ colorScheme: 'light' });
  assert.equal(await colour(), dark);
});

test('a phone shows all of it without scrolling sideways', async () => {
  const { page, fake } = world;
  await page.tab.setViewportSize({ width: 360, height: 700 });
  await page.tab.reload();
  await page.field.waitFor();
  assert.equal(await page.tab.locator('.sidebar').count(), 0, 'the list is hidden at first');
  fake.answer = (_, reply) => reply.say(`${everything}\n\n${'word'.repeat(100)}\n\n\`\`\`\n${'wide '.repeat(80)}\n\`\`\`\n\n$$${'x + '.repeat(60)}y$$`);
  await page.ask('Show all');
  await page.answers.locator('.katex').first().waitFor();
  const wide = () => page.tab.evaluate(() => ({
    page: document.documentElement.scrollWidth, scroller: document.querySelector('.scroller').scrollWidth - document.querySelector('.scroller').clientWidth,
  }));
  assert.deepEqual(await wide(), { page: 360, scroller: 0 });
  await page.button('Show the list').click();
  await page.tab.locator('.sidebar').waitFor();
  await page.tab.locator('.list .open').first().click();
  await page.tab.locator('.sidebar').waitFor({ state: 'detached' });
});
