// What one slice looks like: the scan in grey, colours over it, outlines, marks.
import { cut, fit, planes } from './planes.js';

const orange = [230, 158, 0];
const cyan = '#57e8f7';

/** The colours of relevance: against in blue, for in vermilion, the more the fuller. */
export function relevance_colour(byte) {
  const share = (byte - 128) / 127;
  return share < 0 ? [86, 180, 233, Math.min(1, -share)] : [240, 96, 32, Math.min(1, share)];
}

function picture(width, height, paint_pixels) {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d');
  const image = context.createImageData(width, height);
  paint_pixels(image.data);
  context.putImageData(image, 0, 0);
  return canvas;
}

function grey(values, width, height, black, white) {
  const table = new Uint8ClampedArray(256);
  for (let v = 0; v < 256; ++v) table[v] = (255 * (v - black)) / Math.max(1, white - black);
  return picture(width, height, (pixels) => {
    for (let i = 0; i < values.length; ++i) {
      pixels[4 * i] = pixels[4 * i + 1] = pixels[4 * i + 2] = table[values[i]];
      pixels[4 * i + 3] = 255;
    }
  });
}

/** `colour` gives red, green, blue (0–255) and opacity (0–1) of a value, or nothing. */
function coloured(values, width, height, opacity, colour) {
  return picture(width, height, (pixels) => {
    for (let i = 0; i < values.length; ++i) {
      const c = values[i] ? colour(values[i]) : undefined;
      if (!c) continue;
      pixels[4 * i] = c[0];
      pixels[4 * i + 1] = c[1];
      pixels[4 * i + 2] = c[2];
      pixels[4 * i + 3] = 255 * opacity * c[3];
    }
  });
}

/** The edges between voxels inside and outside, as `inside(label)` says. */
function outline(labels, width, height, place, inside) {
  const path = new Path2D();
  const at = (x, y) => x >= 0 && y >= 0 && x < width && y < height && inside(labels[y * width + x]);
  const line = (x0, y0, x1, y1) => {
    path.moveTo(place.corner[0] + x0 * place.step[0], place.corner[1] + y0 * place.step[1]);
    path.lineTo(place.corner[0] + x1 * place.step[0], place.corner[1] + y1 * place.step[1]);
  };
  for (let y = 0; y < height; ++y) {
    for (let x = 0; x < width; ++x) {
      if (!labels[y * width + x] || !at(x, y)) continue;
      if (!at(x - 1, y)) line(x, y, x, y + 1);
      if (!at(x + 1, y)) line(x + 1, y, x + 1, y + 1);
      if (!at(x, y - 1)) line(x, y, x + 1, y);
      if (!at(x, y + 1)) line(x, y + 1, x + 1, y + 1);
    }
  }
  return path;
}

function stroke(context, path, colour, width) {
  context.lineJoin = context.lineCap = 'round';
  context.strokeStyle = 'rgba(0, 0, 0, 0.55)';
  context.lineWidth = width + 1.6;
  context.stroke(path);
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.stroke(path);
}

/** Light text with a dark seam, so that it reads on bright skin too. */
function text(context, words, x, y, align, baseline) {
  context.textAlign = align;
  context.textBaseline = baseline;
  context.lineWidth = 3;
  context.lineJoin = 'round';
  context.strokeStyle = 'rgba(9, 10, 13, 0.85)';
  context.strokeText(words, x, y);
  context.fillStyle = '#f5f7fa';
  context.fillText(words, x, y);
}

function marks(context, plane, width, height, place, mm) {
  const [left, right, top, bottom] = planes[plane].marks;
  context.font = '600 15px "Noto Sans", system-ui, sans-serif';
  text(context, left, 8, height / 2, 'left', 'middle');
  text(context, right, width - 8, height / 2, 'right', 'middle');
  text(context, top, width / 2, 6, 'center', 'top');
  text(context, bottom, width / 2, height - 6, 'center', 'bottom');
  const length = [5, 10, 20, 50].find((l) => l * place.per_mm >= 40) ?? 50;
  context.font = '12px "Noto Sans", system-ui, sans-serif';
  text(context, `${length} ${mm}`, 10, height - 16, 'left', 'bottom');
  context.fillStyle = '#f5f7fa';
  context.fillRect(10, height - 12, length * place.per_mm, 3);
}

/** Short lines at the edges where the other two planes cut. */
function ticks(context, at, width, height) {
  context.strokeStyle = 'rgba(245, 247, 250, 0.9)';
  context.lineWidth = 1.5;
  context.beginPath();
  for (const [x0, y0, x1, y1] of [[at[0], 0, at[0], 9], [at[0], height - 9, at[0], height],
    [0, at[1], 9, at[1]], [width - 9, at[1], width, at[1]]]) {
    context.moveTo(x0, y0);
    context.lineTo(x1, y1);
  }
  context.stroke();
}

/**
 * Paints what `state` says of `volume` (view.js has both) and returns how it lies (planes.js),
 * with `at`, the middle of the state's voxel on the canvas.
 */
export function paint(context, width, height, volume, state, words) {
  const { size, spacing } = volume;
  const { across, column, row } = planes[state.plane];
  const place = fit(size, spacing, state.plane, width, height, state.zoom, state.pan);
  const slice = state.at[across];
  const columns = size[column];
  const rows = size[row];
  const draw = (source, smooth) => {
    context.imageSmoothingEnabled = smooth;
    context.imageSmoothingQuality = 'high';
    context.drawImage(source, ...place.corner, place.width, place.height);
  };
  context.fillStyle = '#090a0d';
  context.fillRect(0, 0, width, height);
  draw(grey(cut(volume.scan, size, state.plane, slice), columns, rows, state.black, state.white),
    true);
  place.at = [place.corner[0] + (state.at[column] + 0.5) * place.step[0],
    place.corner[1] + (state.at[row] + 0.5) * place.step[1]];

  if (state.overlay && state.opacity > 0) {
    const labels = cut(volume.labels, size, state.plane, slice);
    const layer = volume.layers[state.layer];
    const values = layer.values === volume.labels ? labels
      : cut(layer.values, size, state.plane, slice);
    draw(coloured(values, columns, rows, state.opacity, layer.colour), false);
    context.globalAlpha = Math.min(1, 2 * state.opacity);
    stroke(context, outline(labels, columns, rows, place, (l) => l !== 0 && l !== state.lesion),
      layer.line, 1.4);
    if (state.lesion) {
      stroke(context, outline(labels, columns, rows, place, (l) => l === state.lesion), cyan, 2.4);
    }
    context.globalAlpha = 1;
  }
  ticks(context, place.at, width, height);
  marks(context, state.plane, width, height, place, words.mm);
  return place;
}

/** What a reader may choose to see in colour, with the opacity that each begins with. */
export function layers_of(volume, data) {
  const heat = data.heat_colours;
  const layers = [{ name: data.words.colours_lesions, kind: 'lesions', values: volume.labels,
    opacity: 0.45, colour: () => [...orange, 0.6], line: '#e69e00' }];
  if (volume.probability) {
    layers.push({ name: data.words.colours_probability, kind: 'probability',
      values: volume.probability, opacity: 0.75, line: '#ffffff',
      colour: (p) => [heat[3 * p], heat[3 * p + 1], heat[3 * p + 2], 1] });
  }
  for (const { lesion, scale, values } of volume.relevance) {
    layers.push({ name: data.words.colours_relevance.replace('{0}', lesion), kind: 'relevance',
      lesion, scale, values, opacity: 0.8, line: '#ffffff', colour: relevance_colour });
  }
  return layers;
}
