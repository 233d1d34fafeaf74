import * as v from 'valibot';

/** Listing a billion layers would freeze the page, and a link or file may ask for them. Far more than any network has. */
const MOST = { blocks: 256, width: 65_536 };
const positive = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MOST.width));
const blocks = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MOST.blocks));
const stages = <T extends typeof positive | typeof blocks>(each: T) =>
  v.pipe(v.array(each), v.minLength(1), v.maxLength(16));

const resnet = v.pipe(
  v.object({
    kind: v.literal('resnet'),
    stem: v.picklist(['cifar', 'imagenet']),
    block: v.picklist(['basic', 'bottleneck']),
    layers: stages(blocks),
    widths: stages(positive),
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
    depth: blocks,
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
