import * as tf from '@tensorflow/tfjs-core';
import { buffers, type Kernel, type Lanes, lanesOf } from './kernel';
import { groupsFor, runKernel, threadPerItem } from './run';

/** A thread writes the values of one pixel and its four neighbours. */
const patchesKernel: Kernel = {
  key: 'tokens:shifted-patches',
  inputs: { images: 'f32' },
  outputs: { patches: 'f32' },
  uniforms: { pixels: 'u32', height: 'u32', width: 'u32', channels: 'u32', side: 'u32' },
  source: () => `
    // Shifting an image right shows the pixel on the left.
    const NEIGHBOURS = array(vec2i(0, 0), vec2i(0, -1), vec2i(0, 1), vec2i(-1, 0), vec2i(1, 0));
    ${threadPerItem(
      'uniforms.pixels',
      `let u = uniforms;
      let x = i % u.width;
      let y = i / u.width % u.height;
      let image = i / (u.width * u.height);
      let across = u.width / u.side;
      let place = (image * (u.height / u.side) + y / u.side) * across + x / u.side;
      var out = (place * u.side * u.side + y % u.side * u.side + x % u.side) * 5u * u.channels;
      for (var n = 0; n < 5; n++) {
        let at = vec2i(i32(y), i32(x)) + NEIGHBOURS[n];
        let inside = at.x >= 0 && at.x < i32(u.height) && at.y >= 0 && at.y < i32(u.width);
        let source = select(0u, ((image * u.height + u32(at.x)) * u.width + u32(at.y)) * u.channels, inside);
        for (var c = 0u; c < u.channels; c++) {
          patches[out] = select(0.0, images[source + c], inside);
          out++;
        }
      }`,
    )}`,
};

/**
 * Shifted patch tokenisation (Lee et al. 2021): the image and its copies moved one pixel right, left, down and up (zero filled) are
 * stacked as channels, then cut into patches, row by row. Images are data: nothing flows back into them.
 * @param images `[n, height, width, channels]`, sides multiples of `patch`
 * @returns `[n, patches, 5 × channels × patch²]`, channel fastest
 */
export function shiftedPatches(images: tf.Tensor4D, patch: number): tf.Tensor3D {
  const [count, height, width, channels] = images.shape;
  const pixels = count * height * width;
  return runKernel(patchesKernel, {
    inputs: [images],
    outputs: [{ shape: [count, (height / patch) * (width / patch), 5 * channels * patch ** 2] }],
    uniforms: { pixels, height, width, channels, side: patch },
    groups: groupsFor(pixels),
  })[0] as tf.Tensor3D;
}

const UNIFORMS = { images: 'u32', tokens: 'u32', dim: 'u32' } as const;

const embedKernel = (element: Lanes): Kernel => ({
  key: `tokens:embed:${element}`,
  inputs: buffers(element, 'patches', 'first', 'position'),
  outputs: { y: element },
  uniforms: UNIFORMS,
  source: () =>
    threadPerItem(
      'uniforms.images * uniforms.tokens * uniforms.dim',
      `let own = i % (uniforms.tokens * uniforms.dim);
      let image = i / (uniforms.tokens * uniforms.dim);
      if (own < uniforms.dim) { y[i] = first[own] + position[own]; }
      else { y[i] = patches[i - (image + 1u) * uniforms.dim] + position[own]; }`,
    ),
});

/** One thread per entry of a token: it sums the gradient over the images and copies it on to the patches. */
const embedGradients = (element: Lanes): Kernel => ({
  key: `tokens:embed-gradients:${element}`,
  inputs: { dy: element },
  outputs: buffers(element, 'dpatches', 'dfirst', 'dposition'),
  uniforms: UNIFORMS,
  source: () =>
    threadPerItem(
      'uniforms.tokens * uniforms.dim',
      `var sum = ${element}();
      for (var image = 0u; image < uniforms.images; image++) {
        let at = image * uniforms.tokens * uniforms.dim + i;
        let value = dy[at];
        sum += value;
        if (i >= uniforms.dim) { dpatches[at - (image + 1u) * uniforms.dim] = value; }
      }
      dposition[i] = sum;
      if (i < uniforms.dim) { dfirst[i] = sum; }`,
    ),
});

/**
 * Puts the class token in front of an image's patches and adds the position embedding. Differentiable in all three.
 * @param patches `[n, patches, dim]`
 * @param classToken `[1, 1, dim]`
 * @param position `[1, patches + 1, dim]`
 * @returns `[n, patches + 1, dim]`
 */
export function embedTokens(
  patches: tf.Tensor3D,
  classToken: tf.Tensor3D,
  position: tf.Tensor3D,
): tf.Tensor3D {
  const [images, count, width] = patches.shape;
  const { element, count: dim } = lanesOf(width);
  const tokens = count + 1;
  const uniforms = { images, tokens, dim };
  const embed = tf.customGrad((...args) => {
    const [given, first, places] = args.slice(0, 3) as tf.Tensor[];
    return {
      value: runKernel(embedKernel(element), {
        inputs: [given!, first!, places!],
        outputs: [{ shape: [images, tokens, width] }],
        uniforms,
        groups: groupsFor(images * tokens * dim),
      })[0]!,
      gradFunc: (dy: tf.Tensor) =>
        runKernel(embedGradients(element), {
          inputs: [dy],
          outputs: [{ shape: patches.shape }, { shape: classToken.shape }, { shape: position.shape }],
          uniforms,
          groups: groupsFor(tokens * dim),
        }),
    };
  });
  return embed(patches, classToken, position) as tf.Tensor3D;
}
