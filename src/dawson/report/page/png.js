// Layers come as PNGs of one byte a voxel. They are unpacked here rather than by drawing them on a
// canvas: browsers limit a canvas's size, manage its colours, and some add noise to what is read
// back from it.

/** The bytes of text in base64. */
export function bytes_of(base64) {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; ++i) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** The IDAT chunks of a PNG, and its width and height. */
function parts_of(png) {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  const parts = [];
  let width = 0;
  let height = 0;
  for (let at = 8; at + 12 <= png.length;) {
    const length = view.getUint32(at);
    const type = String.fromCharCode(...png.subarray(at + 4, at + 8));
    const body = png.subarray(at + 8, at + 8 + length);
    if (type === 'IHDR') {
      width = view.getUint32(at + 8);
      height = view.getUint32(at + 12);
    }
    if (type === 'IDAT') parts.push(body);
    at += 12 + length;
  }
  return { parts, width, height };
}

async function inflated(parts) {
  const stream = new Blob(parts).stream().pipeThrough(new DecompressionStream('deflate'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Undoes the filter of a row of `width` bytes at `at`, with the row above (PNG, 9.2). */
function unfilter(kind, rows, out, from, at, width) {
  const above = at - width;
  for (let x = 0; x < width; ++x) {
    const a = x > 0 ? out[at + x - 1] : 0;
    const b = above >= 0 ? out[above + x] : 0;
    let guess = 0;
    if (kind === 1) guess = a;
    if (kind === 2) guess = b;
    if (kind === 3) guess = (a + b) >> 1;
    if (kind === 4) {
      const c = x > 0 && above >= 0 ? out[above + x - 1] : 0;
      const pa = Math.abs(b - c);
      const pb = Math.abs(a - c);
      const pc = Math.abs(a + b - 2 * c);
      guess = pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
    }
    out[at + x] = rows[from + x] + guess;
  }
}

/** The values of a grey PNG of eight bits. */
export async function values_of(png) {
  const { parts, width, height } = parts_of(png);
  const rows = await inflated(parts);
  const out = new Uint8Array(width * height);
  for (let y = 0; y < height; ++y) {
    const from = y * (width + 1);
    unfilter(rows[from], rows, out, from + 1, y * width, width);
  }
  return out;
}

/** Components of the mask from their runs (gap, length, component; each in base 128). */
export function labels_of(runs, voxels) {
  const labels = new Int32Array(voxels);
  let at = 0;
  const number = () => {
    let value = 0;
    let unit = 1;
    for (;;) {
      const byte = runs[at++];
      value += (byte & 127) * unit;
      if (byte < 128) return value;
      unit *= 128;
    }
  };
  let voxel = 0;
  while (at < runs.length) {
    voxel += number();
    const end = voxel + number();
    labels.fill(number(), voxel, end);
    voxel = end;
  }
  return labels;
}
