/** The pages that the tests open, each written once. */

import { documentOf, enriched, writePage } from '../support/data.mjs';

const DOCUMENTS = {
  alexnet: () => documentOf(['alexnet']),
  enriched: () => { const doc = documentOf(['alexnet']); doc.runs[0].result = enriched(doc.runs[0].result); return doc; },
  resnet50: () => documentOf(['resnet50']),
  three: () => documentOf(['kws', 'kws_diannao', 'kws_shidiannao', 'offload', 'big_little']),
  tiny: () => documentOf(['tiny']),
};

const written = new Map();

/** @returns {{file: string, doc: object}} */
export function pageOf(name) {
  if (!written.has(name)) {
    const doc = DOCUMENTS[name]();
    written.set(name, { doc, file: writePage(name, doc) });
  }
  return written.get(name);
}
