/** A layer's mapping as lines of a loop nest. */

/**
 * @param {object} layer
 * @returns {?Array<{depth: number, level: string, dimension: string, factor: number, kind: string, spatial: ?string,
 *   remainder: ?number, text: string}>} from outermost; null where the result has no `loop_nest`
 */
export function nestModel(layer) {
  if (!Array.isArray(layer.loop_nest) || !layer.loop_nest.length) return null;
  return layer.loop_nest.map((loop, depth) => {
    const spatial = loop.kind.startsWith('spatial') ? loop.kind.replace('spatial_', '') : null;
    const head = `${spatial ? 'parallel for' : 'for'} ${loop.dimension} in 0 … ${loop.factor - 1}`;
    const step = loop.step > 1 ? `, ${loop.step} at a time` : '';
    const last = loop.remainder ? `, the last ${loop.remainder}` : '';
    return { ...loop, depth, spatial, remainder: loop.remainder ?? null, text: head + step + last };
  });
}

/** Names of the levels, from outermost. */
export const levelsOf = (nest) => [...new Set(nest.map((loop) => loop.level))];

/** What is shown where there is no `loop_nest`: the readable text, or the mapping as its file says it. */
export const nestText = (layer) => layer.loop_text ?? layer.mapping ?? '';
