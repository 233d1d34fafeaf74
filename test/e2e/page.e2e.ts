import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { randomStream } from '../../src/lab/rng';
import { getPreset } from '../../src/lab/study/presets';
import { openPage } from './support/browser';
import { labForTests } from './support/lab';
import { openJson } from './support/open-file';
import { recordedFixture } from './support/recorded';

const lab = labForTests({ files: recordedFixture() });

it('keeps the line about an image in sight on a low screen, and the images where they are when one is picked', async () => {
  for (const name of ['memorized', 'mislabelled', 'quickstart']) {
    const viewport = { width: 1366, height: 768 };
    const page = await openPage(lab.browser, `${lab.site.url}#s=1.${name}`, { viewport });
    const grid = page.locator('.image-grid');
    await page.locator('.forget-set canvas').first().waitFor();
    await page.getByText(/^recorded · /).waitFor();
    const before = (await grid.boundingBox())!;
    await page.mouse.move(before.x + 60, before.y + 40);
    await page.mouse.wheel(0, 200);
    const readout = (await page.locator('.forget-set .readout').boundingBox())!;
    const pane = (await page.locator('.forget-set').boundingBox())!;
    expect(readout.y + readout.height).toBeLessThanOrEqual(pane.y + pane.height);
    await page.mouse.click(before.x + 60, before.y + 40);
    await page.getByRole('radio', { name: 'by hand', checked: true }).waitFor();
    const after = (await grid.boundingBox())!;
    expect(after.y).toBeCloseTo(before.y, 0);
    await page.context().close();
  }
});

it('changes the theme without a complaint, prints on two pages, and lists presets by group', async () => {
  const page = await openPage(lab.browser, lab.site.url);
  await page.getByText(/^recorded · /).waitFor();
  await page.getByRole('button', { name: 'Dark theme' }).click();
  await page.getByRole('button', { name: 'Light theme' }).click();
  await page.getByRole('button', { name: 'Forget set as a table' }).click();
  await page.getByRole('button', { name: 'Memorization map as a table' }).click();
  const margin = { top: '1cm', right: '1cm', bottom: '1cm', left: '1cm' };
  const paper = (await page.pdf({ format: 'A4', margin })).toString('latin1');
  expect(paper.match(/\/Type\s*\/Page\b/g)!.length).toBeLessThanOrEqual(2);
  const study = (name: string) => page.getByRole('button', { name: `Study: ${name}. Choose a preset.` });
  await study('Forget half of two classes').click();
  await page.getByText('The paper at full size').waitFor();
  await page.getByPlaceholder('Search the presets').fill('attack lira');
  const found = page.getByRole('menuitem');
  await expect.poll(() => found.count()).toBe(1);
  expect(await found.textContent()).toMatch(/^Under a strong attackrecorded · about .+ on llvmpipe/);
  await found.click();
  await study('Under a strong attack').waitFor();
  await page.goBack();
  await study('Forget half of two classes').waitFor();
  await page.getByText(/^recorded · /).waitFor();
  await page.context().close();
});

it('cuts no label of a figure that is saved in talk mode at 1920 by 1080', async () => {
  const page = await openPage(lab.browser, lab.site.url, { viewport: { width: 1920, height: 1080 } });
  await page.getByText(/^recorded · /).waitFor();
  await page.getByRole('button', { name: 'Talk mode: large type' }).click();
  for (const [pane, title] of [
    ['.trade-off', 'Trade-off'],
    ['.curves', 'Accuracy'],
  ] as const) {
    await page.locator(`${pane} svg.recharts-surface text`).first().waitFor();
    await page.locator(pane).getByLabel(`Save ${title}`).click();
    const saving = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: 'SVG' }).click();
    const figure = await readFile(await (await saving).path(), 'utf8');
    await page.getByRole('menu').waitFor({ state: 'detached' });
    const cut = await page.evaluate((text) => {
      const svg = document.importNode(
        new DOMParser().parseFromString(text, 'image/svg+xml').documentElement,
        true,
      );
      document.body.append(svg);
      const frame = svg.getBoundingClientRect();
      const labels = [...svg.querySelectorAll('text')];
      const outside = labels.filter((label) => {
        const { left, right, top, bottom } = label.getBoundingClientRect();
        return (
          left < frame.left - 1 || right > frame.right + 1 || top < frame.top - 1 || bottom > frame.bottom + 1
        );
      });
      svg.remove();
      return { count: labels.length, outside: outside.map(({ textContent }) => textContent) };
    }, figure);
    expect(cut.count).toBeGreaterThan(5);
    expect(cut.outside).toEqual([]);
  }
  await page.context().close();
});

it('gives a method its settings back when it is chosen again, also after the settings were closed', async () => {
  const page = await openPage(lab.browser, lab.site.url);
  await page.getByText(/^recorded · /).waitFor();
  const drawer = page.getByRole('dialog', { name: 'Unlearn' });
  const open = () => page.getByRole('button', { name: /^5 Unlearn / }).click();
  const row = drawer.getByRole('group', { name: /^Row 1: / });
  const [method, epochs] = [row.getByLabel('Method'), row.getByLabel('Epochs')];
  await open();
  const chosen = await method.inputValue();
  await epochs.fill('9');
  await epochs.press('Enter');
  await method.selectOption('ssd');
  await epochs.waitFor({ state: 'detached' });
  await drawer.getByRole('button', { name: 'Done' }).click();
  await drawer.waitFor({ state: 'detached' });
  await open();
  await method.selectOption(chosen);
  expect(await epochs.inputValue()).toBe('9');
  // A method of the list below is added as a row, which leaves the others as they are.
  await drawer.getByRole('button', { name: 'Add a row with SCRUB' }).click();
  await drawer.getByRole('group', { name: /^Row 4: .* with SCRUB$/ }).waitFor();
  expect(await epochs.inputValue()).toBe('9');
  await page.context().close();
});

it('cuts no chosen option, no segment and no number beside a title', async () => {
  for (const [width, height] of [
    [1366, 768],
    [1024, 768],
    [390, 844],
  ] as const)
    for (const name of ['memorized', 'paper-orderings']) {
      const viewport = { width, height };
      const page = await openPage(lab.browser, `${lab.site.url}#s=1.${name}`, { viewport });
      await page.getByText(/^recorded · /).waitFor();
      const order = page.getByRole('combobox', { name: 'Order of the images' });
      for (const chosen of ['index', 'loss-high']) {
        if (await order.locator(`option[value="${chosen}"]`).isEnabled()) await order.selectOption(chosen);
        const cut = await page.evaluate(() => {
          const natural = (select: HTMLSelectElement) => {
            const copy = select.cloneNode(true) as HTMLSelectElement;
            Object.assign(copy.style, { fieldSizing: 'content', flex: 'none', maxWidth: 'none' });
            select.after(copy);
            copy.value = select.value;
            const width = copy.offsetWidth;
            copy.remove();
            return width;
          };
          const selects = [
            ...document.querySelectorAll<HTMLSelectElement>('.panes select:not(.axis-picker *)'),
          ];
          const texts = [
            ...document.querySelectorAll<HTMLElement>('.panes .segment, .forget-set .pane-about'),
          ];
          return [
            ...selects.filter((select) => select.offsetWidth < natural(select)),
            ...texts.filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth),
          ].map((element) => element.outerHTML.slice(0, 80));
        });
        expect(cut, `${name} at ${width}`).toEqual([]);
      }
      await page.context().close();
    }
});

it('draws the plane to one scale on demand, which the address keeps, and rings that the saved figure holds', async () => {
  const page = await openPage(lab.browser, lab.site.url);
  await page.getByText(/^recorded · /).waitFor();
  const pane = page.locator('.trade-off');
  // Numbers of the vertical axis end at it, those of the horizontal one are centred below their places.
  const lengthOfTen = async (axis: 'x' | 'y') => {
    const anchor = axis === 'x' ? 'middle' : 'end';
    const ticks = await pane.locator(`.axis text[text-anchor="${anchor}"]`).evaluateAll((texts, along) => {
      return texts.map((text) => {
        const { left, right, top, bottom } = text.getBoundingClientRect();
        const at = along === 'x' ? (left + right) / 2 : (top + bottom) / 2;
        return { at, value: Number(text.textContent!.replace('−', '-')) };
      });
    }, axis);
    const [first, last] = [ticks[0]!, ticks.at(-1)!];
    return Math.abs((10 * (last.at - first.at)) / (last.value - first.value));
  };
  await pane.locator('.plane-rings path').first().waitFor();
  expect((await lengthOfTen('y')) / (await lengthOfTen('x'))).toBeGreaterThan(5);
  const same = page.getByRole('button', { name: 'same scale' });
  await same.press('Enter');
  await page.waitForFunction(() => location.hash === '#v=lab&scale=same');
  const isSame = async () => Math.abs((await lengthOfTen('y')) / (await lengthOfTen('x')) - 1) < 0.05;
  await expect.poll(isSame).toBe(true);

  await pane.getByLabel('Save Trade-off').click();
  const saving = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: 'SVG' }).click();
  const figure = await readFile(await (await saving).path(), 'utf8');
  expect(figure.match(/>gap (<!-- -->)?\d+</g)!.length).toBeGreaterThan(1);

  const other = await openPage(lab.browser, page.url());
  await other.getByRole('button', { name: 'same scale', pressed: true }).waitFor();
  await other.context().close();
  await same.click();
  await page.waitForFunction(() => location.hash === '');
  // Costs have no scale in common with percent.
  await pane.getByRole('radio', { name: 'cost' }).check();
  await same.waitFor({ state: 'detached' });
  expect(await pane.locator('.plane-rings path').count()).toBe(0);
  await page.context().close();
});

it('selects a unit of the map by a finger, and saves no chart while its table is shown', async () => {
  const page = await openPage(lab.browser, lab.site.url, {
    viewport: { width: 390, height: 844 },
    hasTouch: true,
  });
  await page.getByText(/^recorded · /).waitFor();
  const map = page.getByRole('group', { name: /^Memorization map of DEL/ });
  await map.scrollIntoViewIfNeeded();
  const { x, y } = (await map.boundingBox())!;
  await page.touchscreen.tap(x + 40, y + 28);
  await page.getByRole('region', { name: 'Inspector' }).waitFor();

  const plane = page.locator('.trade-off');
  const files = async () => {
    await plane.getByLabel('Save Trade-off').click();
    await page.getByRole('menuitem').first().waitFor();
    const labels = await page.getByRole('menuitem').allInnerTexts();
    await page.keyboard.press('Escape');
    await page.getByRole('menu').waitFor({ state: 'detached' });
    return labels;
  };
  expect(await files()).toEqual(['SVG', 'PNG', 'CSV']);
  await plane.getByRole('button', { name: 'Trade-off as a table' }).click();
  await plane.getByRole('columnheader', { name: 'gap to the oracle, points' }).waitFor();
  expect(await files()).toEqual(['CSV']);
  await page.context().close();
});

it('says that a study with thousands of chosen images is too large for a link, and has it again after a reload', async () => {
  const page = await openPage(lab.browser, lab.site.url);
  await page.getByText(/^recorded · /).waitFor();
  const random = randomStream(5, 'long');
  const all = Int32Array.from({ length: 50_000 }, (_, index) => index);
  const indices = [...random.shuffle(all).subarray(0, 10_000)].sort((a, b) => a - b);
  const study = {
    ...getPreset('cifar10-resnet18-iid').study,
    name: 'Ten thousand by hand',
    forget: { rule: 'manual', settings: { indices } },
  };
  await openJson(page, 'study.json', JSON.stringify(study));
  const shown = page.getByRole('button', { name: /^Study: Ten thousand by hand/ });
  await shown.waitFor();
  await page.getByRole('button', { name: /^Share/ }).click();
  await page.getByText(/^This study names so many images one by one that no link can carry it/).waitFor();
  await page.reload();
  await shown.waitFor();
  await page.getByText('10,000 images').waitFor();
  await page.goto(`${lab.site.url}#s=1.iid`);
  await page.getByRole('button', { name: /^Study: Forget 10 % at random/ }).waitFor();
  await page.goBack();
  await shown.waitFor();
  await page.context().close();
});
