import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { FOLDER_CASES } from '../support/folder-cases';
import { openPage } from './support/browser';
import { drop } from './support/drop';
import { labForTests } from './support/lab';
import { linkTo, tinyStudy } from './support/tiny-study';

const lab = labForTests({ webgpu: true });
const folderAt = (name: string) => fileURLToPath(new URL(`../cases/folders/${name}`, import.meta.url));

it('dropped folders are split as on the command line, and what was left out is said', async () => {
  const page = await openPage(lab.browser, `${lab.site.url}${linkTo(tinyStudy)}`);
  for (const [name, train, test, classes, said] of FOLDER_CASES) {
    await drop(page, folderAt(name));
    const notice = page.getByText(
      `The study now uses ${name}: ${train} images to train on, ${test} to test on, ${classes} classes.`,
    );
    await notice.waitFor();
    expect(await notice.innerText()).toMatch(said);
  }
});
