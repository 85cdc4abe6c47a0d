/** Reads the data that stand in the page and shows the report of them, or those of designs beside the page. */

import { isDesigns, parseDocument } from './model/runs.js';
import { showDesigns } from './designs.js';
import { showFailure, showReport } from './report.js';

const text = document.getElementById('data')?.textContent ?? '';
if (isDesigns(text)) {
  showDesigns();
} else {
  const { doc, error } = parseDocument(text);
  if (error) showFailure(error);
  else showReport(doc);
}
