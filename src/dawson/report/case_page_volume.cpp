#include "dawson/report/case_page_volume.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>

#include "dawson/lesions/lesions.h"
#include "dawson/report/case_page_relevance.h"
#include "dawson/report/display.h"
#include "dawson/report/heat.h"
#include "dawson/report/picture.h"

namespace dawson::report {
namespace {

using Bytes = std::vector<std::uint8_t>;

/// At first: 1 mm heads with skull stay in their own voxels, and a browser holds it easily.
constexpr std::size_t most_voxels_at_first = 7'000'000;
/// Of the bytes that may be used, for the scan; the rest is for masks and relevance.
constexpr double scan_share = 0.75;
/// Grey values beyond the window that is shown first, in parts of its width: so that a reader can
/// look at what is darker or brighter.
constexpr double darker = 0.1, brighter = 0.4;

std::uint8_t to_byte(double value) {
  return static_cast<std::uint8_t>(std::lround(std::clamp(value, 0.0, 255.0)));
}

/// Calls f(offset in the page's grid, x, y, z) for each block.
template <typename F>
void for_each_block(const PageGrid& page, F f) {
  std::size_t offset = 0;
  for (int z = 0; z < page.size[2]; ++z) {
    for (int y = 0; y < page.size[1]; ++y) {
      for (int x = 0; x < page.size[0]; ++x, ++offset) f(offset, volume::Index3{x, y, z});
    }
  }
}

/// Offsets into the scan's array of the positions along x, y or z.
std::array<std::vector<std::size_t>, 3> offsets_along(const PageGrid& page) {
  std::array<std::vector<std::size_t>, 3> offsets;
  for (std::size_t a = 0; a < 3; ++a) {
    const auto axis = static_cast<std::size_t>(page.axis[a]);
    std::size_t stride = 1;
    for (std::size_t below = 0; below < axis; ++below) {
      stride *= static_cast<std::size_t>(page.scan.size[below]);
    }
    for (int p = 0; p < page.scan.size[axis]; ++p) {
      offsets[a].push_back(stride * static_cast<std::size_t>(page.in_scan(a, p)));
    }
  }
  return offsets;
}

/// Calls f(offset in the scan's array) for each of a block's voxels that lie in the scan.
template <typename F>
void for_each_voxel_of(const PageGrid& page, const std::array<std::vector<std::size_t>, 3>& offsets,
                       const volume::Index3& block, F f) {
  std::array<std::size_t, 3> begin{}, end{};
  for (std::size_t a = 0; a < 3; ++a) {
    begin[a] = static_cast<std::size_t>(page.along(a, block[a], 0));
    end[a] = std::min(begin[a] + static_cast<std::size_t>(page.step[a]), offsets[a].size());
  }
  for (std::size_t z = begin[2]; z < end[2]; ++z) {
    for (std::size_t y = begin[1]; y < end[1]; ++y) {
      for (std::size_t x = begin[0]; x < end[0]; ++x) {
        f(offsets[0][x] + offsets[1][y] + offsets[2][z]);
      }
    }
  }
}

/// Each block's mean, as `byte` turns it into one.
template <typename F>
Bytes bytes_of(const PageGrid& page, const volume::Image& image, F byte) {
  const auto offsets = offsets_along(page);
  Bytes bytes(page.voxels());
  for_each_block(page, [&](std::size_t at, const volume::Index3& block) {
    double sum = 0;
    int voxels = 0;
    for_each_voxel_of(page, offsets, block, [&](std::size_t v) {
      sum += image.data[v];
      ++voxels;
    });
    bytes[at] = byte(sum / voxels);
  });
  return bytes;
}

std::string png_of(const PageGrid& page, const Bytes& bytes) {
  // A slice below the other; side by side where that would be higher than libpng takes.
  const bool high = static_cast<std::int64_t>(page.size[1]) * page.size[2] <= 1'000'000;
  const int width = high ? page.size[0] : page.size[0] * page.size[1];
  const int height = high ? page.size[1] * page.size[2] : page.size[2];
  return encode_grey_png(bytes, width, height);
}

void add_scan(PageVolume& out, const volume::Image& scan, const Window& window) {
  const double width = window.white - window.black;
  const double low = window.black - darker * width;
  const double per_unit = 255 / ((1 + darker + brighter) * width);
  out.black = to_byte((window.black - low) * per_unit);
  out.white = to_byte((window.white - low) * per_unit);
  out.scan_png = png_of(out.grid, bytes_of(out.grid, scan, [&](double value) {
                          return to_byte((value - low) * per_unit);
                        }));
}

/// The component that most of a block's marked voxels belong to, if half of the block is marked.
std::int32_t label_of_block(std::map<std::int32_t, int>& found, int voxels) {
  std::int32_t best = 0;
  int most = 0, marked = 0;
  for (const auto& [label, n] : found) {
    marked += n;
    if (n <= most) continue;
    most = n;
    best = label;
  }
  return 2 * marked >= voxels ? best : 0;
}

std::vector<std::int32_t> labels_of(const PageGrid& page, const lesions::Components& found) {
  const auto offsets = offsets_along(page);
  std::vector<std::int32_t> labels(page.voxels(), 0);
  std::vector<bool> shown(found.components.size() + 1, false);
  std::map<std::int32_t, int> in_block;
  for_each_block(page, [&](std::size_t at, const volume::Index3& block) {
    in_block.clear();
    int voxels = 0;
    for_each_voxel_of(page, offsets, block, [&](std::size_t v) {
      ++voxels;
      if (found.labels[v] != 0) ++in_block[found.labels[v]];
    });
    if (in_block.empty()) return;
    labels[at] = label_of_block(in_block, voxels);
    shown[static_cast<std::size_t>(labels[at])] = true;
  });
  // None gets lost: what fills no block by half has the one where its first voxel lies.
  for (const lesions::Component& c : found.components) {
    if (shown[static_cast<std::size_t>(c.label)]) continue;
    volume::Index3 voxel{};
    std::size_t rest = c.first_voxel;
    for (std::size_t axis = 0; axis < 3; ++axis) {
      const auto n = static_cast<std::size_t>(page.scan.size[axis]);
      voxel[axis] = static_cast<int>(rest % n);
      rest /= n;
    }
    const volume::Index3 block = page.block_of(voxel);
    labels[page.grid.offset(block[0], block[1], block[2])] = c.label;
  }
  return labels;
}

void append_number(std::string& bytes, std::size_t number) {
  for (; number >= 128; number /= 128) bytes += static_cast<char>(128 + number % 128);
  bytes += static_cast<char>(number);
}

std::string runs_of(const std::vector<std::int32_t>& labels) {
  std::string runs;
  std::size_t end_of_last = 0;
  for (std::size_t v = 0; v < labels.size();) {
    if (labels[v] == 0) {
      ++v;
      continue;
    }
    std::size_t end = v;
    while (end < labels.size() && labels[end] == labels[v]) ++end;
    append_number(runs, v - end_of_last);
    append_number(runs, end - v);
    append_number(runs, static_cast<std::size_t>(labels[v]));
    end_of_last = v = end;
  }
  return runs;
}

/// Where each lesion is shown (PageLesion).
std::vector<PageLesion> places_of(const PageGrid& page, const std::vector<std::int32_t>& labels,
                                  const std::vector<segmentation::Lesion>& lesions) {
  struct Nearest {
    volume::Index3 slice_voxel{};  ///< the block that holds the centre of mass
    double slices = std::numeric_limits<double>::infinity(), mm2 = slices;
  };
  std::vector<Nearest> nearest(lesions.size());
  std::vector<PageLesion> places(lesions.size());
  for (std::size_t l = 0; l < lesions.size(); ++l) {
    volume::Index3 voxel{};
    const volume::Vector3 centre = page.scan.to_index(lesions[l].centroid_mm);
    for (std::size_t a = 0; a < 3; ++a) voxel[a] = static_cast<int>(std::lround(centre[a]));
    nearest[l].slice_voxel = page.block_of(voxel);
    places[l] = {lesions[l].id, nearest[l].slice_voxel};
  }
  const int across = display_of(page.scan).across;
  const auto a = static_cast<std::size_t>(std::find(page.axis.begin(), page.axis.end(), across) -
                                          page.axis.begin());
  for_each_block(page, [&](std::size_t at, const volume::Index3& block) {
    const auto label = static_cast<std::size_t>(labels[at]);
    if (label == 0 || label > lesions.size()) return;
    Nearest& best = nearest[label - 1];
    const double slices = std::abs(block[a] - best.slice_voxel[a]);
    if (slices > best.slices) return;
    const volume::Vector3 here =
        page.grid.to_world({double(block[0]), double(block[1]), double(block[2])});
    double mm2 = 0;
    for (std::size_t w = 0; w < 3; ++w) {
      mm2 += std::pow(here[w] - lesions[label - 1].centroid_mm[w], 2);
    }
    if (slices == best.slices && mm2 >= best.mm2) return;
    best.slices = slices;
    best.mm2 = mm2;
    places[label - 1].voxel = block;
  });
  return places;
}

void add_relevance(PageVolume& out, const CaseReport& report, std::size_t most_bytes) {
  std::size_t used = 0;
  for (const RelevanceFile& file : report.relevance) {
    const volume::Image image = read_relevance(file.path, report.scan->grid);
    PageRelevance layer{file.lesion_id, relevance_scale(image), {}};
    const double per_unit = layer.scale > 0 ? 127 / layer.scale : 0;
    layer.png = png_of(out.grid, bytes_of(out.grid, image, [&](double value) {
                         return to_byte(128 + std::clamp(value * per_unit, -127.0, 127.0));
                       }));
    if (used + layer.png.size() > most_bytes) {
      out.relevance_left_out.push_back(file.lesion_id);
      continue;
    }
    used += layer.png.size();
    out.relevance.push_back(std::move(layer));
  }
}

}  // namespace

PageVolume page_volume(const CaseReport& report, std::size_t most_bytes) {
  const segmentation::Segmentation& s = *report.segmentation;
  const volume::Mask* brain = s.brain_mask.data.empty() ? nullptr : &s.brain_mask;
  const Window window = window_of(*report.scan, brain);
  PageVolume out;
  const double scan_bytes = scan_share * static_cast<double>(most_bytes);
  for (std::size_t most = most_voxels_at_first;;) {
    out.grid = page_grid(report.scan->grid, s.brain_mask, s.lesion_mask, most);
    add_scan(out, *report.scan, window);
    if (static_cast<double>(out.scan_png.size()) <= scan_bytes || out.grid.voxels() < 1000) break;
    most = out.grid.voxels() * 2 / 3;
  }
  if (!s.probabilities.data.empty()) {
    out.probability_png =
        png_of(out.grid, bytes_of(out.grid, s.probabilities, [](double p) -> std::uint8_t {
                 return p < heat_from ? 0 : to_byte(255 * p);
               }));
  }
  const lesions::Components found = lesions::find_components(
      s.lesion_mask.data, {s.lesion_mask.grid.size, s.lesion_mask.grid.spacing});
  const std::vector<std::int32_t> labels = labels_of(out.grid, found);
  out.labels = runs_of(labels);
  out.lesions = places_of(out.grid, labels, s.lesions);
  const std::size_t used = out.scan_png.size() + out.probability_png.size() + out.labels.size();
  add_relevance(out, report, most_bytes - std::min(most_bytes, used));
  return out;
}

}  // namespace dawson::report
