#include "dawson/training/hard_negatives.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <set>
#include <utility>

#include "dawson/core/error.h"
#include "dawson/lesions/lesions.h"
#include "dawson/nn/graph.h"

namespace dawson::training {
namespace {

constexpr std::size_t at_once = 4;  // slices a forward pass

using SliceOfScan = std::pair<std::size_t, int>;

/// Slices of one scan as a batch, padded at the right and bottom to multiples of the stride by each
/// channel's first value, as in use.
at::Tensor batch_of(const std::vector<DrawnSlice>& slices, int stride) {
  const DrawnSlice& first = slices.front();
  const auto up = [stride](int size) { return (size + stride - 1) / stride * stride; };
  std::vector<at::Tensor> images;
  for (const DrawnSlice& slice : slices) {
    const at::Tensor image =
        at::tensor(slice.image).view({slice.channels, slice.height, slice.width});
    const at::Tensor framed = image.narrow(1, 0, 1)
                                  .narrow(2, 0, 1)
                                  .expand({slice.channels, up(first.height), up(first.width)})
                                  .clone();
    framed.narrow(1, 0, slice.height).narrow(2, 0, slice.width).copy_(image);
    images.push_back(framed);
  }
  return at::stack(images);
}

/// The false lesions of a slice with these probabilities [height, width].
std::vector<HardPlace> false_lesions(const at::Tensor& probability, const DrawnSlice& slice,
                                     const SliceOfScan& where, const PooledScan& scan) {
  const at::Tensor p = probability.contiguous();
  const float* values = p.data_ptr<float>();
  std::vector<std::uint8_t> found(slice.target.size());
  for (std::size_t i = 0; i < found.size(); ++i) found[i] = values[i] > 0.5F ? 1 : 0;
  const lesions::Components components =
      lesions::find_components(found, {{slice.width, slice.height, 1}, scan.entry.spacing_mm});
  const std::size_t count = lesions::count_lesions(components);

  struct Sums {
    double probability = 0, highest = 0;
    std::size_t pixel = 0;
    bool on_target = false;
  };
  std::vector<Sums> sums(components.components.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (found[i] == 0) continue;
    Sums& s = sums[static_cast<std::size_t>(components.labels[i]) - 1];
    s.probability += values[i];
    s.on_target = s.on_target || slice.target[i] > 0;
    if (values[i] > s.highest) {
      s.highest = values[i];
      s.pixel = i;
    }
  }
  std::vector<HardPlace> places;
  for (std::size_t k = 0; k < count; ++k) {
    if (sums[k].on_target) continue;
    const auto pixel = static_cast<int>(sums[k].pixel);
    const double mean = sums[k].probability / static_cast<double>(components.components[k].voxels);
    places.push_back({{where.first, where.second, pixel % slice.width, pixel / slice.width},
                      scan.weight * mean});
  }
  return places;
}

/// False lesions of some slices of one scan.
void look_at(nn::Graph& graph, const Pool& pool, const std::vector<SliceOfScan>& slices,
             std::vector<HardPlace>& places) {
  std::vector<DrawnSlice> drawn;
  for (const auto& [scan, z] : slices) drawn.push_back(pool.cut(scan, z));
  const at::Device device = graph.parameters().front().second.device();
  const at::Tensor logits = graph.forward(batch_of(drawn, graph.stride()).to(device));
  const at::Tensor p = at::sigmoid(logits.to(at::kFloat)).cpu();
  for (std::size_t i = 0; i < drawn.size(); ++i) {
    const at::Tensor slice =
        p[static_cast<int64_t>(i)][0].narrow(0, 0, drawn[i].height).narrow(1, 0, drawn[i].width);
    const PooledScan& scan = pool.scans()[slices[i].first];
    for (HardPlace& place : false_lesions(slice, drawn[i], slices[i], scan)) {
      places.push_back(place);
    }
  }
}

}  // namespace

void HardNegatives::search(const nn::Graph& graph, const Pool& pool, int slices,
                           core::Random random, Progress& progress) {
  const at::NoGradGuard no_gradient;
  nn::Graph fast = graph.folded();
  std::set<SliceOfScan> chosen;  // in order, so that a scan's slices stand together
  for (int i = 0; i < slices; ++i) {
    const PlaceInScan place = pool.draw_brain_slice(random);
    chosen.insert({place.scan, place.z});
  }
  std::vector<HardPlace> places;
  for (const HardPlace& p : places_) {
    if (chosen.count({p.at.scan, p.at.z}) == 0) places.push_back(p);
  }
  std::vector<SliceOfScan> together;
  for (auto next = chosen.begin(); next != chosen.end();) {
    progress.check();
    together.clear();
    const std::size_t scan = next->first;
    while (next != chosen.end() && next->first == scan && together.size() < at_once) {
      together.push_back(*next++);
    }
    look_at(fast, pool, together, places);
  }
  set_places(std::move(places));
}

void HardNegatives::set_places(std::vector<HardPlace> places) {
  if (places.size() > most_places) {
    places.erase(places.begin(), places.end() - static_cast<std::ptrdiff_t>(most_places));
  }
  places_ = std::move(places);
  cumulative_.clear();
  double sum = 0;
  for (const HardPlace& p : places_) cumulative_.push_back(sum += p.weight);
}

std::optional<PlaceInScan> HardNegatives::draw(const core::Random& random, double fraction) const {
  if (places_.empty() || fraction <= 0) return std::nullopt;
  core::Random own = random.stream("hard negative");
  if (!own.chance(fraction)) return std::nullopt;
  const double mark = own.uniform(0, cumulative_.back());
  const auto chosen = std::upper_bound(cumulative_.begin(), cumulative_.end() - 1, mark);
  return places_[static_cast<std::size_t>(chosen - cumulative_.begin())].at;
}

core::Json HardNegatives::to_json() const {
  core::Json json = core::Json::array();
  for (const HardPlace& p : places_) {
    json.push_back({p.at.scan, p.at.z, p.at.x, p.at.y, p.weight});
  }
  return json;
}

HardNegatives HardNegatives::from_json(const core::Json& json, const Pool& pool) {
  const auto refuse = [] {
    throw Error(ExitCode::input, "the list of hard negatives is damaged", "checkpoint",
                "start again without --resume");
  };
  HardNegatives result;
  try {
    std::vector<HardPlace> places;
    for (const core::Json& row : json) {
      const HardPlace p{{row.at(0), row.at(1), row.at(2), row.at(3)}, row.at(4)};
      if (p.at.scan >= pool.scans().size() || !(p.weight > 0)) refuse();
      const auto& size = pool.scans()[p.at.scan].entry.size;
      const bool inside = p.at.x >= 0 && p.at.x < size[0] && p.at.y >= 0 && p.at.y < size[1] &&
                          p.at.z >= 0 && p.at.z < size[2];
      if (!inside) refuse();
      places.push_back(p);
    }
    result.set_places(std::move(places));
  } catch (const nlohmann::json::exception&) {
    refuse();
  }
  return result;
}

}  // namespace dawson::training
