/** What the reader did to the rows, by group key. */
export interface RunMarks {
  pinned: readonly string[];
  hidden: readonly string[];
}

/** Adds or removes a key. */
export function toggleMark(marks: RunMarks, which: keyof RunMarks, key: string): RunMarks {
  const list = marks[which];
  return { ...marks, [which]: list.includes(key) ? list.filter((known) => known !== key) : [...list, key] };
}
