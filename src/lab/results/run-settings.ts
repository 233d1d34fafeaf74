import { localizers } from '../localize';
import { type Entry, parseSettings, type Registry, type Settings } from '../settings';
import { expandRuns } from '../study/expand';
import type { Tuned } from '../study/result';
import type { Run, Study } from '../study/study';
import { unlearners } from '../unlearn';

/** The settings that a run was made with, defaults included. */
export interface RunSettings {
  localize: Settings;
  unlearn: Settings;
}

/** A run as its result tells it: one whose settings were chosen among candidates says which won. */
interface Told {
  id: string;
  tuned?: RunSettings;
}

/**
 * Those of every run of a study, by the run's id; of what this version of Lethe does not know, what the study says. Never throws.
 * @param outcomes what the runs told
 * @param selections how settings were chosen, which a run that is at work does not tell yet
 */
export function settingsOfRuns(
  study: Study,
  outcomes: readonly Told[],
  selections: readonly Pick<Tuned, 'runs' | 'candidates' | 'winner'>[] = [],
): Map<string, RunSettings> {
  const chosen = new Map<string, RunSettings | undefined>(
    selections.flatMap(({ runs, candidates, winner }) =>
      runs.map((id) => [id, winner === undefined ? undefined : candidates[winner]] as const),
    ),
  );
  for (const { id, tuned } of outcomes) if (tuned) chosen.set(id, tuned);
  return new Map(
    runsOf(study).map((run) => {
      const { localize, unlearn } = chosen.get(run.id) ?? run;
      return [
        run.id,
        {
          localize: settled(localizers, run.strategy, localize),
          unlearn: settled(unlearners, run.method, unlearn),
        },
      ];
    }),
  );
}

function runsOf(study: Study): Run[] {
  try {
    return expandRuns(study);
  } catch {
    // A study that asks for too many runs: those of its result are shown without settings.
    return [];
  }
}

function settled(registry: Registry<Entry>, id: string, given: Settings): Settings {
  const entry = registry.find(id);
  return entry ? parseSettings(entry.settings, given).settings : given;
}
