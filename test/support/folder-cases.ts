/** The folders in `test/cases/folders`: images to train and test on, classes, and what is said of them. */
export const FOLDER_CASES: [folder: string, train: number, test: number, classes: number, said: RegExp][] = [
  ['Training_Testing', 18, 9, 3, /Split: folders Testing and Training\./],
  ['train_dev', 18, 9, 3, /Split: folders dev and train\./],
  [
    'roboflow_train_valid_test',
    18,
    9,
    3,
    /Split: folders test and train; left out: 9 images in valid\/ \(there is a test set\)\./,
  ],
  ['class_then_split', 12, 6, 2, /Split: folders test and train in each class\./],
  ['subfolders_in_class', 12, 6, 2, /Split: folders test and train\./],
  ['unlabelled_test', 15, 3, 3, /every sixth image of a class is held out; left out: 5 images in test\//],
  ['mixed_ext', 36, 6, 3, /every sixth image/],
  ['one_class_webp', 21, 3, 3, /every sixth image/],
];
