// The browser of the tests.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const flags = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update',
  '--disable-sync',
];

/** Starts Chromium with an empty profile. */
export async function startBrowser(options = {}) {
  const profile = mkdtempSync(join(tmpdir(), 'archgen-page-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.ARCHGEN_CHROMIUM ?? '/usr/bin/chromium', headless: true, args: flags,
    viewport: { width: 1280, height: 800 }, acceptDownloads: true, permissions: ['clipboard-read', 'clipboard-write'], ...options,
  });
  context.setDefaultTimeout(20_000);
  await context.addInitScript(() => {
    window.violations = [];
    document.addEventListener('securitypolicyviolation', (event) => window.violations.push(`${event.violatedDirective}: ${event.blockedURI} ${event.sample}`));
  });
  return {
    context,
    stop: async () => {
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}

/** Opens the page of a server in a new tab, and remembers what goes wrong in it. */
export async function openPage(browser, address) {
  const tab = await browser.context.newPage();
  const errors = [];
  tab.on('pageerror', (error) => errors.push(String(error)));
  await tab.goto(`${address}/`);
  await tab.getByRole('textbox', { name: 'Message', exact: true }).waitFor();
  // Before the stored conversations are read, nothing can be sent.
  await tab.locator('h1, article').first().waitFor();
  return new ChatPage(tab, errors);
}

/** What a user does with the page. */
export class ChatPage {
  constructor(tab, errors) {
    this.tab = tab;
    this.errors = errors;
  }

  get field() {
    return this.tab.getByRole('textbox', { name: 'Message', exact: true });
  }

  get answers() {
    return this.tab.getByRole('article', { name: 'Answer' });
  }

  get questions() {
    return this.tab.getByRole('article', { name: 'You' });
  }

  button(name) {
    return this.tab.getByRole('button', { name, exact: true });
  }

  /** Writes a message and sends it. */
  async send(text) {
    await this.field.fill(text);
    await this.field.press('Enter');
  }

  /** Sends a message and waits for the whole answer. */
  async ask(text) {
    await this.send(text);
    await this.ended();
    return this.answers.last();
  }

  /** Waits until nothing is being written. */
  async ended() {
    await this.button('Send').waitFor();
    await this.tab.locator('.answer[aria-busy=true]').waitFor({ state: 'detached' });
  }

  /** What the policy forbade and what failed, which is nothing. */
  async wrongs() {
    return [...this.errors, ...await this.tab.evaluate(() => window.violations)];
  }
}
