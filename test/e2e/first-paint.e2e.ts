import { readFile } from 'node:fs/promises';
import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { verdictOfResult } from '../../src/lab/results/verdict/verdict';
import { seriousViolations } from './support/axe';
import { openPage } from './support/browser';
import { dropLoose } from './support/drop';
import { labForTests } from './support/lab';
import { openJson } from './support/open-file';
import { recordedFixture } from './support/recorded';

/** The charts that are there from the start. */
const CHARTS = ['.trade-off', '.curves', '.mask-falls'].map((pane) => `${pane} .recharts-surface`);

const lab = labForTests({ files: recordedFixture() });

/** Every pane shows something of the study. @param origin what the page says of where its numbers are from */
async function expectFilled(page: Page, origin = /^recorded · /): Promise<void> {
  await page.getByText(origin).waitFor();
  await page.locator('.forget-set canvas').first().waitFor();
  await page.locator('.memorization-map canvas').first().waitFor();
  await page.getByRole('row', { name: /oracle/ }).waitFor();
  // The code of the charts comes after the shell.
  for (const chart of CHARTS) await page.locator(chart).waitFor();
  expect(await page.locator('.empty-note').count()).toBe(0);
  expect(await page.locator('.card[data-state="done"]').count()).toBe(6);
}

describe('the first paint, without WebGPU', () => {
  it('fills every pane from the recorded study, says why nothing can be run, and asks nobody else', async () => {
    const page = await openPage(lab.browser, lab.site.url);
    const elsewhere: string[] = [];
    page.on('request', (request) => {
      if (!request.url().startsWith(lab.site.url) && !/^(data|blob):/.test(request.url()))
        elsewhere.push(request.url());
    });
    await page.reload();
    await expectFilled(page);
    await page.getByRole('button', { name: 'No WebGPU: how to get it' }).click();
    await page.getByRole('dialog').getByText('Nothing can be computed here.').waitFor();
    await page.keyboard.press('Escape');
    expect(await page.getByRole('button', { name: 'Run it here' }).getAttribute('aria-disabled')).toBe(
      'true',
    );
    expect(page.workers()).toEqual([]);
    expect(elsewhere).toEqual([]);
    await page.context().close();
  });

  it('shows data, forget set and the reason where nothing is recorded and nothing can be run', async () => {
    const page = await openPage(lab.browser, `${lab.site.url}#s=1.micro`);
    await page.getByText(/^Nothing is recorded for this study, and it cannot be run here: .+/).waitFor();
    await page.getByText('What must be forgotten is outlined among the images.').waitFor();
    await page.locator('.forget-set').getByText('20 of 200').waitFor();
    // What is not shipped is not asked for.
    expect(lab.site.missing).toEqual([]);
    expect(await page.getByRole('button', { name: 'Run this study' }).count()).toBe(0);
    await page.getByRole('button', { name: 'none', exact: true }).click();
    await page.getByText('The forget set is empty: choose at least one example.').waitFor();
    await page.getByRole('button', { name: 'undo', exact: true }).click();
    await page.locator('.forget-set').getByText('20 of 200').waitFor();
    expect(await page.getByRole('radio', { name: 'IID' }).isChecked()).toBe(true);
    expect(await seriousViolations(page)).toEqual([]);
    await page.context().close();
  });

  it('tells what was memorized and what became of planted labels, where a study measured it', async () => {
    const page = await openPage(lab.browser, `${lab.site.url}#s=1.memorized`);
    const scores = page.getByRole('group', { name: /^Training images by memorization score; .* spans/ });
    await scores.waitFor();
    const first = () => page.locator('.forget-set canvas').first().screenshot();
    const byNumber = await first();
    await page.getByRole('combobox', { name: 'Order of the images' }).selectOption('most memorized first');
    await expect.poll(async () => byNumber.equals(await first())).toBe(false);
    await page.goto(`${lab.site.url}#s=1.mislabelled`);
    await page.getByText(/label: original \d+ \/ \d+ %, oracle \d+ \/ \d+ %, DEL \d+ \/ \d+ %/).waitFor();
    expect(await scores.count()).toBe(0);
    await page.context().close();
  });

  it('stays usable when the code of a dialog cannot be loaded', async () => {
    const page = await openPage(lab.browser, lab.site.url, {}, async (fresh) => {
      await fresh.route('**/StageDrawer-*.js', (route) =>
        route.fulfill({ contentType: 'text/javascript', body: 'throw new Error("cut off");' }),
      );
    });
    await expectFilled(page);
    await page.getByRole('button', { name: /^2 Train / }).click();
    // The files of another version have taken the place of this one's.
    await page.getByText('This part of the page could not be loaded: reload the page').waitFor();
    await page.getByRole('button', { name: 'Help' }).click();
    await page.getByRole('dialog').waitFor();
    await page.context().close();
  });

  it('says so, with a button to reload, when its own code does not arrive', async () => {
    // Not by `openPage`: the browser rightly complains of the missing file.
    const context = await lab.browser.newContext();
    const page = await context.newPage();
    await page.route('**/assets/index-*.js', (route) => route.fulfill({ status: 404 }));
    await page.goto(`${lab.site.url}#s=1.class`);
    await page.getByRole('heading', { name: 'Lethe has not started' }).waitFor();
    await page.unroute('**/assets/index-*.js');
    await page.getByRole('button', { name: 'Reload' }).click();
    await page.getByRole('button', { name: 'Study: Forget one class. Choose a preset.' }).waitFor();
    expect(await page.locator('#not-started').isVisible()).toBe(false);
    await context.close();
  });

  it('shows the numbers of a chart whose code cannot be loaded', async () => {
    const page = await openPage(lab.browser, lab.site.url, {}, async (fresh) => {
      await fresh.route('**/LinesChart-*.js', (route) =>
        route.fulfill({ contentType: 'text/javascript', body: 'throw new Error("cut off");' }),
      );
    });
    const curves = page.locator('.curves');
    await curves.getByText('This chart could not be loaded').waitFor();
    await page.locator(CHARTS[0]!).waitFor();
    await curves.getByRole('button', { name: 'Accuracy as a table' }).click();
    await curves.getByRole('columnheader', { name: 'epoch' }).waitFor();
    await page.context().close();
  });

  it('reads every value of a chart by keyboard, and keeps the focus where it is', async () => {
    const page = await openPage(lab.browser, lab.site.url);
    await expectFilled(page);
    const lines = page.getByRole('group', { name: /^Accuracy in percent by epoch; arrow keys/ });
    await lines.focus();
    await page.keyboard.press('ArrowRight');
    await page
      .locator('.curves .readout')
      .getByText(/^epoch 0 · retain \d+\.\d · forget \d/)
      .waitFor();
    await page.keyboard.press('ArrowRight');
    await page
      .locator('.curves .readout')
      .getByText(/^epoch 1 · retain/)
      .waitFor();
    expect(await page.locator('.curve-dot').count()).toBe(3);
    expect(await page.locator('.curve-cursor').count()).toBe(1);

    const plane = page.getByRole('group', { name: 'Trade-off: test accuracy, % against Δ forget, points' });
    const points = plane.getByRole('button');
    expect(await points.count()).toBeGreaterThan(2);
    for (const point of await points.all()) {
      await point.focus();
      const [, name] = /^(.+?)(, alpha .*)?: /.exec((await point.getAttribute('aria-label'))!)!;
      await page.locator('.plane-readout strong').getByText(name!).waitFor();
    }
    const last = points.last();
    await last.press('Enter');
    await expect.poll(() => last.getAttribute('aria-pressed')).toBe('true');
    // The plane is drawn anew, its points at other places.
    await page.setViewportSize({ width: 1400, height: 880 });
    await page.waitForTimeout(300);
    expect(await last.evaluate((point) => point === document.activeElement)).toBe(true);
    await page.context().close();
  });

  it('fits one screen at 1440 by 900 and scrolls sideways at no width', async () => {
    for (const [width, height] of [
      [1440, 900],
      [1024, 768],
      // As at 1440, enlarged to 200 %.
      [720, 450],
      [390, 844],
      [360, 740],
    ] as const) {
      const page = await openPage(lab.browser, lab.site.url, { viewport: { width, height } });
      await expectFilled(page);
      const size = await page.evaluate(() => ({
        width: document.documentElement.scrollWidth,
        height: document.documentElement.scrollHeight,
      }));
      expect(size.width).toBe(width);
      if (width === 1440) expect(size.height).toBe(height);
      for (const chart of CHARTS)
        expect((await page.locator(chart).boundingBox())!.height).toBeGreaterThan(80);
      await page.context().close();
    }
  });

  for (const colorScheme of ['light', 'dark'] as const)
    it(`has no serious accessibility violation in the ${colorScheme} theme`, async () => {
      const page = await openPage(lab.browser, lab.site.url, { colorScheme });
      await expectFilled(page);
      expect(await seriousViolations(page)).toEqual([]);
      await page.getByRole('button', { name: /^5 Unlearn / }).click();
      await page.getByRole('dialog', { name: 'Unlearn' }).waitFor();
      // The drawer slides in; colours are judged when it stands.
      await page.waitForTimeout(500);
      expect(await seriousViolations(page)).toEqual([]);
      await page.context().close();
    });

  it('saves a chart as a picture, and says why where there is none', async () => {
    const page = await openPage(lab.browser, lab.site.url);
    await expectFilled(page);
    const plane = page.locator('.trade-off');
    const savePicture = async () => {
      await plane.getByLabel('Save Trade-off').click();
      await page.getByRole('menuitem', { name: 'PNG' }).click();
    };
    const saving = page.waitForEvent('download');
    await savePicture();
    const picture = await readFile(await (await saving).path());
    expect(picture.toString('latin1', 1, 4)).toBe('PNG');
    await plane.getByLabel('Save Trade-off').click();
    const drawing = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: 'SVG' }).click();
    const drawn = await readFile(await (await drawing).path(), 'utf8');
    for (const text of ['↑ test accuracy, %', 'Δ forget, points →', 'oracle', 'original', 'DEL'])
      expect(drawn).toContain(text);
    // It stands by itself: colours and fonts are written out, nothing refers to the page's styles.
    expect(drawn).toContain('font-family=');
    expect(/var\(|currentcolor|class=|style=|<g[^>]*\/>/i.exec(drawn)?.[0]).toBeUndefined();
    await page.evaluate(() => {
      HTMLCanvasElement.prototype.toBlob = (done) => done(null);
    });
    await savePicture();
    await plane.getByRole('alert').getByText('The PNG file could not be made: ').waitFor();
    await page.context().close();
  });

  it('shows a definition as long as the pointer is on it or its word, until Escape', async () => {
    const page = await openPage(lab.browser, lab.site.url);
    await expectFilled(page);
    const [term, next] = [0, 1].map((place) => page.locator('.trade-off .term').nth(place)) as [
      Locator,
      Locator,
    ];
    const definition = page.getByRole('tooltip');
    await term.hover();
    await definition.waitFor();
    expect(await term.getAttribute('aria-describedby')).toBe(await definition.getAttribute('id'));
    const { x, y, width, height } = (await definition.boundingBox())!;
    // In steps, so that the pointer crosses what lies between the two.
    await page.mouse.move(x + width / 2, y + height / 2, { steps: 12 });
    await page.waitForTimeout(300);
    expect(await definition.count()).toBe(1);
    await page.keyboard.press('Escape');
    await definition.waitFor({ state: 'detached' });
    // The same by keyboard.
    await next.focus();
    await definition.waitFor();
    expect(await next.getAttribute('aria-describedby')).toBe(await definition.getAttribute('id'));
    await page.keyboard.press('Escape');
    await definition.waitFor({ state: 'detached' });
    await page.context().close();
  });
});

describe('a study in the address', () => {
  it('marks what an edit makes stale, shares it in a link, restores it from there, and undoes it', async () => {
    const page = await openPage(lab.browser, lab.site.url);
    await expectFilled(page);
    // What the recording shows, as long as it is what is asked for.
    const about = page.getByText('Half of the pullovers and shirts must go');
    await about.waitFor();
    const marks = page.locator('.pane-mark');
    expect(await marks.count()).toBe(0);
    // What came out is what the lab computes from the recording.
    const recorded = await fetch(`${lab.site.url}recorded/quickstart.json`);
    const said = verdictOfResult(await recorded.json())!;
    expect(await page.locator('.outcome').innerText()).toBe(said);
    await page.getByRole('button', { name: 'Verdict in full' }).click();
    expect(await page.getByRole('dialog', { name: 'Verdict' }).innerText()).toBe(said);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: /^2 Train / }).click();
    const drawer = page.getByRole('dialog', { name: 'Train' });
    await drawer.getByLabel('Epochs', { exact: true }).fill('7');
    await drawer.getByLabel('Epochs', { exact: true }).press('Enter');
    await drawer.getByRole('button', { name: 'Done' }).click();
    const train = page.getByRole('button', { name: /^2 Train .*7 epochs.*stale/ });
    await train.waitFor();
    expect(await about.count()).toBe(0);
    const named = (name: string) => page.getByRole('button', { name: `Study: ${name}. Choose a preset.` });
    await named('Forget half of two classes (edited)').waitFor();
    // Every pane of results says whose they are; the forget set is the edited study's own.
    expect(await marks.allInnerTexts()).toEqual(Array(5).fill('of “Forget half of two classes”'));
    expect(await page.locator('.outcome').innerText()).toBe(`“Forget half of two classes”: ${said}`);
    expect(await train.evaluate((card) => card === document.activeElement)).toBe(true);
    expect(await page.locator('.card[data-state="stale"]').count()).toBeGreaterThan(1);
    expect(await page.getByRole('button', { name: /^1 Data / }).getAttribute('data-state')).toBe('done');
    await page.getByRole('button', { name: /^Share/ }).click();
    const link = page.url();
    expect(link).toContain('#s=1.quickstart.');

    const other = await openPage(lab.browser, link);
    await other.getByRole('button', { name: /^2 Train .*7 epochs.*stale/ }).waitFor();
    await other.getByRole('button', { name: /^Study: Forget half of two classes \(edited\)/ }).waitFor();
    await other.context().close();

    await page.getByRole('button', { name: 'Rename the study' }).press('Enter');
    const field = page.getByRole('textbox', { name: 'Name of the study' });
    await field.fill('Seven epochs');
    await field.press('Enter');
    await named('Seven epochs').waitFor();
    const pencil = page.getByRole('button', { name: 'Rename the study' });
    expect(await pencil.evaluate((button) => button === document.activeElement)).toBe(true);
    await page.getByRole('button', { name: 'Files: open or save' }).click();
    const saving = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: /^Save the study/ }).click();
    const saved = JSON.parse(await readFile(await (await saving).path(), 'utf8'));
    expect(saved).toMatchObject({ name: 'Seven epochs', pretrain: { epochs: 7 } });
    await page.keyboard.press('Control+z');
    await named('Forget half of two classes (edited)').waitFor();

    await page.keyboard.press('Control+z');
    await page.getByRole('button', { name: /^2 Train .*20 epochs.*done/ }).waitFor();
    expect(await page.locator('.card[data-state="stale"]').count()).toBe(0);
    await named('Forget half of two classes').waitFor();
    expect(await marks.count()).toBe(0);
    await page.context().close();
  });

  it('says what is wrong with a damaged link and shows the default study', async () => {
    const page = await openPage(lab.browser, `${lab.site.url}#s=1.quickstart.AAAA`);
    await page.getByText('The link is damaged').waitFor();
    await expectFilled(page);
    await page.context().close();
  });

  it('is followed when it changes in the open page; a damaged one changes nothing, and Back returns to the study before', async () => {
    const page = await openPage(lab.browser, lab.site.url);
    await expectFilled(page);
    const study = (name: string) => page.getByRole('button', { name: `Study: ${name}. Choose a preset.` });
    await page.goto(`${lab.site.url}#s=1.micro`);
    await study('Micro').waitFor();
    await page.goto(`${lab.site.url}#s=1.quickstart.AAAA`);
    await page.getByText('The link is damaged').waitFor();
    expect(await study('Micro').count()).toBe(1);
    expect(page.url()).toBe(`${lab.site.url}#s=1.micro`);
    await page.getByRole('link', { name: 'Skip to the results' }).press('Enter');
    expect(await page.getByRole('main').evaluate((main) => main === document.activeElement)).toBe(true);
    expect(page.url()).toBe(`${lab.site.url}#s=1.micro`);
    for (let visited = 0; visited < 3; visited++) await page.goBack();
    await study('Forget half of two classes').waitFor();
    await expectFilled(page);
    await page.context().close();
  });

  it('opens a result file and refuses a file of another kind with a sentence', async () => {
    const page = await openPage(lab.browser, lab.site.url);
    await expectFilled(page);
    const [recorded] = Object.values(recordedFixture());
    const result = recorded ?? (await readFile('dist/recorded/quickstart.json', 'utf8'));
    await openJson(page, 'result.json', result);
    await page.getByText(/^opened · /).waitFor();
    await page.getByRole('button', { name: 'Files: open or save' }).click();
    const saving = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: /^Save the result/ }).click();
    const saved = await readFile(await (await saving).path(), 'utf8');
    expect(JSON.parse(saved)).toEqual(JSON.parse(result));
    // A study file brings no results: those of another study must not stand under its name.
    const { study } = JSON.parse(result);
    await openJson(page, 'study.json', JSON.stringify({ ...study, name: 'Another seed', seed: 5 }));
    await page.getByText('nothing recorded for this study yet').waitFor();
    await page.getByRole('button', { name: 'Study: Another seed. Choose a preset.' }).waitFor();
    expect(await page.getByRole('row', { name: /^DEL/ }).count()).toBe(0);
    // The opened result is kept, and stands before the recording of the same study.
    await openJson(page, 'study.json', JSON.stringify(study));
    await expectFilled(page, /^opened · /);
    await dropLoose(page, 'x.json', 'nonsense');
    await page.getByText('x.json: This file is not JSON').waitFor();
    await page.context().close();
  });
});
