import type { StageKind } from './stage-kind';

/** Loading happens before a plan runs; this stage shows how far it is, and is where the forget set is chosen. */
export const data: StageKind = {
  id: 'data',
  label: 'Load the data',
  explanation: 'Loads the images and brings them to the device.',
  reference: 'METHOD section 3',
  settings: [],
  step: 'data',
  plan: {
    study(planning) {
      planning.add(data, planning.study.data, { runs: [...planning.runs], needs: [] });
      return {};
    },
  },
  work: () => 0,
  storedBytes: () => 0,
  leavesNothing: true,
  settlesForgetSet: true,
  async perform() {},
  async collect(_, context) {
    // Where the rule ranks by memorization it is asked once those scores are known.
    if (!context.plan.memorizationKey) await context.chooseForgetSet();
  },
};
