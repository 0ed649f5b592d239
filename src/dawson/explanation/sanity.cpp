#include "dawson/explanation/sanity.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "dawson/imaging/morphology.h"

namespace dawson::explanation {
namespace {

constexpr double pointing_tolerance_mm = 2;

/// Relevance of the FLAIR channel at these voxels.
std::vector<float> values_at(const Map& map, const std::vector<std::size_t>& voxels) {
  std::vector<float> values;
  values.reserve(voxels.size());
  for (const std::size_t voxel : voxels) values.push_back(map.values.values[voxel]);
  return values;
}

void point(const Map& map, const Region& region, const volume::Grid& grid, Sanity& sanity) {
  const auto begin = map.values.values.begin();
  const auto most = std::max_element(begin, begin + static_cast<std::ptrdiff_t>(grid.voxels()));
  const volume::Image distance = imaging::distance_to_mm(region.mask(grid));
  sanity.pointing_distance_mm = distance.data[static_cast<std::size_t>(most - begin)];
  sanity.points_at_region = sanity.pointing_distance_mm <= pointing_tolerance_mm;
}

/// The decision's fall at each of deleted_shares when voxels go in this order.
std::vector<double> deletion_curve(const Explainer& explainer, const Region& region,
                                   const std::vector<std::size_t>& order, double sign,
                                   double decision, Progress& progress) {
  constexpr float brain_median = 0;
  bundle::Stack stack = explainer.prepared().stack;
  std::vector<double> drops;
  std::size_t deleted = 0;
  for (const double share : deleted_shares) {
    const auto until =
        static_cast<std::size_t>(std::lround(share * static_cast<double>(order.size())));
    for (; deleted < until; ++deleted) stack.values[order[deleted]] = brain_median;
    drops.push_back(sign * (decision - explainer.decision(stack, region)));
    progress.advance();
  }
  return drops;
}

void delete_voxels(const Explainer& explainer, const Region& region, double sign,
                   const std::vector<std::size_t>& around, const std::vector<float>& relevance,
                   core::Random random, Sanity& sanity, Progress& progress) {
  const double decision = explainer.decision(explainer.prepared().stack, region);
  std::vector<std::size_t> by_relevance(around.size());
  std::iota(by_relevance.begin(), by_relevance.end(), std::size_t{0});
  std::stable_sort(by_relevance.begin(), by_relevance.end(),
                   [&](std::size_t a, std::size_t b) { return relevance[a] > relevance[b]; });
  for (std::size_t& place : by_relevance) place = around[place];
  std::vector<std::size_t> by_chance = around;
  for (std::size_t i = by_chance.size(); i > 1; --i) {
    std::swap(by_chance[i - 1], by_chance[random.below(i)]);
  }
  sanity.drop_most_relevant =
      deletion_curve(explainer, region, by_relevance, sign, decision, progress);
  sanity.drop_random = deletion_curve(explainer, region, by_chance, sign, decision, progress);
  const auto mean = [](const std::vector<double>& v) {
    return std::accumulate(v.begin(), v.end(), 0.0) / static_cast<double>(v.size());
  };
  sanity.mean_drop_most_relevant = mean(sanity.drop_most_relevant);
  sanity.mean_drop_random = mean(sanity.drop_random);
}

/// Ranks from 0, ties sharing their mean.
std::vector<double> ranks(const std::vector<float>& values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  std::vector<double> rank(values.size());
  for (std::size_t i = 0; i < order.size();) {
    std::size_t end = i;
    while (end < order.size() && values[order[end]] == values[order[i]]) ++end;
    for (std::size_t k = i; k < end; ++k) rank[order[k]] = 0.5 * static_cast<double>(i + end - 1);
    i = end;
  }
  return rank;
}

}  // namespace

double rank_correlation(const std::vector<float>& a, const std::vector<float>& b) {
  const std::vector<double> x = ranks(a), y = ranks(b);
  const double mean = 0.5 * (static_cast<double>(x.size()) - 1);
  double xx = 0, yy = 0, xy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    xx += (x[i] - mean) * (x[i] - mean);
    yy += (y[i] - mean) * (y[i] - mean);
    xy += (x[i] - mean) * (y[i] - mean);
  }
  return xx > 0 && yy > 0 ? xy / std::sqrt(xx * yy) : std::numeric_limits<double>::quiet_NaN();
}

Region thinned(const Region& region, const volume::Grid& grid, std::size_t count) {
  const std::vector<int> all = region.slices(grid);
  if (all.size() <= count) return region;
  std::vector<int> kept;
  for (std::size_t i = 0; i < count; ++i) {
    kept.push_back(all[(2 * i + 1) * all.size() / (2 * count)]);
  }
  return region.within(kept, grid);
}

Sanity check(const Explainer& explainer, const Region& region, const Map& map,
             const MapSettings& settings, const core::Random& random, Progress& progress) {
  const preprocessing::Prepared& prepared = explainer.prepared();
  const std::vector<std::size_t> around = neighbourhood(region, prepared, explainer.slice_input());
  const std::vector<float> relevance = values_at(map, around);
  Sanity sanity;
  point(map, region, prepared.grid, sanity);
  progress.step("deletion", 2 * deleted_shares.size());
  delete_voxels(explainer, region, settings.healthy ? -1 : 1, around, relevance,
                random.stream("deletion"), sanity, progress);
  if (settings.method == Method::occlusion) return sanity;
  for (std::size_t i = 0; i < randomised_shares.size(); ++i) {
    const auto other = explainer.randomised(randomised_shares[i], random.stream("weights", i));
    const Map map_of_other = other->map(region, settings, progress);
    sanity.rank_correlation.push_back(rank_correlation(relevance, values_at(map_of_other, around)));
  }
  return sanity;
}

}  // namespace dawson::explanation
