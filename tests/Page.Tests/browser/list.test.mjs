// The list of conversations, and files.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { pause } from './server.mjs';
import { until, useWorld } from './world.mjs';

const world = useWorld();

const titles = () => world.page.tab.locator('.list .open').allInnerTexts();

const action = async (title, name) => {
  await world.page.button(`Actions for ${title}`).click();
  await world.page.tab.getByRole('menuitem', { name }).click();
};

test('conversations are listed, opened, renamed and deleted', async () => {
  const { page } = world;
  await page.ask('About apples\nand more');
  await page.button('New conversation').first().click();
  await page.ask('About pears');
  assert.deepEqual(await titles(), ['About pears', 'About apples']);
  await page.tab.getByRole('button', { name: 'About apples', exact: true }).click();
  await page.questions.getByText('and more').waitFor();
  await action('About apples', 'Rename');
  await page.tab.keyboard.type('All about apples');
  await page.tab.getByRole('textbox', { name: 'Name of the conversation' }).fill('Fruit');
  await page.tab.keyboard.press('Enter');
  await until('the new name is shown', async () => (await titles()).includes('Fruit'));
  await action('Fruit', 'Delete');
  await page.tab.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await until('one is left', async () => (await titles()).length === 1);
  await page.tab.reload();
  await until('it is left after loading again, too', async () => (await titles()).join() === 'About pears');
});

test('what is deleted while it is being written stays deleted', async () => {
  const { page, fake } = world;
  fake.answer = (_, reply) => reply.say('word '.repeat(2000), { delay: 5 });
  await page.send('First');
  await page.answers.getByText('word word').first().waitFor();
  await page.questions.hover();
  await page.questions.getByRole('button', { name: 'Delete' }).click();
  await page.tab.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await until('the server sees it', () => fake.aborted === 1);
  assert.equal(await page.questions.count() + await page.answers.count(), 0);
  await page.send('Second');
  await page.answers.getByText('word word').first().waitFor();
  await action('First', 'Delete');
  await page.tab.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await until('the server sees this, too', () => fake.aborted === 2);
  await page.tab.reload();
  await page.tab.getByText('No conversations yet.').waitFor();
  const stored = await page.tab.evaluate(() => new Promise((resolve) => {
    const opening = indexedDB.open('archgen');
    opening.onsuccess = () => {
      const all = opening.result.transaction('messages').objectStore('messages').count();
      all.onsuccess = () => { opening.result.close(); resolve(all.result); };
    };
  }));
  assert.equal(stored, 0);
});

test('a search finds titles and messages', async () => {
  const { page, fake } = world;
  fake.answer = (_, reply) => reply.say('A Zebra has stripes.');
  await page.ask('Animals');
  await page.button('New conversation').first().click();
  fake.answer = (_, reply) => reply.say('Granite.');
  await page.ask('Stones');
  await page.tab.keyboard.press('Control+k');
  await until('the search has the focus', () => page.tab.evaluate(() => document.activeElement.id === 'search'));
  await page.tab.keyboard.type('zebra');
  // An answer is stored a little after its end, and each change of the text searches again.
  let space = '';
  await until('the one with the zebra is found', async () => {
    space = space === '' ? ' ' : '';
    await page.tab.getByRole('searchbox').fill(`zebra${space}`);
    await pause(300);
    return (await titles()).join() === 'Animals';
  });
  await page.tab.getByRole('searchbox').fill('nothing like it');
  await page.tab.getByText('Nothing was found.').waitFor();
});

test('conversations are exported and imported with their branches', async () => {
  const { page, fake } = world;
  await page.ask('Question');
  fake.answer = (_, reply) => reply.say('The second answer.');
  await page.button('Regenerate').click();
  await page.answers.getByText('The second answer.').waitFor();
  await page.ended();
  await page.button('Settings').click();
  const download = page.tab.waitForEvent('download');
  await page.button('Export all').click();
  const path = await (await download).path();
  const file = JSON.parse(readFileSync(path, 'utf8'));
  assert.equal(file.format, 'archgen-conversations');
  assert.equal(file.conversations[0].messages.length, 3);
  await page.button('Delete all').click();
  await page.tab.getByRole('dialog', { name: 'Delete the conversation?' }).getByRole('button', { name: 'Delete' }).click();
  await until('none is left', async () => (await titles()).length === 0);
  await page.tab.getByLabel('File of conversations').setInputFiles(path);
  await page.tab.getByText('1 conversation was added.').waitFor();
  await page.button('Close').click();
  await page.answers.getByText('The second answer.').waitFor();
  await page.button('Previous branch').click();
  await page.answers.getByText('Hello, I am here.').waitFor();
});

test('a file that is no export is refused in words', async () => {
  const { page } = world;
  await page.button('Settings').click();
  const picker = page.tab.getByLabel('File of conversations');
  await picker.setInputFiles({ name: 'a.json', mimeType: 'application/json', buffer: Buffer.from('{"a": 1}') });
  await page.tab.getByText('The file has no conversations of this page.').waitFor();
  await picker.setInputFiles({ name: 'a.json', mimeType: 'application/json', buffer: Buffer.from('{') });
  await page.tab.getByText('The file is no JSON.').waitFor();
  await page.button('Close').click();
});

test('text files go before the question, others are refused', async () => {
  const { page, fake } = world;
  await page.tab.getByLabel('Text files', { exact: true }).setInputFiles([
    { name: 'notes.md', mimeType: 'text/markdown', buffer: Buffer.from('# Notes\n```\ncode\n```') },
    { name: 'image.png', mimeType: 'image/png', buffer: Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0xff]) },
  ]);
  await page.tab.getByText('image.png is no text.').waitFor();
  await page.ask('What is in it?');
  assert.equal(fake.requests[0].messages[0].content, 'File: notes.md\n````\n# Notes\n```\ncode\n```\n````\n\nWhat is in it?');
  assert.equal(await page.questions.locator('summary').innerText().then((text) => text.startsWith('notes.md')), true);
});

test('a dropped file is attached', async () => {
  const { page } = world;
  const data = await page.tab.evaluateHandle(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File(['dropped text'], 'drop.txt', { type: 'text/plain' }));
    return transfer;
  });
  await page.tab.dispatchEvent('.frame', 'dragover', { dataTransfer: data });
  await page.tab.getByText('Drop text files here').waitFor();
  await page.tab.dispatchEvent('.frame', 'drop', { dataTransfer: data });
  await page.tab.getByText('drop.txt').waitFor();
});

test('64 KB that are pasted become a file, whole', async () => {
  const { page, fake } = world;
  const text = 'Ein Satz mit Ümläuten und 🙂. '.repeat(2200).slice(0, 65_536);
  await page.field.focus();
  await page.tab.evaluate((pasted) => navigator.clipboard.writeText(pasted), text);
  await page.tab.keyboard.press('Control+v');
  await page.tab.getByText('Pasted text 1.txt').waitFor();
  await page.ask('Sum it up');
  assert.equal(fake.requests[0].messages[0].content, `File: Pasted text 1.txt\n\`\`\`\n${text}\n\`\`\`\n\nSum it up`);
});
