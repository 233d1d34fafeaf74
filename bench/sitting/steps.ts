import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findChromium } from '../../scripts/setup.mjs';
import { reportRow } from '../report';
import { readJson } from './files';
import { type Agreement, MICRO_STUDIES, type MicroFound } from './micro';
import type { NetworkFound } from './network-found';
import type { DeviceFound } from './probes/device';
import type { PageFound } from './probes/page';
import type { TilingsFound } from './probes/tilings';
import { anyStep, type Command, type Place, type Step } from './step';
import { fullWidthStep, presetStep, runStudy } from './study-steps';

const probe = (place: Place, ...args: string[]): Command => ({
  program: process.execPath,
  args: [place.probe, ...args],
});
const fileOf = ({ out }: Place, id: string) => join(out, `${id}.json`);

/** The first Python on the path that has PyTorch. */
const findPython = (): string | undefined =>
  ['python3', 'python'].find(
    (name) => spawnSync(name, ['-c', 'import torch'], { stdio: 'ignore', timeout: 60_000 }).status === 0,
  );

const device: Step<DeviceFound> = {
  id: 'device',
  title: 'Device and limits',
  share: 10,
  least: 1,
  needs: [],
  commands: (place) => [probe(place, 'device', fileOf(place, 'device'))],
  collect: (place) => readJson(fileOf(place, 'device')),
  tell: ({ adapter, limits, features, nvidia }) =>
    [
      `${nvidia ?? adapter.label}: buffers of ${(limits.maxStorageBufferBindingSize! / 2 ** 30).toFixed(1)} GiB`,
      `${limits.maxComputeWorkgroupStorageSize! / 1024} KiB of shared memory`,
      `${limits.maxComputeInvocationsPerWorkgroup} invocations`,
      `${['shader-f16', 'subgroups', 'timestamp-query'].filter((name) => features.includes(name)).join(', ') || 'no optional feature'}.`,
    ].join(', '),
};

const by = (distance: number) => (distance === 0 ? '0' : distance.toExponential(0));
const tellAgreement = ([name, found]: [string, Agreement & { reference: string }]) =>
  `${name}, against ${found.reference}: losses differ by ${by(found.losses)}, scores by ${by(found.scores)}, ` +
  `unlearning’s losses by ${by(found.unlearning)}; another class in ${found.otherClass} of ${found.images} answers.`;

const micro: Step<MicroFound> = {
  id: 'micro',
  title: 'A micro study against the CPU’s numbers',
  share: 60,
  least: 60,
  needs: ['lethe'],
  // Compared after each, so that the first is known when the second is cut.
  commands: (place) =>
    Object.entries(MICRO_STUDIES).flatMap(([name, settings]) => [
      runStudy(place, 'micro', join('micro', name), settings),
      probe(place, 'agreement', fileOf(place, 'micro'), join(place.work, 'micro')),
    ]),
  collect: (place) => readJson(fileOf(place, 'micro')),
  tell: (found) => Object.entries(found).map(tellAgreement).join(' '),
};

const tilings: Step<TilingsFound> = {
  id: 'tilings',
  title: 'The trial of tilings',
  share: 12,
  least: 10,
  needs: [],
  commands: (place) => [probe(place, 'tilings', fileOf(place, 'tilings'))],
  collect: (place) => readJson(fileOf(place, 'tilings')),
  tell: (found) =>
    Object.entries(found)
      .map(([name, { classes, milliseconds }]) => {
        const tried = classes.flatMap((each) => each.tried);
        const wrong = tried.filter((each) => each.wrong).length;
        const differing = tried.filter((each) => each.sameBits === false).length;
        const changed = classes.filter(
          (each) => each.tried[0] && each.chosen !== each.tried[0].tiling,
        ).length;
        return `${name}: ${changed} of ${classes.length} classes left their default, ${wrong} of ${tried.length} results were wrong and ${differing} had other bits, in ${(milliseconds / 1000).toFixed(1)} s.`;
      })
      .join(' '),
};

function network(name: string, title: string, share: number): Step<NetworkFound> {
  const id = `bench-${name}`;
  return {
    id,
    title,
    share,
    least: 20,
    leastOnCpu: 60,
    needs: [],
    commands: (place) => [probe(place, 'network', name, fileOf(place, id))],
    collect: (place) => readJson(fileOf(place, id)),
    tell({ result }) {
      const row = reportRow(result);
      const others = [
        [`stock TF.js takes`, row['stock / replay']],
        [`jax-js`, row['jax-js / replay']],
      ].flatMap(([who, ratio]) => (ratio === '–' ? [] : [`${who} ${ratio} times as long`]));
      return [
        `${row['replay ms']} ms a step, ${row['images/s']} images/s`,
        `${row['GFLOP/s']} GFLOP/s`,
        ...others,
      ]
        .join(', ')
        .concat('.');
    },
  };
}

/** What `bench/pytorch.py` writes. */
export interface PyTorchFound {
  torch: string;
  device: string;
  networks: {
    network: string;
    batch: number;
    parameters: number;
    medianMilliseconds: number;
    imagesPerSecond: number;
  }[];
}

const pytorch: Step<PyTorchFound> = {
  id: 'pytorch',
  title: 'PyTorch float32 (TF32 off), the same steps',
  share: 40,
  least: 15,
  needs: [],
  commands(place) {
    const python = findPython();
    if (!python) return 'No Python with PyTorch was found here.';
    const small = place.adapter.software ? ['--rounds', '1', '--steps', '1'] : [];
    const script = join(place.root, 'bench', 'pytorch.py');
    return [{ program: python, args: [script, '--out', fileOf(place, 'pytorch'), ...small] }];
  },
  collect: (place) => readJson(fileOf(place, 'pytorch')),
  tell: ({ torch, device: where, networks }) =>
    `PyTorch ${torch} on ${where}: ${networks.map(({ network: name, medianMilliseconds }) => `${name} ${medianMilliseconds.toFixed(2)} ms`).join(', ')}.`,
};

const page: Step<PageFound> = {
  id: 'page',
  title: 'The page in Chromium while it trains: frames',
  share: 40,
  least: 25,
  needs: ['page'],
  commands(place, seconds) {
    if (!findChromium()) return 'No Chromium was found here; the environment variable CHROMIUM may name one.';
    if (!existsSync(join(place.root, 'dist', 'index.html'))) return 'The page is not built.';
    return [probe(place, 'page', place.root, String(Math.floor(seconds)), fileOf(place, 'page'))];
  },
  collect: (place) => readJson(fileOf(place, 'page')),
  tell: ({ adapter, seconds, frames, medianMs, p99Ms, longestMs, progress }) =>
    `${adapter}: ${(frames / seconds).toFixed(1)} frames a second over ${seconds.toFixed(0)} s of training (${progress}); between frames ${medianMs.toFixed(1)} ms in the median, ${p99Ms.toFixed(1)} ms at the 99th percentile, ${longestMs.toFixed(0)} ms at most.`,
};

/** All steps in their order: the most telling first. */
export const steps: readonly Step[] = [
  anyStep(device),
  anyStep(micro),
  anyStep(tilings),
  anyStep(network('resnet8', 'Bench of resnet8', 40)),
  anyStep(network('resnet18', 'Bench of ResNet-18', 50)),
  anyStep(network('vit-192x4', 'Bench of the ViT', 40)),
  anyStep(network('resnet50', 'Bench of ResNet-50', 60)),
  anyStep(pytorch),
  anyStep(presetStep({ id: 'quickstart', title: 'The quick start', share: 60, least: 30 })),
  anyStep(
    // Comparisons come after all runs are measured and would only delay the end.
    presetStep({ id: 'deeper', title: 'A deeper network', share: 150, least: 60 }, ['compare=false']),
  ),
  anyStep(fullWidthStep),
  anyStep(page),
];
