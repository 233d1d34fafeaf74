import { createStore } from 'zustand/vanilla';
import type { Study } from '../../lab/study/study';
import { type CostSlice, createCostSlice } from './cost-slice';
import { createFollowSlice, type FollowSlice } from './follow-slice';
import { createModelsSlice, type ModelsSlice } from './models-slice';
import { createReadingSlice, type ReadingSlice } from './reading-slice';
import { createStudiesSlice, type StudiesSlice } from './studies-slice';
import { createStudySlice, type StudySlice } from './study-slice';
import { createUiSlice, type UiSlice } from './ui-slice';
import { createUnitsSlice, type UnitsSlice } from './units-slice';
import { createViewSlice, type ViewSlice } from './view-slice';

export type AppState = StudySlice &
  ViewSlice &
  UiSlice &
  UnitsSlice &
  FollowSlice &
  CostSlice &
  ReadingSlice &
  ModelsSlice &
  StudiesSlice;
export type AppStore = ReturnType<typeof createAppStore>;

export function createAppStore(study: Study) {
  return createStore<AppState>()((...api) => ({
    ...createStudySlice(study)(...api),
    ...createViewSlice(...api),
    ...createUiSlice(...api),
    ...createUnitsSlice(...api),
    ...createFollowSlice(...api),
    ...createCostSlice(...api),
    ...createReadingSlice(...api),
    ...createModelsSlice(...api),
    ...createStudiesSlice(...api),
  }));
}
