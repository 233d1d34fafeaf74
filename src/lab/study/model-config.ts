import * as v from 'valibot';

const positive = v.pipe(v.number(), v.integer(), v.minValue(1));
const stages = v.pipe(v.array(positive), v.minLength(1));

const resnet = v.pipe(
  v.object({
    kind: v.literal('resnet'),
    stem: v.picklist(['cifar', 'imagenet']),
    block: v.picklist(['basic', 'bottleneck']),
    layers: stages,
    widths: stages,
    stemWidth: v.optional(positive),
    inChannels: positive,
    classes: positive,
  }),
  v.check(({ layers, widths }) => layers.length === widths.length, '"layers" and "widths" differ in length'),
);

const vit = v.pipe(
  v.object({
    kind: v.literal('vit'),
    image: positive,
    patch: positive,
    dim: positive,
    depth: positive,
    heads: positive,
    dimHead: positive,
    mlpDim: positive,
    classes: positive,
    channels: positive,
  }),
  v.check(({ image, patch }) => image % patch === 0, '"image" is no multiple of "patch"'),
);

/** The generic network configuration, as JSON files, links and studies hold it. */
export const modelConfigSchema = v.variant('kind', [resnet, vit]);
