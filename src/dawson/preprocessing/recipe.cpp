#include "dawson/preprocessing/recipe.h"

#include <algorithm>
#include <cmath>

#include "dawson/core/error.h"
#include "dawson/imaging/bias_field.h"
#include "dawson/imaging/morphology.h"
#include "dawson/imaging/resample.h"
#include "dawson/imaging/slice_grid.h"

namespace dawson::preprocessing {
namespace {

using anatomy::highest_intensity;
using anatomy::lowest_intensity;
using core::Json;

constexpr const char* kind = "flair-slices";
constexpr int version = 1;

void require_contrast(const volume::Image& scan) {
  const auto [low, high] = std::minmax_element(scan.data.begin(), scan.data.end());
  if (scan.data.empty() || *low == *high) {
    throw Error(ExitCode::input, "the image is constant: it shows nothing");
  }
}

void divide(volume::Image& image, const volume::Image& field) {
  for (std::size_t i = 0; i < image.data.size(); ++i) image.data[i] /= field.data[i];
}

/// Centred and scaled inside the brain, clipped; the lowest value outside `kept`.
void standardise(volume::Image& image, const volume::Mask& brain, const volume::Mask& kept) {
  const anatomy::RobustScale scale = anatomy::robust_scale(image, brain);
  for (std::size_t i = 0; i < image.data.size(); ++i) {
    const double v = (image.data[i] - scale.median) / scale.deviation;
    image.data[i] = static_cast<float>(
        kept.data[i] != 0 ? std::clamp(v, lowest_intensity, highest_intensity) : lowest_intensity);
  }
}

}  // namespace

Recipe::Recipe(RecipeSettings settings, std::shared_ptr<const anatomy::BrainFinder> brain_finder,
               std::shared_ptr<const anatomy::Atlas> atlas)
    : settings_(settings), brain_finder_(std::move(brain_finder)), atlas_(std::move(atlas)) {}

Recipe Recipe::from_json(const Json& json, std::shared_ptr<const anatomy::BrainFinder> brain_finder,
                         std::shared_ptr<const anatomy::Atlas> atlas) {
  if (json.value("kind", "") != kind || json.value("version", 0) != version) {
    throw Error(ExitCode::model, "the model wants a preprocessing that this version does not know",
                "", "use a newer dawson");
  }
  if (json.value("atlas_sha256", "") != atlas->sha256) {
    throw Error(ExitCode::model, "the model was made with another atlas than the one installed", "",
                "install model and atlas of the same version");
  }
  RecipeSettings s;
  s.in_plane_mm = json.at("in_plane_mm");
  s.slice_mm = json.at("slice_mm");
  s.margin_mm = json.at("margin_mm");
  s.brain_margin_mm = json.at("brain_margin_mm");
  s.remove_bias = json.at("remove_bias");
  return Recipe(s, std::move(brain_finder), std::move(atlas));
}

Json Recipe::to_json() const {
  return {{"kind", kind},
          {"version", version},
          {"in_plane_mm", settings_.in_plane_mm},
          {"slice_mm", settings_.slice_mm},
          {"margin_mm", settings_.margin_mm},
          {"brain_margin_mm", settings_.brain_margin_mm},
          {"remove_bias", settings_.remove_bias},
          {"intensity", "median and 1.4826 MAD of the brain, clipped to -5 … 11, -5 outside"},
          {"channels", {stack_channels[0].name, stack_channels[1].name}},
          {"atlas_sha256", atlas_->sha256},
          {"brain_model_sha256", brain_finder_ ? brain_finder_->model().weights_sha256 : "none"}};
}

Prepared Recipe::prepare(const volume::Image& scan, Progress& progress) const {
  require_contrast(scan);
  if (!brain_finder_) throw Error(ExitCode::input, "has no brain mask, and none can be found here");
  return prepare(scan, brain_finder_->find(scan, progress), progress);
}

Prepared Recipe::prepare(const volume::Image& scan, anatomy::Brain found,
                         Progress& progress) const {
  Prepared prepared;
  prepared.scan_grid = scan.grid;
  prepared.brain = std::move(found);
  const volume::Mask& brain = prepared.brain.mask;

  volume::Image corrected = scan;
  if (settings_.remove_bias) {
    progress.step("bias field");
    divide(corrected, imaging::bias_field(scan, brain, {}, progress));
  }
  progress.step("intensity and slices");
  standardise(corrected, brain, imaging::dilate_mm(brain, settings_.brain_margin_mm));
  prepared.grid = imaging::slice_grid(scan.grid, &brain, settings_.in_plane_mm, settings_.margin_mm,
                                      settings_.slice_mm);
  volume::Image slices =
      imaging::resample_smooth(corrected, prepared.grid, static_cast<float>(lowest_intensity));
  progress.step("place in MNI152");
  const imaging::Alignment alignment = anatomy::locate(brain, *atlas_, progress);
  const volume::Image frequency = imaging::resample_linear(atlas_->lesion_frequency, prepared.grid,
                                                           0.0F, alignment.fixed_to_moving);
  progress.finish();

  slices.data.insert(slices.data.end(), frequency.data.begin(), frequency.data.end());
  const volume::Grid& g = prepared.grid;
  prepared.stack = {2, g.size[2], g.size[1], g.size[0], g.spacing[2], std::move(slices.data)};
  return prepared;
}

volume::Image Recipe::restore(const Prepared& prepared, std::vector<float> probabilities) {
  return imaging::resample_linear(volume::Image(prepared.grid, std::move(probabilities)),
                                  prepared.scan_grid);
}

volume::Mask Recipe::carry(const volume::Mask& mask, const volume::Grid& grid) {
  const volume::Image share = imaging::resample_coverage(mask, grid);
  volume::Mask carried(grid);
  for (std::size_t i = 0; i < share.data.size(); ++i) {
    carried.data[i] = share.data[i] >= 0.5F ? 1 : 0;
  }
  return carried;
}

void fill_cache_entry(const bundle::Stack& stack, const volume::Grid& grid,
                      const volume::Mask& target, const volume::Mask& brain, cache::Entry& entry,
                      cache::Arrays& arrays) {
  entry.size = grid.size;
  entry.spacing_mm = grid.spacing;
  entry.affine = grid.affine();
  entry.channels.clear();
  for (std::size_t c = 0; c < static_cast<std::size_t>(stack.channels); ++c) {
    const ChannelRange& channel = stack_channels.at(c);
    entry.channels.push_back({channel.name, (channel.high - channel.low) / 255, channel.low});
  }
  arrays.image.resize(stack.values.size());
  const std::size_t voxels = grid.voxels();
  for (std::size_t i = 0; i < stack.values.size(); ++i) {
    const cache::Channel& c = entry.channels[i / voxels];
    arrays.image[i] = static_cast<std::uint8_t>(
        std::clamp(std::lround((stack.values[i] - c.offset) / c.scale), 0L, 255L));
  }
  arrays.target = target.data;
  arrays.brain = brain.data;
}

}  // namespace dawson::preprocessing
