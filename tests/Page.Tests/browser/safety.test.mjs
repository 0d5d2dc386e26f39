// What a model writes never runs, loads nothing, and breaks no rule of the page's policy.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until, useWorld } from './world.mjs';

const world = useWorld();

// Each sets window.hacked or opens an address if it ever works.
const attacks = [
  '<script>window.hacked = 1</script>',
  '<img src=x onerror="window.hacked = 2">',
  '<svg onload="window.hacked = 3"><animate onbegin="window.hacked = 3" attributeName=x dur=1s></svg>',
  '<iframe srcdoc="<script>parent.hacked = 4</script>"></iframe>',
  '<iframe src="javascript:parent.hacked = 5"></iframe>',
  '<object data="data:text/html,<script>parent.hacked=6</script>"></object><embed src="data:text/html,x">',
  '<body onload="window.hacked = 7"><input autofocus onfocus="window.hacked = 7">',
  '<details open ontoggle="window.hacked = 8"><summary>x</summary></details>',
  '<a href="javascript:window.hacked = 9">click me</a>',
  '[click me](javascript:window.hacked=10)',
  '[click me](JaVaScRiPt:window.hacked=11)',
  '[click me](java\tscript:window.hacked=12)',
  '[click me](&#106;avascript:window.hacked=13)',
  '[click me](data:text/html,<script>window.opener.hacked=14</script>)',
  '[click me](vbscript:msgbox(15))',
  '[click me](file:///etc/passwd)',
  '![x](javascript:window.hacked=16)',
  '![x" onerror="window.hacked=17](x)',
  '![x](data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9ImFsZXJ0KDEpIi8+)',
  '![tracker](https://tracker.invalid/pixel.png?secret=1)',
  '<img src="https://tracker.invalid/pixel.png?secret=2">',
  '<style>@import "https://tracker.invalid/a.css"; body { display: none }</style>',
  '<link rel=stylesheet href="https://tracker.invalid/b.css">',
  '<base href="https://tracker.invalid/">',
  '<meta http-equiv="refresh" content="0; url=https://tracker.invalid/">',
  '<form action="https://tracker.invalid/"><button>Send</button></form>',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=window.hacked=18&gt;">',
  '<svg></p><style><a id="</style><img src=1 onerror=window.hacked=19>">',
  '<noscript><p title="</noscript><img src=x onerror=window.hacked=20>">',
  '<form id="x"><input name="attributes"><input name="parentNode"></form>',
  '<a id="page" name="indexedDB" href="https://x.invalid">clobber</a>',
  '```html"><img src=x onerror=window.hacked=21>\n<script>window.hacked = 21</script>\n```',
  '```<img src=x onerror=window.hacked=22>\ncode\n```',
  '`<img src=x onerror=window.hacked=23>`',
  '| <img src=x onerror=window.hacked=24> | b |\n|---|---|\n| <script>window.hacked = 24</script> | [x](javascript:window.hacked=24) |',
  '<https://ok.invalid/"onmouseover="window.hacked=25">',
  '[x]: javascript:window.hacked=26\n\n[click me][x]',
  '[x](https://ok.invalid "title\\" onmouseover=\\"window.hacked=27")',
  '$\\href{javascript:window.hacked=28}{click}$',
  '$\\htmlData{x=1}{a} \\htmlStyle{background:url(https://tracker.invalid/)}{b}$',
  '$\\includegraphics{https://tracker.invalid/x.png} \\url{javascript:window.hacked=29}$',
  '$$\\def\\x{\\x\\x}\\x$$',
  '$</span><img src=x onerror=window.hacked=30>$',
  '\\(<script>window.hacked=31</script>\\)',
  '$\\pmb{x} \\fcolorbox{red}{blue}{y} \\boxed{z} \\cancel{w} \\unknowncommand{x}$',
  '<sub onclick="window.hacked=32">x</sub><b style="position:fixed;inset:0">y</b>',
  '- [ ] <img src=x onerror=window.hacked=33>\n- [x] done',
  'ok\u0000<scr\u0000ipt>window.hacked=34</scr\u0000ipt>',
  '<a href="//tracker.invalid">relative</a> [relative](/v1/models) [also](#x)',
  '<kbd>Ctrl</kbd> H<sub>2</sub>O x<sup>2</sup> a<br>b <mark>m</mark>',
];

test('no attack runs, loads or is reported', async () => {
  const { page, fake } = world;
  const asked = [];
  page.tab.on('request', (request) => asked.push(request.url()));
  const opened = [];
  page.tab.on('popup', (popup) => opened.push(popup.url()));
  page.tab.on('dialog', (dialog) => { opened.push(dialog.message()); void dialog.dismiss(); });
  for (const attack of attacks) {
    // Once in small pieces, as it comes, and once as thoughts.
    fake.answer = async (_, reply) => {
      reply.delta({ reasoning_content: attack });
      await reply.say(attack, { piece: 7 });
    };
    const answer = await page.ask('Attack');
    await answer.locator('details.thinking summary').click();
    await until(`it is shown: ${attack}`, async () => await answer.locator('.block').count() >= 2 || await answer.locator('.markdown').count() >= 2);
    const bad = await answer.evaluate((element) => [...element.querySelectorAll('*')].flatMap((node) => {
      const names = [...node.attributes].map((attribute) => attribute.name).filter((name) => name.startsWith('on') || name === 'srcdoc' || name === 'id');
      const isForeign = ['SCRIPT', 'IFRAME', 'OBJECT', 'EMBED', 'STYLE', 'LINK', 'META', 'BASE', 'FORM', 'INPUT'].includes(node.tagName);
      const isWrongLink = node.tagName === 'A' && node.hasAttribute('href') && !/^(https?:\/\/|mailto:)/.test(node.getAttribute('href'));
      const isWrongPicture = node.tagName === 'IMG' && !node.src.startsWith('data:image/');
      return names.length > 0 || isForeign || isWrongLink || isWrongPicture ? [node.outerHTML] : [];
    }));
    assert.deepEqual(bad, [], attack);
  }
  for (const link of await page.tab.locator('.markdown a').all()) {
    assert.equal(await link.getAttribute('rel'), 'noopener noreferrer');
    assert.equal(await link.getAttribute('target'), '_blank');
  }
  assert.equal(await page.tab.evaluate(() => window.hacked), undefined);
  assert.deepEqual(opened, []);
  assert.deepEqual(asked.filter((url) => !url.startsWith(fake.address)), []);
  assert.ok(await page.tab.locator('.markdown kbd').count() > 0, 'plain tags are kept');
  assert.ok(await page.tab.locator('.katex').count() > 0, 'formulas are drawn');
});

test('attacks in questions, names, titles and files do nothing', async () => {
  const { page, fake } = world;
  const attack = '<img src=x onerror="window.hacked = 1">';
  fake.models = [{ id: attack }, { id: 'b' }];
  await page.tab.reload();
  await page.tab.getByLabel('Text files', { exact: true }).setInputFiles([{ name: `${attack}.txt`, mimeType: 'text/plain', buffer: Buffer.from(attack) }]);
  fake.answer = (_, reply) => {
    reply.event({ model: attack, choices: [{ index: 0, delta: { tool_calls: [{ index: 0, id: attack, function: { name: attack, arguments: attack } }] } }] });
    reply.end('tool_calls');
  };
  const answer = await page.ask(attack);
  await answer.locator('details summary').click();
  fake.answer = (_, reply) => reply.error(400, { message: attack });
  await page.ask(attack);
  await page.tab.getByRole('alert').getByText('onerror').waitFor();
  assert.equal(await page.tab.locator('img').count(), 0);
  assert.equal(await page.tab.evaluate(() => window.hacked), undefined);
});

test('a page of another site cannot hold this one in a frame, and scripts of a page cannot be added', async () => {
  const { page } = world;
  const blocked = await page.tab.evaluate(() => new Promise((resolve) => {
    const script = document.createElement('script');
    document.addEventListener('securitypolicyviolation', (event) => resolve(event.violatedDirective), { once: true });
    try {
      script.textContent = 'window.hacked = 1';
    } catch {
      resolve('trusted types');
      return;
    }
    document.head.append(script);
  }));
  assert.ok(blocked);
  assert.equal(await page.tab.evaluate(() => window.hacked), undefined);
  // These reports are the test's own.
  await page.tab.evaluate(() => { window.violations.length = 0; });
});
