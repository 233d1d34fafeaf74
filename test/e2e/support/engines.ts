import { planStudy } from '../../../src/lab/plan/plan-study';
import { registries } from '../../../src/lab/session/all-registries';
import { noteKey } from '../../../src/lab/stages/common/model';
import { fileOfKey, unsealArtifact } from '../../../src/lab/store/envelope';
import { parseResult } from '../../../src/lab/study/parse-result';
import type { StudyResult } from '../../../src/lab/study/result';
import type { Study } from '../../../src/lab/study/study';
import type { AnyPage } from './any-page';
import { type PrivateFiles, readPrivate } from './private-files';

/** The only result that the page has kept. */
export async function keptResult(page: AnyPage): Promise<StudyResult> {
  const [sealed] = Object.values(await readPrivate(page, 'lethe-results'));
  const bytes = await unsealArtifact(Buffer.from(sealed!, 'base64'));
  const parsed = parseResult(JSON.parse(new TextDecoder().decode(bytes)));
  if (!parsed.ok) throw new Error('The kept result cannot be read.');
  return parsed.result;
}

/** The artifacts of some kinds of stages that a page holds of a study: what another engine goes on from, or is compared with. */
export async function artifactsOf(page: AnyPage, study: Study, stages: string[]): Promise<PrivateFiles> {
  const artifacts = await readPrivate(page, 'lethe-artifacts');
  const names = planStudy(study, registries)
    .stages.filter(({ stage }) => stages.includes(stage))
    .flatMap(({ key }) => [fileOfKey(key), fileOfKey(noteKey(key))]);
  return Object.fromEntries(names.flatMap((name) => (name in artifacts ? [[name, artifacts[name]!]] : [])));
}
