import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Part, partsNamed } from '../lab/plan/parts';
import type { Plan } from '../lab/plan/plan';
import { WHOLE_STUDY } from '../lab/results/progress-log';
import { verdictOfResult } from '../lab/results/verdict/verdict';
import { registries } from '../lab/session/all-registries';
import { createSession, type Session } from '../lab/session/session';
import { LetheError } from '../lab/settings';
import { keepWeights } from '../lab/stages/common/given-weights';
import { fileStore, writeWhole } from '../lab/store/node';
import { folderLocks } from '../lab/store/node-locks';
import { explainingRefusals, RefusedError, refusalOf } from '../lab/store/refused';
import type { StudyResult } from '../lab/study/result';
import type { TilingPolicy } from '../lab/train/kept-tilings';
import type { Command, CommandContext } from './command';
import { openDataHost } from './data-host';
import { openDevice } from './device';
import { checkDisk, estimateLine } from './estimate';
import { assetReader, readNumber } from './inputs';
import { beginWhole, checkStillOwn, claimFolder, holdFolder, watchFolder } from './own-folder';
import { progressPrinter } from './progress';
import { clearProgress, openProgressFiles, type ProgressFiles } from './progress-files';
import { shellQuoted } from './quoted';
import { checkInputsStay, filesOf, resultText } from './result-files';
import {
  assignmentsOf,
  defaultFolder,
  inFolder,
  OTHER_OUT,
  openStudy,
  studyOptions,
  type WeightsFiles,
} from './study-folder';
import { readTilingPolicy } from './tilings';

export const runCommand: Command = {
  name: 'run',
  summary: 'Runs a whole study and writes study.json, result.json, weights, masks and scores.',
  positional: { usage: '<study.json | preset>', most: 1 },
  options: {
    ...studyOptions,
    resume: { help: 'goes on in DIR; finished stages are not repeated' },
    only: {
      value: 'PART',
      help: 'does this part alone, as lethe plan lists them; lethe merge joins what came out',
      multiple: true,
    },
    'dry-run': { help: 'only says what the study will take here, measured on a few steps' },
    tilings: {
      value: 'T',
      help: 'how products are shared between a GPU’s threads: auto (used unless you say otherwise: what a two-second trial on this GPU chose), default (the built-in tiling, no trial), trial (try again now, on a CPU too), or the path of a result.json whose tilings are reused',
    },
    checkpoint: {
      value: 'SECONDS',
      help: 'at most so much training is lost when it is killed outright; default 60',
    },
  },
  notes: [
    'A short name (epochs, lr, alpha, beta, …) sets every part of the study that knows it.',
    'With --out the study may be left out when --resume or --only is given: the one in DIR is continued.',
    'A study with "weights": {"file": PATH} starts from those instead of pretraining, "oracle": {"weights": …} and a run with "weights"',
    'compare models made elsewhere, and a run of the strategy manual with "mask" takes a mask; PATH is relative to the study’s file.',
    'A list of values of a setting of "localize" or "unlearn" makes a run of each; with "select": {"by": "gap"} beside it the values are candidates',
    'of one run, tried on seed 1000, and the one nearest to the oracle is used:',
    `  --set 'lr=[0.01,0.03]' --set 'select={"by":"gap"}'    (the quotes are for the shell)`,
    'Ctrl-C (or SIGTERM, as batch systems send it) ends the step in hand and keeps its state; --resume goes on from there.',
    'One DIR holds one study. A finished one is left as it is; with --resume its files are written anew.',
    'Many processes may work with --only in one DIR, also on many machines.',
    'The page shows DIR, finished or not, when it is dropped there; lethe follow DIR opens it by itself, also while it grows.',
  ],
  async run(args, context) {
    const [name] = args.positional;
    const [resume, only] = [args.has('resume'), args.all('only')];
    const given = args.text('out');
    if (!name && !((resume || only.length > 0) && given))
      throw new LetheError('lethe run needs a study file or the name of a preset; lethe presets lists them.');
    const folder = given ?? defaultFolder(name!);
    if (!name && !existsSync(inFolder.study(folder)))
      throw new LetheError(`${folder} holds no study to resume.`);
    const { plan, weights } = await openStudy(name ?? inFolder.study(folder), assignmentsOf(args), context);
    if (name) await checkInputsStay(plan, dirname(name), folder);
    const dry = args.has('dry-run');
    if (only.length > 0 && dry) throw new LetheError('--dry-run is about the whole study: leave --only out.');
    const parts = only.length > 0 ? partsNamed(plan, registries, only) : undefined;
    const seconds = args.text('checkpoint');
    const checkpointSeconds = seconds === undefined ? 60 : readNumber('checkpoint', seconds, 'whole');
    const tilings = await readTilingPolicy(args.text('tilings'));
    const work = () => runStudy({ plan, weights, folder, parts, dry, checkpointSeconds, tilings }, context);
    if (dry) return work();
    if (parts) {
      await claimFolder(folder, plan);
      return work();
    }
    await holdFolder(folder, context.signal, async () => {
      const finished = await beginWhole(folder, plan, resume);
      if (!finished) return work();
      const [day] = finished.finished.split('T');
      context.stderr(
        `${folder} holds this study, finished on ${day}: nothing is left to do. lethe run --resume --out ${shellQuoted(folder)} writes its files anew; another --out computes it again.\n`,
      );
    });
  },
};

interface Work {
  plan: Plan;
  weights: WeightsFiles;
  folder: string;
  /** Absent: the whole study. */
  parts?: Part[];
  /** Only says what it will take. */
  dry: boolean;
  checkpointSeconds: number;
  tilings: TilingPolicy;
}

/** Runs a study, or some of its parts, in a folder that is its own. */
async function runStudy(
  { plan, weights, folder, parts, dry, checkpointSeconds, tilings }: Work,
  context: CommandContext,
): Promise<void> {
  const place = inFolder.artifacts(folder);
  const made = dry ? 'made' : 'there';
  const store = explainingRefusals(fileStore(place, made), folder, OTHER_OUT);
  await keepWeights(store, weights);

  const print = progressPrinter(context.stderr, context.interactive);
  let progress: ProgressFiles | undefined;
  const dataHost = openDataHost();
  const session = createSession({
    registries,
    openEngine: () => openDevice({ tilings, tilingStore: dataHost.cache }),
    readAsset: assetReader(context.root),
    dataHost,
    store,
    locks: folderLocks(place, undefined, made),
    emit(event) {
      print(event);
      progress?.logEvent(event);
    },
    checkpointSeconds,
  });
  /** Keeps a log of the work in the folder until its results are written. */
  const logged = async (what: string, work: () => Promise<void>) => {
    const files = await openProgressFiles(folder, what, context.stderr);
    progress = files;
    try {
      files.setDevice(await session.device());
      await work();
    } finally {
      progress = undefined;
      await files.close();
    }
    await files.remove();
  };
  const stop = () => void session.cancel();
  context.signal.addEventListener('abort', stop);
  let gone: unknown;
  let said: string | undefined;
  const onGone = (reason: unknown) => {
    gone ??= reason;
    stop();
  };
  const unwatch = dry ? undefined : watchFolder(folder, plan, onGone);
  try {
    context.signal.throwIfAborted();
    if (dry) return await announce(session, plan, folder, context);
    if (parts)
      for (const part of parts) await logged(part.id, () => runPart(session, plan, part, folder, context));
    else {
      await logged(WHOLE_STUDY, async () => {
        await announce(session, plan, folder, context);
        said = verdictOfResult(await runWhole(session, plan, folder));
      });
      await clearProgress(folder);
    }
    if (said) context.stderr(`${said}\n`);
    context.stderr(`Done: ${folder}\n`);
  } catch (error) {
    if (!context.signal.aborted) {
      if (!dry) await checkStillOwn(folder, plan);
      throw gone ?? (error instanceof RefusedError ? refusalOf(error, folder, OTHER_OUT) : error);
    }
    if (dry) throw new LetheError('Stopped.');
    const again = parts ? 'the same command' : `lethe run --resume --out ${shellQuoted(folder)}`;
    throw new LetheError(`Stopped; ${again} goes on from here.`);
  } finally {
    unwatch?.();
    context.signal.removeEventListener('abort', stop);
    session.dispose();
  }
}

/** Prints the study's estimated cost. @throws LetheError when the disk is too small. */
async function announce(session: Session, plan: Plan, folder: string, { stderr, signal }: CommandContext) {
  const estimate = await session.estimate(plan.study);
  stderr(`${estimateLine(estimate, plan)}\n`);
  await checkDisk(folder, estimate, plan);
  signal.throwIfAborted();
}

/** Runs the study and writes its files; `result.json`, which marks it as done, comes last. */
async function runWhole(session: Session, plan: Plan, folder: string): Promise<StudyResult> {
  const result = await session.run(plan.study);
  await checkStillOwn(folder, plan);
  for (const { name, what } of filesOf(plan, result))
    await writeWhole(join(folder, name), await session.export(...what), 'there');
  await writeWhole(inFolder.result(folder), resultText(result), 'there');
  return result;
}

/** Runs one part of a study and writes its files; `parts/<id>.json`, which marks it as done, comes last. */
async function runPart(session: Session, plan: Plan, part: Part, folder: string, { signal }: CommandContext) {
  signal.throwIfAborted();
  const found = await session.runParts(plan.study, [part.id]);
  await checkStillOwn(folder, plan);
  for (const { name, what, part: maker } of filesOf(plan, found))
    if (maker === part.id || part.runs.includes(maker))
      await writeWhole(join(folder, name), await session.export(...what), 'there');
  await writeWhole(join(inFolder.parts(folder), `${part.id}.json`), `${JSON.stringify(found)}\n`);
}
