import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { openPage } from './support/browser';
import { drop } from './support/drop';
import { labForTests } from './support/lab';
import { linkTo, tinyStudy } from './support/tiny-study';

const lab = labForTests({ webgpu: true });
const cases = (path: string) => resolve('test/cases', path);
const filesIn = (path: string) => readdirSync(cases(path)).map((name) => cases(join(path, name)));

it('the page reads parquet files, archives and arrays as the command line does, and says what it read', async () => {
  const page = await openPage(lab.browser, `${lab.site.url}${linkTo(tinyStudy)}`);
  for (const [files, said] of [
    [
      [cases('parquet/cifar100_coarse_first')],
      /15 images to train on, 3 to test on, 3 classes\..*columns img and fine_label\./,
    ],
    [[cases('parquet/hub_convert_dirs')], /18 images to train on, 6 to test on/],
    [[cases('parquet/mask_and_image')], /columns image and label; left out: 1 column \(mask\)/],
    [
      [cases('parquet/test_other_names')],
      /begin with dog, owl and cat, those of .*train-0.parquet with cat, dog and owl/,
    ],
    [[cases('archives/cifar-10-python.tar.gz')], /40 images to train on, 8 to test on/],
    [filesIn('archives/idx'), /36 images to train on, 12 to test on/],
    [[cases('archives/medmnist.npz')], /30 images to train on, 12 to test on.*left out: 2 arrays/],
    [[cases('faults/mat-cut/cut60.mat')], /cut60.mat is not a little-endian MAT-file/],
  ] as const) {
    await drop(page, ...files);
    await page.getByText(said).first().waitFor({ timeout: 30_000 });
  }
  await drop(page, cases('parquet/cifar100_coarse_first'));
  await page.getByRole('button', { name: 'Use coarse_label' }).last().click();
  await page.getByText('Column with the classes: coarse_label. There is fine_label too.').waitFor();
  for (const file of ['hang1', 'bad_HANG8s_seed', 'bad_HANG8s_seed_UNCOMPRESSED']) {
    const started = performance.now();
    await drop(page, cases(`faults/parquet-hang/${file}.parquet`));
    await page.getByText(new RegExp(`${file}.parquet is not a parquet file .* so it is damaged`)).waitFor();
    expect(performance.now() - started).toBeLessThan(5000);
  }
});
