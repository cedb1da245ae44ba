// The kernel in a real browser: run all, a figure, complete, inspect, interrupt, restart, in JupyterLab (or Notebook 7) or in Notebook 6.
//
//   npm install playwright-core
//   jupyter lab --no-browser --ServerApp.token=t --ServerApp.root_dir=FOLDER      (or: jupyter notebook --no-browser --NotebookApp.token=t)
//   node kernel/tests/browser.mjs lab|classic http://localhost:8888 FOLDER [CHROMIUM]
//
// By hand: no part of kernel/test, since it needs a browser, node and a Jupyter server.
import { chromium } from 'playwright-core';
import { writeFileSync } from 'node:fs';

const [which, server, folder, browserPath = '/usr/bin/chromium'] = process.argv.slice(2);
const code = (source) => ({ cell_type: 'code', execution_count: null, metadata: {}, outputs: [], source });
writeFileSync(`${folder}/browser.ipynb`, JSON.stringify({
  cells: [code('int answer = 6 * 7;\nanswer'), code('plot(40, ft(), clr())'), code('Table.create("t", IntColumn.create("x", new int[] {17}))'), code('')],
  metadata: { kernelspec: { name: 'espalier', display_name: 'Espalier (Java)', language: 'java' } }, nbformat: 4, nbformat_minor: 4,
}));

const lab = {
  url: `${server}/lab/tree/browser.ipynb?token=t&reset`,
  cells: '.jp-Notebook .jp-CodeCell', output: '.jp-OutputArea-output', editor: '.cm-content', tooltip: '.jp-Tooltip', list: '.jp-Completer-item', idle: '.jp-Notebook-ExecutionIndicator[data-status="idle"]',
  menu: async (page, name, item) => {
    await page.click(`.lm-MenuBar-itemLabel:text-is("${name}")`);
    await page.click(`.lm-Menu-itemLabel:text-matches("^${item}")`);
  },
  runAll: async (page) => {
    await lab.menu(page, 'Run', 'Run All Cells');
    await page.click('.jp-Dialog button.jp-mod-accept', { timeout: 3000 }).catch(() => { }); // Asks for a kernel where one is only just starting.
  },
  only: (page, name) => page.locator(lab.list).filter({ hasText: name }).first().click(), // A list of one, too, waits for a choice.
  interrupt: (page) => lab.menu(page, 'Kernel', 'Interrupt Kernel'),
  restart: async (page) => { await lab.menu(page, 'Kernel', 'Restart Kernel…'); await page.click('.jp-Dialog button.jp-mod-warn'); },
};
const classic = {
  url: `${server}/notebooks/browser.ipynb?token=t`,
  cells: '#notebook-container .code_cell', output: '.output_area', editor: '.CodeMirror-code', tooltip: '#tooltip', list: '.completions option', idle: '.kernel_idle_icon',
  menu: async (page, name, item) => { await page.click(`#menubar a.dropdown-toggle:text-is("${name}")`); await page.click(`${item} a`); },
  runAll: (page) => classic.menu(page, 'Cell', '#run_all_cells'),
  only: async () => { }, // Is inserted at once.
  interrupt: (page) => classic.menu(page, 'Kernel', '#int_kernel'),
  restart: async (page) => { await classic.menu(page, 'Kernel', '#restart_kernel'); await page.click('.modal-dialog .btn-danger'); },
};
const ui = { lab, classic }[which];

const browser = await chromium.launch({ executablePath: browserPath, args: ['--no-sandbox'] });
const page = await browser.newPage({ viewport: { width: 1200, height: 1600 } });
page.setDefaultTimeout(300_000);
let failed = 0;
async function check(what, action) {
  const began = Date.now();
  try {
    await action();
    console.log(`passed  ${what}, ${((Date.now() - began) / 1000).toFixed(1)} s`);
  } catch (error) {
    failed++;
    console.log(`FAILED  ${what}: ${error.message.split('\n')[0]}`);
    await page.screenshot({ path: `${folder}/browser-${which}-${failed}.png` });
  }
}
const cell = (n) => page.locator(ui.cells).nth(n);
const shows = (n, text) => cell(n).locator(ui.output).filter({ hasText: text }).first().waitFor();
async function type(text) { // into the last cell, whatever it has
  await cell(3).locator(ui.editor).click();
  await page.keyboard.press('Control+A');
  await page.keyboard.press('Delete');
  await page.keyboard.type(text);
}
async function run(text) { await type(text); await page.keyboard.press('Control+Enter'); }
async function edits(text) { await cell(3).locator(ui.editor).filter({ hasText: text }).waitFor(); }

await page.goto(ui.url);
await cell(3).waitFor();
await page.locator(ui.idle).first().waitFor(); // Who runs a cell before there is a kernel is asked which one.
await check('run all', async () => { await ui.runAll(page); await shows(0, '42'); });
await check('a figure that Plotly draws', () => cell(1).locator('.js-plotly-plot .main-svg').first().waitFor());
await check('a table', () => cell(2).locator('td:text-is("17")').waitFor());
await page.screenshot({ path: `${folder}/browser-${which}.png` });
await page.waitForTimeout(5000); // A kernel that nobody asks for anything makes itself ready; JupyterLab drops answers that take more than a second.
await check('complete a variable', async () => { await type('answ'); await page.keyboard.press('Tab'); await ui.only(page, 'answer'); await edits('answer'); });
await check('complete a member', async () => {
  await type('clr().learningR');
  await page.keyboard.press('Tab');
  await ui.only(page, 'learningRate');
  await edits('clr().learningRate(');
});
await check('complete from a list', async () => {
  await type('Math.floor');
  await page.keyboard.press('Tab');
  await page.locator(ui.list).filter({ hasText: 'floorMod' }).first().waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await edits('Math.floorDiv(');
});
await check('inspect', async () => {
  await type('pruneL1');
  await page.keyboard.press('Shift+Tab');
  await page.locator(ui.tooltip).filter({ hasText: 'pruneL1(Network' }).waitFor();
  await page.keyboard.press('Escape');
});
await check('interrupt', async () => {
  await run('System.out.println("begun"); while (true) { Thread.sleep(5); }');
  await shows(3, 'begun');
  await ui.interrupt(page);
  await shows(3, 'nterrupted');
  await run('answer + 1');
  await shows(3, '43');
});
await check('restart', async () => {
  await ui.restart(page);
  await run('answer');
  await shows(3, 'answer');
  await run('40 + 4');
  await shows(3, '44');
});
await browser.close();
process.exit(failed ? 1 : 0);
