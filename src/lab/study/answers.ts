/** What a network says of images, in their order. */
export interface Answers {
  /** The class of its largest output; of equal ones the first. */
  predicted: Uint16Array;
  /** Its softmax probability of the image's label, 0 to 1. */
  confidence: Float32Array;
}

/** Steps of the confidence in a file, which is a byte. */
const STEPS = 255;
/** A predicted class is a byte where it can be, so that most networks need two bytes an image. */
const BYTE_CLASSES = 256;

/**
 * Answers as they stand in files: first the predicted class of each image (little-endian uint16 where the network has more than 256
 * outputs), then for each a byte of confidence, 255 for certain.
 */
export function packAnswers({ predicted, confidence }: Answers, classes: number): Uint8Array {
  const wide = classes > BYTE_CLASSES;
  const images = predicted.length;
  const bytes = new Uint8Array(images * (wide ? 3 : 2));
  predicted.forEach((label, i) => {
    if (wide) {
      bytes[2 * i] = label & 0xff;
      bytes[2 * i + 1] = label >> 8;
    } else bytes[i] = label;
  });
  bytes.set(
    Uint8Array.from(confidence, (value) => Math.round(STEPS * value)),
    bytes.length - images,
  );
  return bytes;
}

/** The inverse of `packAnswers`, with confidences in steps of 1/255. @param images how many, which tells one byte for a class from two */
export function unpackAnswers(bytes: Uint8Array, images: number): Answers {
  const wide = bytes.length === 3 * images;
  const predicted = Uint16Array.from({ length: images }, (_, i) =>
    wide ? bytes[2 * i]! | (bytes[2 * i + 1]! << 8) : bytes[i]!,
  );
  const confidence = Float32Array.from(bytes.subarray(bytes.length - images), (level) => level / STEPS);
  return { predicted, confidence };
}

/** Whether so many bytes may be the answers on so many images. */
export const areAnswersOf = (bytes: number, images: number): boolean =>
  bytes === 2 * images || bytes === 3 * images;
