#include "dawson/preprocessing/recipe.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>
#include <sstream>

#include "dawson/core/error.h"
#include "dawson/imaging/bias_field.h"
#include "dawson/imaging/morphology.h"
#include "dawson/imaging/resample.h"
#include "dawson/imaging/slice_grid.h"
#include "dawson/preprocessing/other_sequence.h"

namespace dawson::preprocessing {
namespace {

using anatomy::highest_intensity;
using anatomy::lowest_intensity;
using core::Json;

constexpr const char* kind = "flair-slices";
// A FLAIR alone is prepared as ever, and read by older versions; other sequences they do not know.
constexpr int version_of_flair = 1;
constexpr int version_of_sequences = 2;

int version_of(const std::vector<std::string>& sequences) {
  return sequences.empty() ? version_of_flair : version_of_sequences;
}

void require_contrast(const volume::Image& scan) {
  const auto [low, high] = std::minmax_element(scan.data.begin(), scan.data.end());
  if (scan.data.empty() || *low == *high) {
    throw Error(ExitCode::input, "the image is constant: it shows nothing");
  }
}

core::Json names_of(const std::vector<ChannelRange>& channels) {
  Json names = Json::array();
  for (const ChannelRange& c : channels) names.push_back(c.name);
  return names;
}

/// The sequences between FLAIR and frequency of a stored recipe.
std::vector<std::string> sequences_of(const Json& json) {
  const std::vector<std::string> channels = json.at("channels");
  std::vector<std::string> sequences;
  for (const std::string& name : other_sequences()) {
    if (std::find(channels.begin(), channels.end(), name) != channels.end()) {
      sequences.push_back(name);
    }
  }
  return sequences;
}

/// The scan of that sequence, if there is one.
const volume::Image* find(const Visit& visit, const std::string& sequence) {
  for (const OtherScan& other : visit.others) {
    if (other.sequence == sequence) return &other.image;
  }
  return nullptr;
}

}  // namespace

std::vector<ChannelRange> stack_channels(const std::vector<std::string>& sequences) {
  std::vector<ChannelRange> channels = {{"FLAIR", lowest_intensity, highest_intensity}};
  for (const std::string& s : sequences) {
    channels.push_back({s, lowest_intensity, highest_intensity});
  }
  channels.push_back({"lesion_frequency", 0, 1});
  return channels;
}

const std::vector<std::string>& other_sequences() {
  static const std::vector<std::string> names = {"T1w", "T2w"};
  return names;
}

std::vector<std::string> sequences_named(const std::string& list) {
  std::set<std::string> wanted;
  std::stringstream names(list);
  for (std::string name; std::getline(names, name, ',');) {
    const auto& known = other_sequences();
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      throw Error(ExitCode::usage, "there is no sequence '" + name + "'", "--sequences",
                  "T1w, T2w, or T1w,T2w can be read beside the FLAIR");
    }
    if (!wanted.insert(name).second) {
      throw Error(ExitCode::usage, "names '" + name + "' twice", "--sequences");
    }
  }
  return {wanted.begin(), wanted.end()};  // T1w before T2w by their names as well
}

Recipe::Recipe(RecipeSettings settings, std::shared_ptr<const anatomy::BrainFinder> brain_finder,
               std::shared_ptr<const anatomy::Atlas> atlas)
    : settings_(std::move(settings)),
      brain_finder_(std::move(brain_finder)),
      atlas_(std::move(atlas)) {}

Recipe Recipe::from_json(const Json& json, std::shared_ptr<const anatomy::BrainFinder> brain_finder,
                         std::shared_ptr<const anatomy::Atlas> atlas) {
  const std::vector<std::string> sequences =
      json.contains("channels") ? sequences_of(json) : std::vector<std::string>();
  if (json.value("kind", "") != kind || json.value("version", 0) != version_of(sequences) ||
      json.value("channels", Json()) != names_of(stack_channels(sequences))) {
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
  s.sequences = sequences;
  return Recipe(s, std::move(brain_finder), std::move(atlas));
}

Json Recipe::to_json() const {
  return {{"kind", kind},
          {"version", version_of(settings_.sequences)},
          {"in_plane_mm", settings_.in_plane_mm},
          {"slice_mm", settings_.slice_mm},
          {"margin_mm", settings_.margin_mm},
          {"brain_margin_mm", settings_.brain_margin_mm},
          {"remove_bias", settings_.remove_bias},
          {"intensity", "median and 1.4826 MAD of the brain, clipped to -5 … 11, -5 outside"},
          {"channels", names_of(stack_channels(settings_.sequences))},
          {"atlas_sha256", atlas_->sha256},
          {"brain_model_sha256", brain_finder_ ? brain_finder_->model().weights_sha256 : "none"}};
}

Prepared Recipe::prepare(const Visit& visit, Progress& progress) const {
  require_contrast(visit.flair);
  if (!brain_finder_) throw Error(ExitCode::input, "has no brain mask, and none can be found here");
  return prepare(visit, brain_finder_->find(visit.flair, progress), progress);
}

Prepared Recipe::prepare(const Visit& visit, anatomy::Brain found, Progress& progress) const {
  const volume::Image& scan = visit.flair;
  Prepared prepared;
  prepared.channels = stack_channels(settings_.sequences);
  prepared.sequences = {prepared.channels.front().name};
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
  for (const std::string& name : settings_.sequences) {
    const volume::Image* other = find(visit, name);
    const std::optional<volume::Image> brought =
        other == nullptr
            ? std::nullopt
            : bring_to_flair(name, *other, scan, brain, prepared.grid, settings_, progress);
    if (brought) {
      slices.data.insert(slices.data.end(), brought->data.begin(), brought->data.end());
      prepared.sequences.push_back(name);
    } else {
      slices.data.resize(slices.data.size() + prepared.grid.voxels(),
                         static_cast<float>(lowest_intensity));
    }
  }
  progress.step("place in MNI152");
  prepared.to_mni = anatomy::locate(brain, *atlas_, progress).fixed_to_moving;
  const volume::Image frequency =
      imaging::resample_linear(atlas_->lesion_frequency, prepared.grid, 0.0F, prepared.to_mni);
  progress.finish();

  slices.data.insert(slices.data.end(), frequency.data.begin(), frequency.data.end());
  const volume::Grid& g = prepared.grid;
  prepared.stack = {static_cast<int>(prepared.channels.size()),
                    g.size[2],
                    g.size[1],
                    g.size[0],
                    g.spacing[2],
                    std::move(slices.data)};
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

void fill_cache_entry(const bundle::Stack& stack, const std::vector<ChannelRange>& channels,
                      const volume::Grid& grid, const volume::Mask& target,
                      const volume::Mask& brain, cache::Entry& entry, cache::Arrays& arrays) {
  entry.size = grid.size;
  entry.spacing_mm = grid.spacing;
  entry.affine = grid.affine();
  entry.channels.clear();
  for (std::size_t c = 0; c < static_cast<std::size_t>(stack.channels); ++c) {
    const ChannelRange& channel = channels.at(c);
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
