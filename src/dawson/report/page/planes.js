// The three planes of a volume whose axes run to the patient's left (x), back (y) and feet (z).

export const planes = {
  axial: { across: 2, column: 0, row: 1, marks: ['R', 'L', 'A', 'P'] },
  coronal: { across: 1, column: 0, row: 2, marks: ['R', 'L', 'S', 'I'] },
  sagittal: { across: 0, column: 1, row: 2, marks: ['A', 'P', 'S', 'I'] },
};

/** The values of one slice, row after row. */
export function cut(values, size, plane, slice) {
  const { across, column, row } = planes[plane];
  const stride = [1, size[0], size[0] * size[1]];
  const width = size[column];
  const height = size[row];
  const out = new values.constructor(width * height);
  for (let y = 0, to = 0; y < height; ++y) {
    let from = slice * stride[across] + y * stride[row];
    for (let x = 0; x < width; ++x, ++to, from += stride[column]) out[to] = values[from];
  }
  return out;
}

/**
 * How a plane lies on a canvas: pixels a voxel along x and y, and where the slice's corner is.
 * The whole slice fits at zoom 1, in true proportions; `pan` moves it (pixels).
 */
export function fit(size, spacing, plane, width, height, zoom, pan) {
  const { column, row } = planes[plane];
  const mm = [size[column] * spacing[column], size[row] * spacing[row]];
  const per_mm = zoom * Math.min(width / mm[0], height / mm[1]);
  return {
    per_mm,
    step: [per_mm * spacing[column], per_mm * spacing[row]],
    corner: [(width - per_mm * mm[0]) / 2 + pan[0], (height - per_mm * mm[1]) / 2 + pan[1]],
    width: per_mm * mm[0],
    height: per_mm * mm[1],
  };
}
