#include "dawson/report/case_page_data.h"

#include <cmath>

#include "dawson/report/display.h"
#include "dawson/report/heat.h"
#include "dawson/report/mosaic.h"

namespace dawson::report {
namespace {

using core::Json;

Json rounded(double value, int decimals) {
  if (!std::isfinite(value)) return nullptr;
  const double unit = std::pow(10.0, decimals);
  return std::round(value * unit) / unit;
}

/// Name, decimals, and whether it is sorted upwards at first.
Json columns(const Words& w) {
  const auto column = [](const std::string& name, int decimals, bool up = false) {
    return Json{{"name", name}, {"decimals", decimals}, {"up", up}};
  };
  return {column(w.column_id, 0, true),    column(w.column_volume, 3),
          column(w.column_extents, 1),     column(w.column_slice, 0, true),
          column(w.column_mean, 2),        column(w.column_peak, 2),
          column(w.case_page.column_x, 0), column(w.case_page.column_y, 0),
          column(w.case_page.column_z, 0), column(w.column_voxels, 0)};
}

/// In the order of `columns`, with the decimals that they show.
Json lesions(const CaseReport& r, const PageVolume& volume) {
  const auto across = static_cast<std::size_t>(display_of(r.scan->grid).across);
  Json all = Json::array();
  for (std::size_t i = 0; i < r.segmentation->lesions.size(); ++i) {
    const segmentation::Lesion& l = r.segmentation->lesions[i];
    const long slice = std::lround(r.scan->grid.to_index(l.centroid_mm)[across]) + 1;
    all.push_back(
        {{"voxel", volume.lesions[i].voxel},
         {"values",
          {l.id,
           rounded(l.volume_ml, 3),
           {rounded(l.extents_mm[0], 1), rounded(l.extents_mm[1], 1), rounded(l.extents_mm[2], 1)},
           slice,
           rounded(l.mean_probability, 2),
           rounded(l.peak_probability, 2),
           rounded(l.centroid_mm[0], 0),
           rounded(l.centroid_mm[1], 0),
           rounded(l.centroid_mm[2], 0),
           l.voxels}}});
  }
  return all;
}

Json slice_labels(const PageGrid& grid, Plane plane, std::size_t a, const Words& words) {
  Json labels = Json::array();
  for (const PageSlice& slice : page_slices(grid, a)) {
    labels.push_back(slice_label(plane, slice.number - 1, slice.position_mm, words));
  }
  return labels;
}

Json heat_colours() {
  Json colours = Json::array();
  for (int p = 0; p < 256; ++p) {
    for (const std::uint8_t part : heat_colour(p / 255.0)) colours.push_back(part);
  }
  return colours;
}

Json words(const Words& w) {
  const CasePageWords& p = w.case_page;
  return {{"axial", w.plane_axial},
          {"coronal", w.plane_coronal},
          {"sagittal", w.plane_sagittal},
          {"mm", w.mm},
          {"not_given", w.not_given},
          {"no_lesions", w.no_lesions},
          {"no_viewer", p.no_viewer},
          {"here_lesion", p.here_lesion},
          {"here_small", p.here_small},
          {"colours_lesions", p.colours_lesions},
          {"colours_probability", p.colours_probability},
          {"colours_relevance", p.colours_relevance},
          {"from_to_probability", p.from_to_probability},
          {"relevance_against", p.relevance_against},
          {"relevance_for", p.relevance_for},
          {"relevance_reading", p.relevance_reading},
          {"legend_lesion", w.legend_lesion},
          {"legend_selected", p.legend_selected},
          {"show_lesion", p.show_lesion},
          {"shown_of", p.shown_of},
          {"show_all", p.show_all}};
}

/// Within a script element "<" would be read as markup in "</script" and "<!--".
std::string harmless(const std::string& json) {
  std::string out;
  for (const char c : json) {
    if (c == '<') {
      out += "\\u003c";
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace

std::string page_data(const CaseReport& r, const PageVolume& volume) {
  const Words& w = *r.words;
  const PageGrid& grid = volume.grid;
  const Plane plane = display_of(r.scan->grid).plane;
  Json relevance = Json::array();
  for (const PageRelevance& layer : volume.relevance) {
    relevance.push_back({{"lesion", layer.lesion_id}, {"scale", layer.scale}});
  }
  const volume::Index3 middle{grid.size[0] / 2, grid.size[1] / 2, grid.size[2] / 2};
  const Json data = {{"size", grid.size},
                     {"spacing", grid.grid.spacing},
                     {"plane", plane == Plane::axial     ? "axial"
                               : plane == Plane::coronal ? "coronal"
                                                         : "sagittal"},
                     {"start", volume.lesions.empty() ? middle : volume.lesions.front().voxel},
                     {"black", volume.black},
                     {"white", volume.white},
                     {"slices",
                      {{"axial", slice_labels(grid, Plane::axial, 2, w)},
                       {"coronal", slice_labels(grid, Plane::coronal, 1, w)},
                       {"sagittal", slice_labels(grid, Plane::sagittal, 0, w)}}},
                     {"conventions",
                      {{"axial", convention(Plane::axial, w)},
                       {"coronal", convention(Plane::coronal, w)},
                       {"sagittal", convention(Plane::sagittal, w)}}},
                     {"heat_from", heat_from},
                     {"heat_colours", heat_colours()},
                     {"relevance", relevance},
                     {"columns", columns(w)},
                     {"lesions", lesions(r, volume)},
                     {"words", words(w)}};
  return harmless(data.dump(-1, ' ', false, Json::error_handler_t::replace));
}

}  // namespace dawson::report
