// What a file of tests needs: the command, a server that answers as told, and a browser.
import { after, afterEach, before, beforeEach } from 'node:test';
import assert from 'node:assert/strict';
import { openPage, startBrowser } from './browser.mjs';
import { startArchGen, startFake } from './server.mjs';

/** Starts them before the first test of a file. Each test gets an empty tab; nothing may fail or be forbidden in it. */
export function useWorld({ browser = {}, options = [] } = {}) {
  const world = {};
  before(async () => {
    world.real = await startArchGen(...options);
    world.fake = await startFake(world.real.address);
    world.browser = await startBrowser(browser);
  });
  beforeEach(async () => {
    const { fake } = world;
    Object.assign(fake, {
      requests: [], aborted: 0, props: null, models: [{ id: 'test-model', object: 'model' }], answer: (_, reply) => reply.say('Hello, I am here.'),
    });
    world.page = await openPage(world.browser, fake.address);
  });
  afterEach(async () => {
    assert.deepEqual(await world.page.wrongs(), []);
    // The next test begins with an empty list.
    await world.page.tab.evaluate(() => new Promise((resolve) => {
      localStorage.clear();
      sessionStorage.clear();
      const request = indexedDB.open('archgen');
      request.onsuccess = () => {
        const transaction = request.result.transaction(['conversations', 'messages'], 'readwrite');
        transaction.objectStore('conversations').clear();
        transaction.objectStore('messages').clear();
        transaction.oncomplete = () => { request.result.close(); resolve(); };
      };
    }));
    await world.page.tab.close({ runBeforeUnload: false });
  });
  after(async () => {
    await world.browser?.stop();
    await world.fake?.stop();
    await world.real?.stop();
  });
  return world;
}

/** Waits until something is true. */
export async function until(what, condition) {
  for (let i = 0; i < 400; i++) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  assert.fail(`It did not come true: ${what}`);
}
