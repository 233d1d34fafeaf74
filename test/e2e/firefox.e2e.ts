import { zipSync } from 'fflate';
import type { Page } from 'puppeteer-core';
import { describe, expect, it } from 'vitest';
import { decodeSafetensors } from '../../src/lab/nn/safetensors';
import { unsealArtifact } from '../../src/lab/store/envelope';
import { getPreset } from '../../src/lab/study/presets';
import type { Study } from '../../src/lab/study/study';
import { picture, png } from '../support/data-files';
import {
  type AnswerDistance,
  answerDistance,
  lossDistance,
  lossesOf,
  scoreDistance,
} from '../support/result-distances';
import { seriousViolations } from './support/axe';
import { openBrowser, openPage } from './support/browser';
import { artifactsOf, keptResult } from './support/engines';
import { dropBytes, firefoxForTests, openFirefoxPage, press, untilSaid } from './support/firefox';
import { fragileWorker, loseDevice } from './support/fragile-worker';
import { keepMessages, seenEvents } from './support/lab-events';
import { readPrivate, writePrivate } from './support/private-files';
import { recordedFixture } from './support/recorded';
import { linkTo, tinyStudy } from './support/tiny-study';

/** Firefox tells nothing of an adapter but whether it is a CPU. */
const COMPUTED = /^computed here · (WebGPU|SwiftShader)( \(CPU\))?$/m;

/** Answers that float noise may part: so many near ties, and so far apart in the probability of the label. */
const within = (otherClass: number, confidence: number) => (distance: AnswerDistance) =>
  distance.otherClass <= otherClass && distance.confidence < confidence + 1e-6;

describe('Firefox without WebGPU', () => {
  const firefox = firefoxForTests({ files: recordedFixture() });

  it('shows the recorded study in every pane, says how to get WebGPU, and keeps nobody out', async () => {
    const page = await openFirefoxPage(firefox.browser, firefox.site.url);
    await untilSaid(page, /^recorded · /);
    for (const pane of ['.trade-off', '.curves', '.mask-falls'])
      await page.waitForSelector(`${pane} .recharts-surface`);
    for (const pane of ['.forget-set', '.memorization-map']) await page.waitForSelector(`${pane} canvas`);
    expect(await page.$$('.empty-note')).toEqual([]);
    expect(await page.$$('.card[data-state="done"]')).toHaveLength(6);
    expect(await seriousViolations(page)).toEqual([]);
    await press(page, 'Dark theme');
    expect(await seriousViolations(page)).toEqual([]);
    await press(page, 'No WebGPU: how to get it');
    await untilSaid(page, /Nothing can be computed here\./);
    await untilSaid(page, /dom\.webgpu\.enabled in about:config/);
  });

  it('cuts nothing off and scrolls sideways nowhere, on a desk, a lectern and a telephone', async () => {
    const page = await openFirefoxPage(firefox.browser, firefox.site.url);
    for (const [width, height] of [
      [1440, 900],
      [1366, 768],
      [1024, 768],
      [390, 844],
    ] as const) {
      await page.setViewport({ width, height });
      await untilSaid(page, /^recorded · /);
      const cut = await page.evaluate(() => {
        const texts = [...document.querySelectorAll<HTMLElement>('.panes .segment, .forget-set .pane-about')];
        const wide = document.documentElement.scrollWidth > window.innerWidth ? ['the page'] : [];
        return [
          ...wide,
          ...texts
            .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)
            .map(({ outerHTML }) => outerHTML.slice(0, 80)),
        ];
      });
      expect(cut, `at ${width}`).toEqual([]);
    }
  });
});

describe('Firefox with WebGPU', () => {
  const firefox = firefoxForTests({ webgpu: true, files: fragileWorker() });
  const open = (link: string, prepare?: Parameters<typeof openFirefoxPage>[2]) =>
    openFirefoxPage(firefox.browser, `${firefox.site.url}${link}`, prepare);
  const keptNow = async (page: Page) => {
    await expect.poll(() => readPrivate(page, 'lethe-results').then(Object.keys)).toHaveLength(1);
    return keptResult(page);
  };

  it('computes the micro study as Chromium does', { timeout: 900_000 }, async () => {
    // Without comparisons, which would be two thirds of the time; a smaller study makes them below.
    const study: Study = { ...getPreset('micro').study, compare: false };
    const link = linkTo(study);
    const chromium = await openBrowser({ webgpu: true });
    try {
      const [theirs, page] = await Promise.all([
        openPage(chromium, `${firefox.site.url}${link}`),
        open(link),
      ]);
      await Promise.all([
        theirs.getByRole('button', { name: 'Run this study' }).click(),
        press(page, 'Run this study'),
      ]);
      // Both at once on two cores: longer than a page of Chromium usually waits.
      await Promise.all([
        theirs.getByText(COMPUTED).waitFor({ timeout: 300_000 }),
        untilSaid(page, COMPUTED),
      ]);
      expect(await page.$$('.card[data-state="done"]')).toHaveLength(6);
      expect(await page.$$('.empty-note')).toEqual([]);
      expect(await seriousViolations(page)).toEqual([]);

      const mine = await keptNow(page);
      await expect.poll(() => readPrivate(theirs, 'lethe-results').then(Object.keys)).toHaveLength(1);
      const other = await keptResult(theirs);
      expect(mine.detail.forget).toEqual(other.detail.forget);
      for (const model of ['original', 'oracle'] as const) {
        const [a, b] = [mine[model], other[model]];
        expect([a.cost.steps, a.cost.examples]).toEqual([b.cost.steps, b.cost.examples]);
        expect(lossDistance(lossesOf(a), lossesOf(b))).toBeLessThan(1e-3);
        expect(answerDistance(a.answers!, b.answers!)).toSatisfy(within(9, 2 / 255));
      }

      // Two dozen steps have made so much of the last bits that other weights are selected. From the same models on all is near again.
      const models = await artifactsOf(theirs, study, ['pretrain', 'oracle']);
      expect(Object.keys(models)).toHaveLength(4);
      const given = await open('#s=1.quickstart');
      await writePrivate(given, 'lethe-artifacts', models);
      await given.goto(`${firefox.site.url}${link}`);
      await press(given, 'Run this study');
      await untilSaid(given, COMPUTED);
      const same = await keptNow(given);
      expect(scoreDistance(same.detail.losses, other.detail.losses)).toBeLessThan(1e-5);
      expect(scoreDistance(same.detail.maps[0]!.scores, other.detail.maps[0]!.scores)).toBeLessThan(1e-5);
      const [a, b] = [same.runs[0]!, other.runs[0]!];
      const mask = await artifactsOf(given, study, ['mask']);
      expect(Object.keys(mask)).toHaveLength(1);
      expect(mask).toEqual(await artifactsOf(theirs, study, ['mask']));
      expect(lossDistance(lossesOf(a), lossesOf(b))).toBeLessThan(1e-4);
      expect(answerDistance(a.answers!, b.answers!)).toSatisfy(within(3, 2 / 255));
      for (const model of ['original', 'oracle'] as const)
        expect(answerDistance(same[model].answers!, other[model].answers!)).toSatisfy(within(0, 1 / 255));
    } finally {
      await chromium.close();
    }
  });

  it('takes dropped images to the bit, and keeps them', async () => {
    const page = await open(linkTo(tinyStudy));
    await untilSaid(page, /Run it here/);
    const pictures = Object.fromEntries(
      ['cat', 'dog'].flatMap((name, c) =>
        Array.from({ length: 20 }, (_, i) => [`pets/${name}/${10 + i}.png`, png(c * 200 + i, 8)]),
      ),
    );
    await dropBytes(page, 'pets.zip', zipSync(pictures));
    await untilSaid(
      page,
      /The study now uses pets(\.zip)?: \d+ images to train on, \d+ to test on, 2 classes\./,
    );
    const stored = Object.entries(await readPrivate(page, 'lethe-data'));
    const [, shard] = stored.find(([name]) => name.includes('.0-train.0'))!;
    const { images } = decodeSafetensors((await unsealArtifact(Buffer.from(shard, 'base64')))!);
    expect(images!.shape.slice(1)).toEqual([8, 8, 3]);
    // No colour management, no premultiplied alpha.
    expect(images!.data.subarray(0, 384)).toEqual(
      Uint8Array.from([...picture(0, 8, 8), ...picture(200, 8, 8)]),
    );
  });

  it('resumes a study from its last checkpoint after its device was lost, and after the page was left', async () => {
    const study = { ...tinyStudy, oracle: { ...tinyStudy.oracle, epochs: 32 } };
    const page = await open(linkTo(study), (fresh) => fresh.evaluateOnNewDocument(keepMessages));
    await press(page, 'Run it here');
    const hasCheckpoint = async () =>
      Object.entries(await readPrivate(page, 'lethe-artifacts')).some(
        ([name, bytes]) => /state/.test(name) && bytes !== '',
      );
    await expect.poll(hasCheckpoint).toBe(true);
    await loseDevice(page);
    await untilSaid(
      page,
      /The graphics device was lost \(.+\)\. The study goes on from its last checkpoint\./,
    );
    await page.waitForSelector('.card[data-step="forget"] ::-p-text( steps)');
    await page.goto('about:blank');
    await page.goBack();
    await untilSaid(page, /“Tiny” was being computed when the page was left\./);
    await press(page, 'Resume');
    await untilSaid(page, COMPUTED);
    const events = await seenEvents(page);
    // Without the comparisons of the models, which come last.
    const trained = events.flatMap(({ type, stage }) =>
      type === 'stage-started' && stage !== 'compare' ? [stage] : [],
    );
    expect(trained).toEqual(['data', 'oracle', 'evaluate', 'unlearn', 'evaluate']);
    const first = events.find(({ stage, step }) => stage === 'oracle' && step !== undefined);
    expect(first?.step).toBeGreaterThan(4);
    expect(await hasCheckpoint()).toBe(false);
  });
});
