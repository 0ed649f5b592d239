// Opens the page: unpacks the layers and joins viewer and table.
import { element } from './dom.js';
import { bytes_of, labels_of, values_of } from './png.js';
import { LesionTable } from './table.js';
import { View } from './view.js';

/** The bytes of a layer, whose text is then let go of. */
function layer(id) {
  const holder = element(id);
  if (!holder) return undefined;
  const bytes = bytes_of(holder.textContent.trim());
  holder.remove();
  return bytes;
}

async function volume_of(data) {
  const values = async (id) => {
    const png = layer(id);
    return png && values_of(png);
  };
  const [scan, probability] = await Promise.all([values('layer-scan'), values('layer-probability')]);
  const relevance = await Promise.all(data.relevance.map(async ({ lesion, scale }) => (
    { lesion, scale, values: await values(`layer-relevance-${lesion}`) })));
  return { size: data.size, spacing: data.spacing, scan, probability, relevance,
    labels: labels_of(layer('layer-labels'), scan.length) };
}

/** Brings the viewer into sight where it and the table do not stand side by side. */
function show_viewer() {
  const box = element('slice').getBoundingClientRect();
  if (box.bottom > window.innerHeight || box.top < 0) {
    element('viewer').scrollIntoView({ block: 'start' });
  }
}

async function open_page() {
  const data = JSON.parse(element('case-data').textContent);
  data.lesions.forEach((lesion) => {
    lesion.id = lesion.values[0];
    lesion.volume = lesion.values[1].toFixed(data.columns[1].decimals);
  });
  let view;
  const table = new LesionTable(data, (id) => {
    if (!view) return;
    view.show_lesion(id);
    show_viewer();
  });
  element('bench').hidden = false;
  let volume;
  try {
    volume = await volume_of(data);
  } catch (error) {
    element('viewer-note').textContent = data.words.no_viewer;
    console.warn(error);
    return;
  }
  element('viewer-body').hidden = false;
  element('viewer-note').hidden = true;
  view = new View(volume, data, (id) => table.mark(id));
  document.documentElement.dataset.ready = 'true';
}

await open_page();
