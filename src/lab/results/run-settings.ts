import { localizers } from '../localize';
import { type Entry, parseSettings, type Registry, type Settings } from '../settings';
import { expandRuns } from '../study/expand';
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
 */
export function settingsOfRuns(study: Study, outcomes: readonly Told[]): Map<string, RunSettings> {
  const chosen = new Map(outcomes.map(({ id, tuned }) => [id, tuned]));
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
