// The slice viewer: what it shows, and how keys, pointer and controls change it.
import { element, filled, made } from './dom.js';
import { layers_of, paint, relevance_colour } from './paint.js';
import { planes } from './planes.js';

const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

export class View {
  /** `volume`: size, spacing, scan, labels, probability, relevance; `data`: the page's JSON. */
  constructor(volume, data, on_select) {
    this.data = data;
    this.words = data.words;
    this.volume = volume;
    this.volume.layers = layers_of(volume, data);
    this.on_select = on_select;
    this.canvas = element('slice');
    this.context = this.canvas.getContext('2d');
    this.state = { plane: data.plane, at: data.start, overlay: true, layer: 0, opacity: this.volume.layers[0].opacity,
      zoom: 1, pan: [0, 0], lesion: 0 };
    this.fill_layers();
    this.listen();
    this.change({ ...this.window(0, 0) });
    new ResizeObserver(() => this.resize()).observe(this.canvas);
    this.resize();
  }

  get across() { return planes[this.state.plane].across; }

  // --- what is shown -----------------------------------------------------------------------

  /** The grey values shown as black and white; brightness and contrast run from −100 to 100. */
  window(brightness, contrast) {
    const { black, white } = this.data;
    const half = ((white - black) / 2) * 4 ** (-contrast / 100);
    const middle = (black + white) / 2 - (brightness / 100) * (white - black);
    return { brightness, contrast, black: middle - half, white: middle + half };
  }

  change(part) {
    Object.assign(this.state, part);
    if (this.waiting) return;
    this.waiting = true;  // one picture a frame, however fast the wheel turns
    requestAnimationFrame(() => {
      this.waiting = false;
      this.draw();
    });
  }

  resize() {
    const ratio = window.devicePixelRatio || 1;
    const box = this.canvas.getBoundingClientRect();
    this.canvas.width = Math.max(1, Math.round(box.width * ratio));
    this.canvas.height = Math.max(1, Math.round(box.height * ratio));
    this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.draw();
  }

  draw() {
    const box = this.canvas.getBoundingClientRect();
    if (box.width === 0) return;
    this.place = paint(this.context, box.width, box.height, this.volume, this.state, this.words);
    this.show_state();
  }

  /** Puts what is shown into controls, words, and the canvas's data for programs. */
  show_state() {
    const { plane, at, overlay, opacity, zoom, layer } = this.state;
    const last = this.volume.size[this.across] - 1;
    const slices = this.data.slices[plane];
    const slider = element('slice-slider');
    slider.max = last;
    slider.value = last - at[this.across];
    slider.setAttribute('aria-valuetext', slices[at[this.across]]);
    document.querySelector(`input[name="plane"][value="${plane}"]`).checked = true;
    element('overlay').checked = overlay;
    element('opacity').value = Math.round(100 * opacity);
    element('layer').value = layer;
    element('brightness').value = this.state.brightness;
    element('contrast').value = this.state.contrast;
    element('convention').textContent = this.data.conventions[plane];
    this.canvas.classList.toggle('zoomed', zoom > 1);
    Object.assign(this.canvas.dataset, { plane, voxel: at.join(' '), x: this.place.at[0],
      y: this.place.at[1], lesion: this.state.lesion, zoom });
    this.say(`${this.words[plane]} · ${slices[at[this.across]]}${this.lesion_here()}`);
  }

  lesion_here() {
    const [x, y, z] = this.state.at;
    const { size, labels } = this.volume;
    const label = labels[x + size[0] * (y + size[1] * z)];
    if (!label) return '';
    const lesion = this.data.lesions[label - 1];
    return ` · ${lesion ? filled(this.words.here_lesion, lesion.id, lesion.volume)
      : this.words.here_small}`;
  }

  /** Seen at once, spoken when it has stayed for a moment. */
  say(words) {
    element('where').textContent = words;
    clearTimeout(this.saying);
    this.saying = setTimeout(() => { element('said').textContent = words; }, 500);
  }

  // --- moves -------------------------------------------------------------------------------

  /** Towards head, front or left by `slices`. */
  scroll(slices) {
    const at = [...this.state.at];
    at[this.across] = clamp(at[this.across] - slices, 0, this.volume.size[this.across] - 1);
    this.change({ at });
  }

  set_plane(plane) { this.change({ plane, pan: [0, 0], zoom: 1 }); }

  /** Zooms about the place where the other planes cut. */
  set_zoom(zoom) {
    const next = clamp(zoom, 1, 8);
    if (next === 1) return this.change({ zoom: 1, pan: [0, 0] });
    const box = this.canvas.getBoundingClientRect();
    const grow = next / this.state.zoom;
    const middle = [box.width / 2, box.height / 2];
    const pan = this.state.pan.map((p, i) => this.place.at[i] - middle[i]
      - grow * (this.place.at[i] - middle[i] - p));
    this.change({ zoom: next, pan });
  }

  reset() {
    this.change({ zoom: 1, pan: [0, 0], opacity: this.volume.layers[0].opacity, overlay: true,
      layer: 0, lesion: 0,
      ...this.window(0, 0) });
    this.show_legend(0);
    this.on_select(0);
  }

  /** Shows a lesion in the plane at hand. */
  show_lesion(id) {
    const lesion = this.data.lesions[id - 1];
    this.change({ at: [...lesion.voxel], lesion: id, overlay: true, zoom: 1, pan: [0, 0],
      opacity: this.state.opacity || this.volume.layers[this.state.layer].opacity });
    this.on_select(id);
  }

  /** The slice's voxel at a place on the canvas; nothing beyond it. */
  voxel_at(event) {
    const box = this.canvas.getBoundingClientRect();
    const { column, row } = planes[this.state.plane];
    const x = Math.floor((event.clientX - box.left - this.place.corner[0]) / this.place.step[0]);
    const y = Math.floor((event.clientY - box.top - this.place.corner[1]) / this.place.step[1]);
    const { size, labels } = this.volume;
    if (x < 0 || y < 0 || x >= size[column] || y >= size[row]) return undefined;
    const at = [...this.state.at];
    at[column] = x;
    at[row] = y;
    return { at, label: labels[at[0] + size[0] * (at[1] + size[1] * at[2])] };
  }

  choose(event) {
    const found = this.voxel_at(event);
    if (!found) return;
    const lesion = this.data.lesions[found.label - 1] ? found.label : 0;
    this.change({ at: found.at, lesion });
    this.on_select(lesion);
  }

  // --- keys, pointer, controls -------------------------------------------------------------

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const last = this.volume.size[this.across];
    const action = {
      ArrowUp: () => this.scroll(1), ArrowRight: () => this.scroll(1),
      ArrowDown: () => this.scroll(-1), ArrowLeft: () => this.scroll(-1),
      PageUp: () => this.scroll(10), PageDown: () => this.scroll(-10),
      Home: () => this.scroll(-last), End: () => this.scroll(last),
      1: () => this.set_plane('axial'), 2: () => this.set_plane('coronal'),
      3: () => this.set_plane('sagittal'),
      o: () => this.change({ overlay: !this.state.overlay }),
      '+': () => this.set_zoom(this.state.zoom * 1.25),
      '=': () => this.set_zoom(this.state.zoom * 1.25),
      '-': () => this.set_zoom(this.state.zoom / 1.25),
      '\u2212': () => this.set_zoom(this.state.zoom / 1.25),
    }[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!action) return;
    event.preventDefault();
    action();
  }

  wheel(event) {
    event.preventDefault();
    if (event.ctrlKey) return this.set_zoom(this.state.zoom * (event.deltaY < 0 ? 1.15 : 1 / 1.15));
    // Mice send a hundred a notch, touch pads many small steps.
    this.wheeled = (this.wheeled ?? 0) + event.deltaY * (event.deltaMode === 1 ? 33 : 1);
    const slices = Math.trunc(this.wheeled / 40);
    if (Math.abs(this.wheeled) >= 100) this.wheeled = Math.sign(this.wheeled) * 40;
    if (slices === 0) return undefined;
    this.wheeled = 0;
    return this.scroll(-Math.sign(slices));
  }

  drag(event) {
    const d = this.dragged;
    if (!d) return;
    const dx = event.clientX - d.x;
    const dy = event.clientY - d.y;
    d.moved ||= Math.hypot(dx, dy) > 4;
    if (!d.moved) return;
    if (d.button === 2) {
      this.change(this.window(clamp(d.brightness - dy / 2, -100, 100),
        clamp(d.contrast + dx / 2, -100, 100)));
    } else if (this.state.zoom > 1) {
      this.change({ pan: [d.pan[0] + dx, d.pan[1] + dy] });
    } else {
      // Fingers scroll slices sideways, so that the page itself can be moved up and down.
      const way = event.pointerType === 'touch' ? dx : dx - dy;
      const at = [...d.at];
      const slices = Math.round(way / 6);
      at[this.across] = clamp(at[this.across] - slices, 0, this.volume.size[this.across] - 1);
      this.change({ at });
    }
  }

  listen() {
    const { canvas } = this;
    canvas.addEventListener('keydown', (e) => this.key(e));
    canvas.addEventListener('wheel', (e) => this.wheel(e), { passive: false });
    canvas.addEventListener('contextmenu', (e) => e.preventDefault());
    canvas.addEventListener('pointerdown', (e) => {
      const { at, pan, brightness, contrast } = this.state;
      this.dragged = { x: e.clientX, y: e.clientY, button: e.button, at, pan, brightness, contrast };
      canvas.setPointerCapture(e.pointerId);
    });
    canvas.addEventListener('pointermove', (e) => this.drag(e));
    canvas.addEventListener('pointerup', (e) => {
      if (this.dragged && !this.dragged.moved && this.dragged.button === 0) this.choose(e);
      this.dragged = undefined;
    });
    canvas.addEventListener('pointercancel', () => { this.dragged = undefined; });
    const on = (id, event, f) => element(id).addEventListener(event, f);
    on('slice-slider', 'input', (e) => {
      const at = [...this.state.at];
      at[this.across] = this.volume.size[this.across] - 1 - e.target.value;
      this.change({ at });
    });
    for (const radio of document.querySelectorAll('input[name="plane"]')) {
      radio.addEventListener('change', () => this.set_plane(radio.value));
    }
    on('overlay', 'change', (e) => this.change({ overlay: e.target.checked }));
    on('opacity', 'input', (e) => this.change({ opacity: e.target.value / 100 }));
    const grey = () => this.change(this.window(+element('brightness').value,
      +element('contrast').value));
    on('brightness', 'input', grey);
    on('contrast', 'input', grey);
    on('reset', 'click', () => this.reset());
    on('zoom-in', 'click', () => this.set_zoom(this.state.zoom * 1.25));
    on('zoom-out', 'click', () => this.set_zoom(this.state.zoom / 1.25));
    on('layer', 'change', (e) => this.choose_layer(+e.target.value));
  }

  // --- layers ------------------------------------------------------------------------------

  fill_layers() {
    this.volume.layers.forEach((layer, i) => {
      element('layer').add(new Option(layer.name, i));
    });
    this.show_legend(0);
  }

  choose_layer(layer) {
    const { lesion, opacity } = this.volume.layers[layer];
    this.change({ layer, opacity, overlay: true });
    this.show_legend(layer);
    if (lesion && this.data.lesions[lesion - 1]) this.show_lesion(lesion);
  }

  show_legend(index) {
    const layer = this.volume.layers[index];
    const { words } = this;
    const legend = element('legend');
    const key = (colour, text) => {
      const item = made('span');
      const box = made('span', '', { class: 'key' });
      box.style.borderColor = colour;
      item.append(box, text);
      return item;
    };
    legend.replaceChildren();
    if (layer.kind === 'probability') {
      legend.append(this.bar((share) => layer.colour(Math.round(255 * (this.data.heat_from
        + share * (1 - this.data.heat_from)))), this.data.heat_from, 1),
      filled(words.from_to_probability, this.data.heat_from));
    }
    if (layer.kind === 'relevance') {
      legend.append(this.bar((share) => relevance_colour(1 + Math.round(254 * share)),
        words.relevance_against, words.relevance_for),
      filled(words.relevance_reading, layer.scale.toPrecision(2)));
    }
    legend.append(key(layer.line, words.legend_lesion), key('#57e8f7', words.legend_selected));
  }

  /** A bar of colours with a word at each end. */
  bar(colour, low, high) {
    const bar = document.createElement('canvas');
    bar.width = 128;
    bar.height = 1;
    const context = bar.getContext('2d');
    for (let i = 0; i < 128; ++i) {
      const [r, g, b, a] = colour(i / 127);
      context.fillStyle = '#3a3d42';
      context.fillRect(i, 0, 1, 1);
      context.fillStyle = `rgba(${r}, ${g}, ${b}, ${a})`;
      context.fillRect(i, 0, 1, 1);
    }
    const item = made('span', '', { class: 'bar' });
    item.append(low, bar, high);
    return item;
  }
}
