// How answers look: blocks, code, formulas, tables.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pause } from './server.mjs';
import { until, useWorld } from './world.mjs';

const world = useWorld();

const shown = async (text, options) => {
  world.fake.answer = (_, reply) => reply.say(text, options);
  return world.page.ask('Show it');
};

test('blocks that have ended are not drawn again', async () => {
  const { page, fake } = world;
  let release;
  const released = new Promise((resolve) => { release = resolve; });
  fake.answer = async (_, reply) => {
    reply.text('First **block**.\n\n```js\nlet a = 1;\n\nlet b = 2;\n```\n\nThird');
    await released;
    await reply.say(' block.\n\nFourth block.\n\n- a\n\n- b\n\nEnd.', { piece: 3, delay: 5 });
  };
  await page.send('Go');
  await page.answers.getByText('Third').waitFor();
  const watched = await page.tab.evaluateHandle(() => {
    const blocks = [...document.querySelectorAll('.answer .block')];
    const seen = { changes: 0, nodes: blocks, highest: 0 };
    new MutationObserver((records) => { seen.changes += records.length; })
      .observe(blocks[0], { subtree: true, childList: true, characterData: true, attributes: true });
    new MutationObserver((records) => { seen.changes += records.length; })
      .observe(blocks[1], { subtree: true, childList: true, characterData: true, attributes: true });
    // The height of the answer never shrinks: that would be seen as flicker.
    const answer = document.querySelector('.answer .markdown');
    seen.shrunk = 0;
    new ResizeObserver(() => {
      const height = answer.getBoundingClientRect().height;
      if (height < seen.highest - 1) seen.shrunk++;
      seen.highest = Math.max(seen.highest, height);
    }).observe(answer);
    return seen;
  });
  release();
  await page.ended();
  const state = await watched.evaluate(({ changes, nodes, shrunk }) => ({ changes, shrunk, there: nodes.every((node) => node.isConnected) }));
  assert.deepEqual(state, { changes: 0, shrunk: 0, there: true });
  assert.equal(await page.answers.locator('ul').count(), 1, 'a list with space between its items is one list');
  assert.equal(await page.answers.locator('pre').count(), 1, 'an empty line inside a fence ends nothing');
});

test('an answer in pieces looks like the whole', async () => {
  const { page } = world;
  const text = '# Title\n\nA *b* `c` [d](https://e.invalid).\n\n1. one\n   - two\n\n   still one\n2. three\n\n'
    + '> quote\n> more\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n\n'
    + '```python\nprint("x")\n\n\nprint("y")\n```\n\n$$\na\n\n= b\n$$\n\nText $x^2$ and \\(y\\) and\n\\[\nz\n\\]\nend\n\n---\n\n~~old~~ <br> 2 < 3 && 4 > 1';
  const html = async (answer) => {
    await answer.locator('.katex').nth(3).waitFor();
    await until('all formulas are drawn', async () => await answer.locator('.maths:not(.drawn)').count() === 0);
    return answer.locator('.markdown').innerHTML();
  };
  const whole = await html(await shown(text, { piece: text.length }));
  for (const piece of [1, 3, 17]) assert.equal(await html(await shown(text, { piece, delay: piece === 17 ? 10 : 0 })), whole, `pieces of ${piece}`);
  await page.tab.reload();
  await page.answers.first().waitFor();
  assert.equal(await html(page.answers.first()), whole, 'after loading again');
});

test('code is coloured and copied', async () => {
  const { page } = world;
  const code = 'static int Add(int a, int b) => a + b; // "sum" <T> & \\n\n';
  const answer = await shown(`\`\`\`csharp\n${code}\`\`\``);
  await answer.locator('.hljs-keyword').first().waitFor();
  assert.equal(await answer.locator('figcaption span').innerText(), 'csharp');
  await answer.getByRole('button', { name: 'Copy', exact: true }).first().click();
  await answer.getByText('Copied').waitFor();
  assert.equal(await page.tab.evaluate(() => navigator.clipboard.readText()), code.trimEnd());
});

test('a message is copied as Markdown', async () => {
  const { page } = world;
  const answer = await shown('Some **bold** text.');
  await answer.locator('.actions .copy').click();
  await until('it is in the clipboard', async () => await page.tab.evaluate(() => navigator.clipboard.readText()) === 'Some **bold** text.');
});

test('formulas are drawn, prices are not', async () => {
  const answer = await shown(
    'It costs $5 and $6, or 7 US$.\n\nEuler: $e^{i\\pi} + 1 = 0$ and \\(a\\_b\\).\n\n'
    + '$$\n\\int_0^1 x\\,dx = \\frac{1}{2}\n$$\n\nBroken: $\\frac{1}{$ end.');
  await answer.locator('.katex-display').waitFor();
  assert.equal(await answer.locator('.katex').count(), 3);
  assert.match(await answer.innerText(), /It costs \$5 and \$6, or 7 US\$\./);
  assert.equal(await answer.locator('.katex math').count(), 3, 'a screen reader has MathML');
});

test('tables have their alignment', async () => {
  const answer = await shown('| name | size |\n|:-----|-----:|\n| a | 1 |\n| b<br>c | `x\\|y` |');
  assert.equal(await answer.locator('th').count(), 2);
  assert.equal(await answer.locator('td').nth(1).evaluate((cell) => getComputedStyle(cell).textAlign), 'end');
  assert.equal(await answer.locator('td').nth(3).innerText(), 'x|y');
});

test('characters that are split over events and packets are whole', async () => {
  const { page, fake } = world;
  const text = '👩‍👩‍👧 🇨🇭 e\u0301 漢字 🙂';
  fake.answer = async (_, reply) => {
    // Halves of surrogate pairs in different events.
    for (const unit of text.split('')) reply.text(unit);
    // And bytes of one character in different packets.
    const bytes = Buffer.from(`data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: text }, finish_reason: null }] })}\n\n`);
    for (const byte of bytes) {
      reply.response.write(Buffer.from([byte]));
      if (byte >= 0x80) await pause(1);
    }
    reply.end();
  };
  const answer = await page.ask('Emoji');
  assert.equal(await answer.locator('.markdown').innerText(), text + text);
});

test('a picture that comes with the answer is shown', async () => {
  const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
  const answer = await shown(`![dot](data:image/png;base64,${pixel})\n\n![far](https://far.invalid/a.png)`);
  assert.equal(await answer.locator('img').evaluate((image) => image.complete && image.naturalWidth), 1);
  assert.equal(await answer.getByRole('link', { name: 'Picture: far' }).count(), 1);
});

test('a long code block is shown whole', async () => {
  const { page, fake } = world;
  const line = 'let value = compute("text", 12345); // remark\n';
  fake.answer = (_, reply) => reply.say(`\`\`\`js\n${line.repeat(1500)}\`\`\``, { piece: 200 });
  const answer = await page.ask('Code');
  assert.equal((await answer.locator('code').textContent()).trimEnd(), line.repeat(1500).trimEnd());
});
